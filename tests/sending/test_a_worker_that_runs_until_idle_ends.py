"""`worker --until-idle` ends when nothing is left that it can bring on, and waits for nothing that people must do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from addon import clock
from addon.domain.access import Database
from addon.domain.mailboxes import operations as mailboxes
from addon.integrations.jobs.in_process import InProcessJobs
from addon.models import OutgoingState
from addon.worker import Worker
from tests.sending.workers import campaign_for
from tests.sending.world import World, world

PATIENCE = 20.0
"""Seconds after which a worker counts as one that never ends."""


@pytest.fixture
def office(tmp_path: Path, sqlite: Database) -> Iterator[World]:
    with world(tmp_path, sqlite, people=0, daily_cap=400) as made:
        yield made


def run_until_idle(made: World) -> bool:
    """True if it ended by itself."""
    jobs = InProcessJobs(2)
    worker = Worker(made.database, made.settings, made.google.accounts, jobs)
    jobs.start()
    running = threading.Thread(target=worker.run_until_idle, daemon=True)
    running.start()
    running.join(PATIENCE)
    ended = not running.is_alive()
    worker.stop()
    jobs.stop(5.0)
    running.join(5.0)
    return ended


def test_when_every_mail_has_left(office: World) -> None:
    campaign_for(office, 5)

    assert run_until_idle(office)
    assert office.states_of_all() == {OutgoingState.SENT: 5}


def test_when_the_grant_is_lost(office: World) -> None:
    campaign_for(office, 5)
    office.revoke()

    assert run_until_idle(office)
    assert office.states_of_all() == {OutgoingState.DUE: 5}


def test_when_the_daily_cap_is_reached_and_one_mail_is_uncertain(tmp_path: Path, sqlite: Database) -> None:
    with world(tmp_path, sqlite, people=1, daily_cap=1, quiet_seconds=0.2) as made:
        draft_id = made.leave_permitted()
        with made.opened() as mailbox:
            mailbox.delete_draft(draft_id)
        made.attend()
        made.one_more_person()

        assert run_until_idle(made)


def test_when_the_run_is_paused(office: World) -> None:
    office.one_more_person()
    office.pause()

    assert run_until_idle(office)
    assert office.states_of_all() == {OutgoingState.DUE: 1}


def test_a_launch_that_was_interrupted_is_brought_to_its_end_first(office: World) -> None:
    campaign_for(office, 12, interrupted=True)
    assert office.states_of_all() == {}

    assert run_until_idle(office)
    assert office.states_of_all() == {OutgoingState.SENT: 12}


def test_disconnecting_in_the_middle_of_a_turn_stops_the_mails_that_have_not_left(office: World) -> None:
    campaign_for(office, 4)
    office.when_created(lambda: _disconnect(office))

    office.attend()

    assert office.gmail.outside.counts() == {}
    assert OutgoingState.SENT not in office.states_of_all()


def _disconnect(made: World) -> None:
    with made.database.writing(made.viewer) as session:
        mailboxes.disconnect(session, made.mailbox_id, at=clock.now())
