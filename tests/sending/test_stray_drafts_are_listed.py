"""A draft whose mark Gmail dropped cannot be told from the rep's own: it stays, and the product says so."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import requests
from sqlalchemy import select

from addon.domain.access import Database
from addon.domain.outgoing import sweeping
from addon.domain.outgoing.sweeping import StrayDraft
from addon.integrations.google.consent import SCOPES
from addon.models import DeadAttempt, OutgoingState
from tests.sending.world import ANNA, World, world

PERSON = "person0@acme.example"


@pytest.fixture
def one(tmp_path: Path, database: Database) -> Iterator[World]:
    with world(tmp_path, database) as made:
        yield made


def left_behind(made: World) -> list[StrayDraft]:
    with made.database.reading(made.viewer) as session:
        return sweeping.left_behind(session, made.mailbox_id)


def own_draft(made: World, to: str) -> str:
    """The rep begins a mail of their own; the draft's id."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = ANNA, to, "Lunch?"
    mail.set_content("Hungry?\n")
    answer = requests.post(
        f"{made.server.url}/gmail/v1/users/me/drafts",
        json={"message": {"raw": base64.urlsafe_b64encode(mail.as_bytes()).decode()}},
        headers={"Authorization": f"Bearer {made.gmail.access_token(ANNA, SCOPES)}"},
        timeout=5,
    )
    answer.raise_for_status()
    return str(answer.json()["id"])


def lose_a_draft(made: World) -> None:
    made.gmail.faults.add(kind="header_dropped", method="drafts.create")
    made.gmail.faults.add(kind="hangup_after", method="drafts.create")
    made.attend()
    made.gmail.faults.clear()
    made.attend_until(made.settled)


def test_a_draft_that_lost_its_mark_stays_and_is_listed_while_its_mail_goes_once(one: World) -> None:
    own_draft(one, "friend@elsewhere.example")
    lose_a_draft(one)

    one.attend(sweep_early=True)

    [stray] = left_behind(one)
    assert (stray.email, stray.marked) == (PERSON, False)
    assert (one.states(), one.got(PERSON), one.drafts()) == ({OutgoingState.SENT: 1}, 1, 2)


def test_it_is_listed_until_the_rep_deletes_it_however_long_that_takes(one: World) -> None:
    lose_a_draft(one)
    for _ in range(4):  # beyond the last sweep
        one.hurry()
        one.attend(sweep_early=True)
    [stray] = left_behind(one)

    with one.opened() as mailbox:
        mailbox.delete_draft(stray.draft_id)
    one.hurry()
    one.attend()

    assert left_behind(one) == []
    with one.database.reading(one.viewer) as session:
        assert session.scalars(select(DeadAttempt.unmarked_draft_id)).all() == [None]


def test_a_reps_own_drafts_are_not_listed_where_no_fault_left_one(one: World) -> None:
    own_draft(one, PERSON)

    one.attend()
    one.attend(sweep_early=True)

    assert left_behind(one) == []


def test_a_draft_of_ours_that_cannot_be_deleted_yet_is_listed_as_ours(one: World) -> None:
    one.when_created(lambda: one.suppress(PERSON))
    one.gmail.faults.add(kind="503", method="drafts.delete", times=9)

    one.attend()
    during = left_behind(one)
    one.gmail.faults.clear()
    one.attend_until(lambda: one.drafts() == 0)

    assert [(stray.email, stray.marked) for stray in during] == [(PERSON, True)]
    assert left_behind(one) == []
