"""`explain-mail` says what a mail is and why, without any installation."""

from __future__ import annotations

import json
import os
import tracemalloc

import pytest
from click.testing import CliRunner

from addon.cli import cli
from tests.domain.verdicts.mails import bounce, mail

KEYS = ["file", "kind", "recipients", "severity", "evidence", "said", "reply_text"]


@pytest.fixture
def explain(monkeypatch, tmp_path):
    """Runs the command in a folder of its own, with no DEALTHREAD_* set at all."""
    for name in [name for name in os.environ if name.startswith("DEALTHREAD_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        return CliRunner().invoke(cli, ["explain-mail", *map(str, arguments)], prog_name="dealthread")

    return run


@pytest.fixture
def folder(tmp_path):
    """Three mails, one of them in a folder within, and one that is not called a mail."""
    (tmp_path / "mails" / "b").mkdir(parents=True)
    (tmp_path / "mails" / "c.eml").write_bytes(mail("How much does it cost?\n\nOn Monday, Bob wrote:\n> Shall we?\n"))
    (tmp_path / "mails" / "b" / "one.EML").write_bytes(bounce())
    (tmp_path / "mails" / "a.eml").write_bytes(mail("Bom dia \u202e\x1b]0;me\x07 שלום", auto_submitted="auto-replied"))
    (tmp_path / "mails" / "notes.txt").write_bytes(mail("Not now."))
    return tmp_path / "mails"


def told(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_mail_of_a_folder_is_one_line_of_json_in_order(explain, folder):
    result = explain("mails", "--json")

    assert result.exit_code == 0, result.output
    assert [line["file"] for line in told(result)] == ["mails/a.eml", "mails/b/one.EML", "mails/c.eml"]
    assert all(list(line) == KEYS for line in told(result))


def test_a_bounce_names_whom_it_did_not_reach_and_how_bad_it_is(explain, folder):
    [line] = told(explain("mails/b/one.EML", "--json"))

    assert (line["kind"], line["recipients"], line["severity"]) == ("bounce", ["cid@gone.test"], "hard")
    assert line["evidence"][0]["kind"] == "report"
    assert set(line["evidence"][0]) == {"kind", "name", "text", "position"}


def test_a_mail_that_is_only_late_has_no_severity(explain, folder):
    late = (folder / "b" / "one.EML").read_bytes().replace(b"failed", b"delayed").replace(b"5.1.1", b"4.4.1")
    (folder / "late.eml").write_bytes(late)

    [line] = told(explain("mails/late.eml", "--json"))

    assert (line["kind"], line["severity"]) == ("delay", None)


def test_what_was_said_is_quoted_with_its_place_in_the_reply_text(explain, folder):
    [line] = told(explain("mails/c.eml", "--json"))
    price = next(hit for hit in line["said"] if hit["what"] == "price")

    assert line["kind"] == "human"
    assert line["severity"] is None
    assert line["reply_text"] == "How much does it cost?"
    assert set(price) == {"what", "phrase", "sentence", "position", "when", "refers_to"}
    assert line["reply_text"][price["position"] :].startswith(price["sentence"])


def test_a_file_that_is_named_is_judged_whatever_its_name(explain, folder):
    assert [line["file"] for line in told(explain("mails/notes.txt", "--json"))] == ["mails/notes.txt"]


def test_own_addresses_may_be_named(explain, folder):
    [line] = told(explain("mails/c.eml", "--json", "--own", "ANA@acme.test"))

    assert line["kind"] == "own"


def test_what_cannot_be_read_is_said_and_the_rest_is_judged(explain, folder, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "mails" / "lost.eml").symlink_to(tmp_path / "nowhere")

    result = explain("gone.eml", "mails", "empty", "--json")

    assert result.exit_code == 1
    assert len(told(result)) == 3
    assert result.stderr.splitlines() == [
        "gone.eml: there is no such file or folder.",
        "mails/lost.eml: there is no such file or folder.",
        "empty: there are no .eml files in this folder.",
    ]


@pytest.mark.parametrize("content", [b"", b"\x7fELF\x02\x01\x00\xff", b"root:x:0:0:root:/root:/bin/bash\n"])
def test_what_is_no_mail_is_called_that(explain, tmp_path, content):
    (tmp_path / "something").write_bytes(content)

    result = explain("something")

    assert (result.exit_code, "this is no mail" in result.output) == (1, True)


def test_a_file_of_several_mails_is_not_taken_for_one(explain, tmp_path):
    (tmp_path / "takeout.mbox").write_bytes(
        b"From a@b Mon Mar 3\n" + mail("One.") + b"\n\nFrom a@b Mon Mar 3\n" + mail("Two.")
    )

    result = explain("takeout.mbox", "--json")

    assert (result.exit_code, "several mails" in result.output, '"kind"' in result.output) == (1, True, False)


def test_the_page_marks_the_sentence_that_decided(explain, folder):
    page = explain("mails/c.eml").stdout

    assert page.startswith("mails/c.eml: Answer\n")
    assert "Asks for the price: “How much does it cost?”" in page
    assert "\n    »How much does it cost?«\n" in page


def test_the_page_says_why_and_about_whom(explain, folder):
    page = explain("mails/b").stdout

    assert "cid@gone.test: this address is dead (5.1.1)" in page
    assert "Report delivery-status: " in page


def test_a_mail_cannot_play_with_the_terminal(explain, folder):
    page = explain("mails/a.eml").stdout

    assert page.startswith("mails/a.eml: Automatic reply\n")
    assert "שלום" in page
    assert not {"\x1b", "\x07", "\u202e"}.intersection(page)


def test_many_mails_take_the_memory_of_one(explain, tmp_path):
    (tmp_path / "many").mkdir()
    for number in range(60):
        (tmp_path / "many" / f"{number}.eml").write_bytes(mail("Yes, let's talk.\n" + "x" * 500_000))
    tracemalloc.start()

    result = explain("many", "--own", "bob@dealer.test", "--json")

    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(result.stdout.splitlines()) == 60
    assert highest < 20_000_000
