"""Law 5, one mail at a time: what each answer of Gmail, and none, makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from addon import clock
from addon.domain.access import Database
from addon.domain.activity import queries as activity
from addon.domain.outgoing import operations as outgoing
from addon.domain.suppressions import operations as suppressions
from addon.models import OutgoingState, SuppressionReason, SuppressionScope
from tests.sending.world import World, world

PERSON = "person0@acme.example"


@pytest.fixture
def one(tmp_path: Path, database: Database) -> Iterator[World]:
    with world(tmp_path, database) as made:
        yield made


def test_a_due_mail_is_sent_and_recorded(one: World) -> None:
    one.attend()

    [row] = one.rows()
    assert (one.got(PERSON), row.state, one.drafts()) == (1, OutgoingState.SENT, 0)
    assert row.gmail_message_id
    assert row.gmail_thread_id


def test_another_turn_sends_nothing_again(one: World) -> None:
    one.attend()
    one.attend()

    assert one.got(PERSON) == 1


@pytest.mark.parametrize("method", ["drafts.create", "drafts.send"])
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "401"},
        {"kind": "error", "reason": "rateLimitExceeded"},
        {"kind": "error", "reason": "userRateLimitExceeded"},
        {"kind": "429", "retry_after": 0},
        {"kind": "500"},
        {"kind": "500_after"},
        {"kind": "503"},
        {"kind": "503_after"},
        {"kind": "timeout_before"},
        {"kind": "timeout_after"},
        {"kind": "timeout_late", "seconds": 0.2},
        {"kind": "hangup_before"},
        {"kind": "hangup_after"},
    ],
    ids=lambda fault: fault.get("reason") or fault["kind"],
)
def test_after_a_fault_the_person_has_it_once_and_no_draft_stays(one: World, method: str, fault: dict) -> None:
    one.gmail.faults.add(method=method, **fault)

    one.attend()
    one.gmail.faults.settle(5)
    one.attend_until(one.settled)
    one.attend_until(lambda: one.drafts() == 0)

    assert one.got(PERSON) == 1
    assert one.states() == {OutgoingState.SENT: 1}


@pytest.mark.parametrize("method", ["drafts.create", "drafts.send"])
@pytest.mark.parametrize("status", ["400", "413"])
def test_a_refusal_for_good_fails_this_mail_and_leaves_no_draft(one: World, method: str, status: str) -> None:
    one.gmail.faults.add(method=method, kind=status)

    one.attend()

    assert one.states() == {OutgoingState.FAILED: 1}
    assert (one.got(PERSON), one.drafts()) == (0, 0)


def test_a_wait_of_more_than_ten_minutes_takes_the_draft_back(one: World) -> None:
    one.gmail.faults.add(method="drafts.send", kind="429", retry_after=3600)

    one.attend()
    assert (one.states(), one.drafts(), one.got(PERSON)) == ({OutgoingState.DUE: 1}, 0, 0)

    one.hurry()
    one.attend()
    assert (one.states(), one.got(PERSON)) == ({OutgoingState.SENT: 1}, 1)


def test_a_suppression_before_the_permit_stops_the_mail(one: World) -> None:
    one.suppress(PERSON)

    one.attend()

    assert (one.states(), one.got(PERSON), one.drafts()) == ({OutgoingState.STOPPED: 1}, 0, 0)


def test_a_suppression_while_gmail_answers_the_create_stops_the_mail(one: World) -> None:
    one.when_created(lambda: one.suppress(PERSON))

    one.attend()

    assert (one.states(), one.got(PERSON), one.drafts()) == ({OutgoingState.STOPPED: 1}, 0, 0)


def test_a_suppression_after_the_permit_recalls_the_draft_at_take_over(one: World) -> None:
    one.leave_permitted()
    one.suppress(PERSON)

    one.attend()

    assert (one.states(), one.got(PERSON), one.drafts()) == ({OutgoingState.STOPPED: 1}, 0, 0)


def test_a_pause_takes_a_permitted_draft_back_and_resuming_sends_it_once(one: World) -> None:
    one.leave_permitted()
    with one.database.writing(one.viewer) as session:
        outgoing.pause_run(session, one.run_id, at=clock.now())

    one.attend()
    assert (one.states(), one.got(PERSON), one.drafts()) == ({OutgoingState.DUE: 1}, 0, 0)

    with one.database.writing(one.viewer) as session:
        outgoing.resume_run(session, one.run_id)
    one.attend()
    assert (one.states(), one.got(PERSON)) == ({OutgoingState.SENT: 1}, 1)


def test_a_permitted_draft_that_the_rep_edited_is_held_and_not_sent(one: World) -> None:
    draft_id = one.leave_permitted()
    one.edit_draft(draft_id)

    one.attend()

    assert (one.states(), one.got(PERSON), one.drafts()) == ({OutgoingState.HELD: 1}, 0, 1)


def test_a_permitted_draft_that_the_rep_sent_counts_as_sent(one: World) -> None:
    draft_id = one.leave_permitted()
    with one.opened() as mailbox:
        mailbox.send_draft(draft_id)

    one.attend()

    assert (one.states(), one.got(PERSON)) == ({OutgoingState.SENT: 1}, 1)


def test_a_permitted_draft_that_the_rep_deleted_is_uncertain_first_and_then_withdrawn(one: World) -> None:
    draft_id = one.leave_permitted()
    with one.opened() as mailbox:
        mailbox.delete_draft(draft_id)

    one.attend_until(one.settled)

    assert (one.states(), one.got(PERSON)) == ({OutgoingState.WITHDRAWN: 1}, 0)


def test_while_the_minute_is_not_quiet_a_vanished_draft_stays_uncertain(tmp_path: Path, database: Database) -> None:
    with world(tmp_path, database, quiet_seconds=60.0) as patient:
        draft_id = patient.leave_permitted()
        with patient.opened() as mailbox:
            mailbox.delete_draft(draft_id)

        patient.attend()
        patient.attend()

        assert patient.states() == {OutgoingState.UNCERTAIN: 1}


def test_a_restored_backup_sends_nothing_that_went_out_after_it(one: World) -> None:
    before = one.backup()
    one.attend()
    one.restore(before)
    assert one.states() == {OutgoingState.DUE: 1}

    one.attend()

    assert (one.states(), one.got(PERSON), one.drafts()) == ({OutgoingState.SENT: 1}, 1, 0)


def test_a_lost_grant_leaves_the_permitted_mail_for_after_the_reconnect(one: World) -> None:
    one.leave_permitted()
    one.revoke()

    one.attend()
    assert one.states() == {OutgoingState.PERMITTED: 1}

    one.reconnect()
    one.attend()
    assert (one.states(), one.got(PERSON)) == ({OutgoingState.SENT: 1}, 1)


def test_with_a_deactivated_owner_the_draft_is_taken_back_and_nothing_is_sent(one: World) -> None:
    one.leave_permitted()
    one.deactivate_owner()

    one.attend()

    assert (one.states(), one.got(PERSON), one.drafts()) == ({OutgoingState.DUE: 1}, 0, 0)


def test_a_lifted_suppression_lets_later_mails_go(one: World) -> None:
    with one.database.writing(one.viewer) as session:
        row = suppressions.suppress(
            session,
            one.rows()[0].address_key,
            scope=SuppressionScope.CAMPAIGNS,
            reason=SuppressionReason.BY_HAND,
            at=clock.now(),
        )
        suppressions.lift(session, row, at=clock.now())

    one.attend()

    assert one.got(PERSON) == 1


def _make_uncertain(made: World) -> int:
    draft_id = made.leave_permitted()
    with made.opened() as mailbox:
        mailbox.delete_draft(draft_id)
    made.attend()
    return made.rows()[0].id


def test_an_uncertain_mail_is_sent_again_only_when_a_person_says_so(tmp_path: Path, database: Database) -> None:
    with world(tmp_path, database, quiet_seconds=60.0) as patient:
        row = _make_uncertain(patient)
        patient.attend()
        assert (patient.states(), patient.got(PERSON)) == ({OutgoingState.UNCERTAIN: 1}, 0)

        with patient.database.writing(patient.viewer) as session:
            outgoing.send_anyway(session, row, at=clock.now())
        patient.attend()

        assert (patient.states(), patient.got(PERSON)) == ({OutgoingState.SENT: 1}, 1)


def test_what_a_person_says_of_an_uncertain_mail_stands_in_the_diary(tmp_path: Path, database: Database) -> None:
    with world(tmp_path, database, quiet_seconds=60.0) as patient:
        row = _make_uncertain(patient)

        with patient.database.writing(patient.viewer) as session:
            outgoing.look_again(session, row, at=clock.now())
            outgoing.treat_as_sent(session, row, at=clock.now())

        with patient.database.reading(patient.viewer) as session:
            kinds = [entry.kind for entry in activity.of_subject(session, "outgoing", row)]
        assert kinds == ["outgoing.treated_as_sent", "outgoing.looked_for"]


def test_a_mailbox_sends_no_more_than_its_own_daily_cap(tmp_path: Path, database: Database) -> None:
    with world(tmp_path, database, people=3, daily_cap=2) as capped:
        capped.attend()
        capped.attend()

        assert capped.states() == {OutgoingState.SENT: 2, OutgoingState.DUE: 1}


def test_gmails_units_are_not_overspent_in_any_minute(tmp_path: Path, database: Database) -> None:
    with world(tmp_path, database, people=5, units_per_minute=400) as paced:
        attended = paced.attend()

        assert paced.states() == {OutgoingState.SENT: 3, OutgoingState.DUE: 2}
        assert attended.wait > 0
