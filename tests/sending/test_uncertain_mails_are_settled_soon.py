"""When a fault ends and Gmail answers, nothing stays uncertain for longer than two minutes that can be known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from addon import clock
from addon.domain.access import Database
from addon.models import Mailbox, Outgoing, OutgoingState
from addon.worker.periodic import Clockwork
from tests.sending.world import World, world

PERSON = "person0@acme.example"


@pytest.fixture
def unsure(tmp_path: Path, database: Database) -> Iterator[World]:
    """Its thread changed, the answer was lost, and history is late: nobody can tell yet."""
    with world(tmp_path, database) as made:
        made.gmail.faults.add(kind="thread_changes", method="drafts.send")
        made.gmail.faults.add(kind="hangup_after", method="drafts.send")
        made.gmail.faults.add(kind="history_late", seconds=600)
        made.attend()
        assert (made.states(), made.got(PERSON)) == ({OutgoingState.UNCERTAIN: 1}, 1)
        yield made


def wanted_after(made: World, seconds: float) -> bool:
    """Whether the tick would wake the mailbox, so long after it was read, if nobody had cause to look at the mail."""
    with made.database.writing(made.viewer) as session:
        session.execute(update(Mailbox).values(synced_at=clock.real_now() - timedelta(seconds=seconds)))
        session.execute(update(Outgoing).values(look_at=9e12))
    return bool(Clockwork(made.database, made.settings).wanting())


def test_a_mailbox_with_an_uncertain_mail_is_read_every_minute(unsure: World) -> None:
    assert not wanted_after(unsure, 50)
    assert wanted_after(unsure, 61)


def test_the_next_reading_after_the_fault_settles_it(unsure: World) -> None:
    unsure.gmail.faults.clear()

    unsure.attend()

    assert (unsure.states(), unsure.got(PERSON)) == ({OutgoingState.SENT: 1}, 1)


def test_while_history_is_late_a_draft_that_the_rep_deleted_stays_uncertain_and_is_withdrawn_after(
    tmp_path: Path, database: Database
) -> None:
    with world(tmp_path, database) as made:
        made.attend_until(made.settled)
        made.one_more_person()
        draft_id = made.leave_permitted()
        made.gmail.faults.add(kind="history_late", seconds=600)
        with made.opened() as mailbox:
            mailbox.delete_draft(draft_id)
        for _ in range(3):
            made.attend()
            made.hurry()
        during = made.states()
        made.gmail.faults.clear()
        made.attend_until(made.settled)

        assert during == {OutgoingState.SENT: 1, OutgoingState.UNCERTAIN: 1}
        assert made.states() == {OutgoingState.SENT: 1, OutgoingState.WITHDRAWN: 1}


def test_a_lost_cursor_leaves_a_deleted_draft_no_more_uncertain_than_a_look_back_can(one_deleted: World) -> None:
    one_deleted.gmail.history.expire(one_deleted.gmail.accounts.get("anna@halyard.example"))

    one_deleted.attend_until(one_deleted.settled)

    assert one_deleted.states() == {OutgoingState.SENT: 1, OutgoingState.WITHDRAWN: 1}


@pytest.fixture
def one_deleted(tmp_path: Path, database: Database) -> Iterator[World]:
    """One mail went; of another the rep deleted the permitted draft."""
    with world(tmp_path, database) as made:
        made.attend_until(made.settled)
        made.one_more_person()
        draft_id = made.leave_permitted()
        with made.opened() as mailbox:
            mailbox.delete_draft(draft_id)
        yield made
