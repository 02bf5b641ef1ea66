"""Connecting a mailbox through Google's consent page, and what its owner decides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import select

from addon.domain.mailboxes import operations as mailboxes
from addon.domain.mailboxes import queries
from addon.integrations.google.consent import SCOPES
from addon.models import Mailbox, MailboxState
from tests.databases import on_sqlite
from tests.web.google_nearby import ANNA, PUBLIC, STRANGER, GoogleNearby, google_nearby
from tests.web.web_world import MONDAY, World, world


@pytest.fixture
def google() -> Iterator[GoogleNearby]:
    with google_nearby() as nearby:
        yield nearby


@pytest.fixture
def made(tmp_path: Path, clock: ModuleType, google: GoogleNearby) -> Iterator[World]:
    with on_sqlite(tmp_path) as database, world(database, public_url=PUBLIC, google_url=google.url) as made:
        yield made


def mailbox(made: World, email: str = ANNA) -> Mailbox | None:
    with made.database.reading(made.viewer) as session:
        return session.scalar(select(Mailbox).where(Mailbox.email == email))


def lose(made: World) -> None:
    with made.database.writing(made.viewer) as session:
        mailboxes.lose_grant(session, made.mailbox.id, "invalid_grant", at=MONDAY)


def test_a_yes_on_googles_page_connects_a_mailbox_and_wakes_it(made, google):
    woken: list[int] = []
    joined = made.app.extensions["dealthread.web"]
    object.__setattr__(joined.given, "wake", woken.append)

    landed = google.walk(made.client(), "/mailboxes/connect", STRANGER)

    found = mailbox(made, STRANGER)
    assert landed.status_code == 302
    assert found is not None
    assert found.owner_id == made.anna.id
    assert woken == [found.id]
    with made.database.reading(made.viewer) as session:
        assert queries.refresh_token(session, found)


def test_a_lost_grant_says_so_and_reconnecting_goes_on(made, google):
    lose(made)
    client = made.client()

    page = client.get("/mailboxes").text
    google.walk(client, f"/mailboxes/connect?mailbox={ANNA}", ANNA)

    assert f"Gmail no longer lets us into {ANNA}" in page
    assert "Reconnect Gmail" in page
    found = mailbox(made)
    assert found is not None
    assert found.state == MailboxState.CONNECTED


def test_a_box_left_empty_on_googles_page_connects_nothing(made, google):
    answer = google.walk(made.client(), "/mailboxes/connect", STRANGER, tick=SCOPES[:3])

    assert answer.status_code == 400
    assert "a box was left empty" in answer.text
    assert mailbox(made, STRANGER) is None


@pytest.mark.parametrize("query", ["", "?state=forged&code=x", "?error=access_denied"])
def test_a_return_that_nobody_asked_for_connects_nothing(made, query):
    answer = made.client().get(f"/mailboxes/connected{query}")

    assert answer.status_code == 400
    assert "Nothing was changed" in answer.text


def test_a_no_on_googles_page_changes_nothing(made, google):
    answer = google.walk(made.client(), "/mailboxes/connect", STRANGER, decision="cancel")

    assert answer.status_code == 400
    assert "closed without a yes" in answer.text


def test_a_colleagues_mailbox_cannot_be_taken(made, google):
    answer = google.walk(made.client(made.dimas), "/mailboxes/connect", ANNA)

    assert answer.status_code == 409
    assert "connected already, by somebody else" in answer.text


def test_only_the_owner_chooses_what_colleagues_see(made):
    path = f"/mailboxes/{made.mailbox.id}/sharing"

    refused = made.post(path, {"level": "happened"}, user=made.dimas)
    made.post(path, {"level": "happened"})

    found = mailbox(made)
    assert refused.status_code == 403
    assert found is not None
    assert found.sharing == "happened"
    assert made.post(path, {"level": "nonsense"}).status_code == 400


def test_disconnecting_forgets_the_grant(made):
    made.post(f"/mailboxes/{made.mailbox.id}/disconnect")

    found = mailbox(made)
    assert found is not None
    assert found.sealed_refresh_token is None
    assert "Reconnect Gmail" in made.client().get("/mailboxes").text


def test_a_mailbox_disconnected_by_hand_blames_nobody(made):
    made.post(f"/mailboxes/{made.mailbox.id}/disconnect")

    page = made.client().get("/mailboxes").text

    assert "anna@halyard.test was disconnected here" in page
    assert "no longer lets us in" not in page
    assert "is-lost" not in page
