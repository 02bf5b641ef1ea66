"""The engine wakes, it never remembers: thrown away in mid-campaign, it costs time and no mail."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from addon.domain.access import Database
from addon.integrations.jobs.in_process import InProcessJobs
from addon.models import OutgoingState
from addon.worker import Worker
from tests.sending.workers import Progress, campaign_for
from tests.sending.world import World, world

PEOPLE = 24


@pytest.fixture
def office(tmp_path: Path, sqlite: Database) -> Iterator[World]:
    with world(tmp_path, sqlite, people=0, tick_seconds=0.05) as made:
        yield made


@contextmanager
def _at_work(made: World) -> Iterator[Worker]:
    jobs = InProcessJobs(2)
    worker = Worker(made.database, made.settings, made.google.accounts, jobs)
    ticking = threading.Thread(target=worker.run)
    jobs.start()
    ticking.start()
    try:
        yield worker
    finally:
        worker.stop()
        jobs.stop(10)
        ticking.join()


def test_an_engine_thrown_away_in_mid_campaign_changes_nothing(office: World) -> None:
    progress = Progress(office)
    campaign_for(office, PEOPLE)
    with _at_work(office):
        assert progress.wait_for(5)

    with _at_work(office):
        assert progress.wait_for(PEOPLE - progress.left)
    office.attend_until(lambda: set(office.states_of_all()) == {OutgoingState.SENT})

    assert set(office.gmail.outside.counts().values()) == {1}
    assert len(office.gmail.outside.counts()) == PEOPLE


def test_a_worker_that_is_told_to_stop_ends_between_two_mails(office: World) -> None:
    progress = Progress(office)
    campaign_for(office, PEOPLE)
    with _at_work(office):
        assert progress.wait_for(3)

    states = office.states_of_all()

    assert set(states) <= {OutgoingState.SENT, OutgoingState.DUE}
    assert office.drafts() == 0


@pytest.mark.parametrize("answer", ["create_draft", "send_draft"])
def test_a_disk_that_is_full_when_gmail_has_answered_loses_no_mail_and_doubles_none(office: World, answer: str) -> None:
    campaign_for(office, 3)
    with _full_disk_after(office, answer), pytest.raises(OperationalError):
        office.attend()

    office.attend_until(lambda: set(office.states_of_all()) == {OutgoingState.SENT})

    assert set(office.gmail.outside.counts().values()) == {1}
    assert office.drafts() == 0


@contextmanager
def _full_disk_after(made: World, answer: str) -> Iterator[None]:
    """Every commit fails as SQLite's does on a full disk, once Gmail has answered this call."""
    full = False

    def meddle(mailbox: Any) -> Any:
        call = getattr(mailbox, answer)

        def answered(*given: Any, **named: Any) -> Any:
            nonlocal full
            got = call(*given, **named)
            full = True
            return got

        setattr(mailbox, answer, answered)
        return mailbox

    def refuse(_connection: Any) -> None:
        if full:
            raise OperationalError("COMMIT", {}, sqlite3.OperationalError("database or disk is full"))

    made.meddle = meddle
    event.listen(made.database.engine, "commit", refuse)
    try:
        yield
    finally:
        event.remove(made.database.engine, "commit", refuse)
        made.meddle = lambda mailbox: mailbox
