"""The whole demo while its world runs an hour a second and leaps by days: mails go out once, and answers come.

One demo, served, with its own worker; three people of the cast: a scanner, somebody who answers after three days, and
an address to which the first try comes late.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
import requests
from sqlalchemy import func, select

from addon.domain import tables
from addon.domain.access import Viewer, doors
from addon.domain.campaigns import answers, importing
from addon.domain.verdicts import Kind as Verdict
from addon.models import Mailbox, Outgoing, Suppression
from addon.sandbox import demo, world_clock
from addon.sandbox.demo import Demo
from addon.sandbox.folder import Folder
from addon.sandbox.gmail import Gmail
from addon.sandbox.people import CAST, Kind, answering
from addon.sandbox.people.scanning import scan

ANNA = "anna@halyard.example"
PATIENCE = 180.0
"""Seconds of real time, for a machine that does other things, too."""

LISTED = [next(one for one in CAST if one.kind is kind) for kind in (Kind.SCANNER, Kind.SLOW, Kind.SOFT_BOUNCE)]


@pytest.fixture
def served(tmp_path: Path, clock: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    for name, value in {"TICK": "0.1", "POLL": "0.5"}.items():
        monkeypatch.setenv(f"DEALTHREAD_{name}_SECONDS", value)
    folder = Folder.open(tmp_path / "demo")
    with demo.listen(0) as listening:
        here = demo.start(listening, folder)
        web = threading.Thread(target=here.web.run, daemon=True)
        web.start()
        try:
            yield here
        finally:
            here.close()  # once more does nothing
            web.join(5)
            folder.close()


def begin_campaign(here: Demo, viewer: Viewer) -> int:
    rows = "".join(f"{one.email},{one.name.split()[0]}\n" for one in LISTED)
    with here.house.database.reading(viewer) as session:
        mailbox_id = session.scalars(select(Mailbox.id).where(Mailbox.email == ANNA)).one()
    draft = importing.Draft(
        mailbox_id=mailbox_id,
        name="Fast",
        subject="A plan for your ramps",
        body="Hello {{ first_name }},\n\nmay I show you a plan?\n\nAnna",
        table=tables.read(f"email,first name\n{rows}".encode(), "people.csv"),
    )
    writing = functools.partial(here.house.database.writing, viewer)
    now = world_clock.reading().now
    campaign_id = importing.create_campaign(writing, draft, at=now)
    importing.launch_campaign(writing, campaign_id, at=now)
    return campaign_id


def until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.05)


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many links each scan found open."""
    found: list[int] = []

    def noting(raw: bytes, stopped: Callable[[], bool]) -> None:
        found.append(scan(raw, stopped))

    monkeypatch.setattr(answering, "scan", noting)
    return found


def test_a_campaign_in_a_world_that_runs_and_leaps(scans: list[int], served: Demo, tmp_path: Path) -> None:
    database = served.house.database
    viewer = doors.user_by_address(database, ANNA)

    world_clock.run(3600)
    campaign_id = begin_campaign(served, viewer)

    def counts() -> dict[Verdict, int]:
        with database.reading(viewer) as session:
            return answers.counts(session, campaign_id)

    def sent() -> int:
        with database.reading(viewer) as session:
            return session.scalar(select(func.count(Outgoing.id)).where(Outgoing.state == "sent")) or 0

    until(lambda: sent() == 3, "every mail is sent")
    world_clock.run(60)
    world_clock.forward(timedelta(days=3, hours=1))
    until(lambda: counts() == {Verdict.HUMAN: 3, Verdict.DELAY: 1}, "the answers are in")
    world_clock.forward(timedelta(days=10))
    assert requests.get(served.house.settings.url("/readyz"), timeout=20).text == "ready\n"
    before = world_clock.reading().now

    assert [opened >= 2 for opened in scans] == [True], "the link to stop was opened, in both ways"
    with database.reading(viewer) as session:
        assert session.scalars(select(Suppression)).all() == []

    served.close()
    assert world_clock.reading().speed == 1, "no years pass while the demo is not running"
    assert world_clock.reading().now >= before
    gmail = Gmail(tmp_path / "demo" / "mailboxes.db")
    assert set(gmail.outside.counts().values()) == {1}, "nobody got it twice"
    gmail.close()
