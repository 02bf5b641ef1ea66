"""The bench says what it promises to say. What its figures come to is for people to judge: no time is asserted."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from addon.domain.verdicts import judge
from addon.integrations.google.identity import GoogleIdentity
from bench import proofs
from bench.mails import everyday
from bench.measuring import TINY, Figure, Spoilt, Taken
from bench.rewriting import rewritten
from bench.world import world
from bench.zero_work_gmail import HEAD, ZeroWorkGmail, gmail_id

ROOT = Path(__file__).parent.parent.parent
SIMULATOR = ["sim_send_rate", "sim_send_100k_vs_10k", "sim_history_page"]
WORLD = ["card_vs_bare", "send_rate", "send_cpu", "sync_rate", *SIMULATOR, "move_p99_under_load"]
BOARDS = ["board_1m_vs_10k", "board_vs_queries", "filtered_vs_queries", "move_1m_vs_10k", "search_100k"]
NAMES = [*WORLD, "corpus", "verdict_rate", "verdict_worst", *BOARDS]


def bench(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "bench", *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=400, env={**os.environ, **environment}
    )


def corpus(folder: Path) -> str:
    """A folder of two mails and of what is expected of them: a bounce, and a mail that is expected to be one."""
    folder.mkdir()
    dsn, _, answer, *_ = everyday(6)
    (folder / "a.eml").write_bytes(dsn)
    (folder / "b.eml").write_bytes(answer)
    label = {"class": "bounce", "recipient": "p0@gone.example", "severity": "hard", "label_source": "sisimai"}
    rows = [{"file": "a.eml", **label}, {"file": "b.eml", "class": "bounce"}]
    (folder / "expected.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return str(folder)


def test_json_is_one_document_with_every_figure_beside_the_least_it_can_cost(tmp_path):
    run = bench("--tiny", "--json", DEALTHREAD_CORPUS=corpus(tmp_path / "mails"))

    assert (run.returncode, run.stderr) == (0, "")
    figures = json.loads(run.stdout)
    assert list(figures) == NAMES
    for figure in figures.values():
        assert list(figure)[:4] == ["value", "unit", "beside", "ratio"]
        assert figure["value"] > 0
        assert figure["beside"] > 0
        assert figure["ratio"] == pytest.approx(figure["value"] / figure["beside"], rel=0.01)


def test_the_table_shows_one_figure_the_pragmas_and_that_forged_tokens_are_refused():
    run = bench("--tiny", "--only", "sync_rate")

    assert (run.returncode, run.stderr) == (0, "")
    assert "journal_mode=wal, synchronous=2, foreign_keys=1" in run.stdout
    assert "genuine: 200, forged system token: 401, forged user token: 401, no token: 401" in run.stdout
    assert [name for name in NAMES if name in run.stdout] == ["sync_rate"]


def test_the_verdicts_on_real_mails_are_told_with_what_is_still_wrong_and_why(tmp_path):
    run = bench("--only", "corpus", DEALTHREAD_CORPUS=corpus(tmp_path / "mails"))

    assert (run.returncode, run.stderr) == (0, "")
    told = " ".join(run.stdout.split())
    assert "2 mails judged, 0 exceptions" in told
    assert "bounces and delays found 50.0% (1 of 2)" in told
    assert "right recipients 100.0% (1 of 1)" in told
    assert "hard or soft 100.0% (1 of 1)" in told
    assert "not found b.eml: bounce expected, human told | nothing speaks for another kind; From: ana" in told


def test_without_real_mails_that_is_said_and_nothing_fails(tmp_path):
    run = bench("--only", "corpus", DEALTHREAD_CORPUS=str(tmp_path))

    assert run.returncode == 0
    assert "corpus: left out. There are no real mails to judge" in run.stderr


@pytest.mark.parametrize("raw", everyday(6))
def test_a_rewritten_mail_is_another_mail_that_says_the_same(raw):
    before, after = judge(raw), judge(rewritten(raw))

    assert (after.facts.kind, after.reply_text) == (before.facts.kind, before.reply_text)
    assert after.facts.recipients == before.facts.recipients
    assert after.envelope.message_id != before.envelope.message_id
    assert after.envelope.date != before.envelope.date
    assert rewritten(raw) == rewritten(raw)


def test_a_figure_that_does_not_exist_is_refused_with_those_that_do():
    run = bench("--only", "speed")

    assert run.returncode == 2
    assert run.stdout == ""
    assert all(name in run.stderr for name in NAMES)


def test_a_run_in_which_forged_tokens_pass_is_worth_nothing(monkeypatch):
    monkeypatch.setattr(GoogleIdentity, "addon_call", lambda _self, _token, *, url: None)

    with world(TINY) as made, pytest.raises(Spoilt, match="Tokens are not verified"):
        proofs.verification(made)


def test_a_connection_that_does_not_wait_for_the_disk_spoils_the_run(tmp_path):
    seen = proofs.Seen()
    connection = seen.connections[0] = sqlite3.connect(tmp_path / "quick.db")
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")

    with pytest.raises(Spoilt, match="'synchronous': 1"):
        seen.pragmas()

    connection.close()


def test_what_stands_in_the_document_is_the_ratio_of_ours_to_the_bare_one():
    assert Figure(36.22, "ms", 1.0671, "a route").as_json() == {
        "value": 36.22,
        "unit": "ms",
        "beside": 1.067,
        "ratio": 33.94,
    }


def test_the_typical_round_is_the_one_in_the_middle():
    assert Taken(wall=[1.0, 9.0, 2.0], cpu=[0.1, 0.2, 0.3]).typical_wall == 2.0


def test_history_of_the_zero_work_gmail_goes_on_from_any_place_until_it_is_covered():
    gmail = ZeroWorkGmail(b"{}", 600)

    first = json.loads(gmail.answer("GET", "/gmail/v1/users/me/history?startHistoryId=40") or b"")
    second = json.loads(gmail.answer("GET", "/gmail/v1/users/me/history?startHistoryId=40&pageToken=500") or b"")
    covered = json.loads(gmail.answer("GET", f"/gmail/v1/users/me/history?startHistoryId={HEAD}") or b"")

    ids = [record["messagesAdded"][0]["message"]["id"] for page in (first, second) for record in page["history"]]
    assert ids == [gmail_id(number) for number in range(41, 641)]
    assert (first["historyId"], second["historyId"], second.get("nextPageToken")) == ("640", "640", None)
    assert covered == {"historyId": str(HEAD)}
