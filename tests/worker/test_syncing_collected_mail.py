"""The loop on real mail: everything collected syncs to the end, and no report or automatic mail moves a deal."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from addon.domain.access import Database
from addon.domain.contacts import addresses
from addon.domain.verdicts import envelope, judge
from addon.models import Message, Sighting
from tests.domain.team_at_work import JANE, team_at_work
from tests.worker.covered import covered

AUTOMATIC = {"bounce", "delay", "auto_reply", "auto_generated", "complaint", "dsn_delivered", "unsubscribe"}

MESSAGE_ID = re.compile(rb"^message-id:[^\n]*", re.IGNORECASE | re.MULTILINE)


@pytest.fixture(params=[pytest.param(4, id="a quarter"), pytest.param(1, id="all", marks=pytest.mark.long)])
def every(request: pytest.FixtureRequest) -> int:
    """Every how many-th mail is taken: judging all of them is the bench's, and here each is a transaction."""
    return int(request.param)


def labelled(corpora: Path) -> list[tuple[str, str | None]]:
    rows = [json.loads(line) for line in (corpora / "expected.jsonl").read_text().splitlines()]
    return [(row["file"], row["class"]) for row in rows]


def test_all_of_it_syncs_to_the_end(
    tmp_path: Path, sqlite: Database, corpora: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with covered(tmp_path, sqlite, monkeypatch) as inbox:
        inbox.team.standard_rule()
        arrived = {inbox.arrive((corpora / file).read_bytes()) for file, _ in labelled(corpora)}

        inbox.sync_to_the_end(turns=3)

        assert inbox.looked_at() == arrived
        assert inbox.count(Sighting) == len(arrived)
        assert inbox.count(Message) == 0, "none of it concerns this team: reports are read, and let go"


def test_nothing_that_a_machine_wrote_moves_a_deal(sqlite: Database, corpora: Path, every: int) -> None:
    team = team_at_work(sqlite)
    team.standard_rule()
    deal_id = team.deal()
    team.sent(deal_id=deal_id)

    moved = [
        file
        for file, kind in labelled(corpora)[::every]
        if kind in AUTOMATIC and team.receive((corpora / file).read_bytes()).moved
    ]

    assert moved == []
    assert team.stage(deal_id) == "New"


def test_what_people_answered_moves_theirs(sqlite: Database, corpora: Path, every: int) -> None:
    team = team_at_work(sqlite)
    team.standard_rule()
    moved = 0
    replies = [file for file, kind in labelled(corpora) if kind == "reply"][::every]
    for number, file in enumerate(replies):
        # Many were wrapped into mails with one and the same Message-ID, which would make them one mail.
        raw = MESSAGE_ID.sub(b"Message-ID: <%d@example.com>" % number, (corpora / file).read_bytes(), count=1)
        person = addresses.clean(envelope(raw).from_address) or JANE
        team.sent(thread=f"t{number}", gmail_id=f"s{number}", deal_id=team.deal(person=person))
        moved += team.receive(raw, thread=f"t{number}").moved

    # A quarter of them is dummy Latin, or in a language that nobody here reads: in doubt nothing moves.
    understood = [file for file in replies if judge((corpora / file).read_bytes()).facts.understood]
    assert len(understood) > 0.7 * len(replies)
    assert moved > 0.9 * len(understood)
