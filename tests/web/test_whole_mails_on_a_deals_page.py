"""A linked mail is shown whole where its mailbox shares it: fetched when asked for, kept nowhere, and noted."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import select

from addon.domain.mailboxes import operations as mailboxes
from addon.integrations.google.consent import SCOPES
from addon.models import MailboxQuota, MailboxState, Sharing, Sighting
from tests.databases import on_sqlite
from tests.laws import whole_database
from tests.web import whole_mail_world
from tests.web.google_nearby import ANNA, PUBLIC, GoogleNearby, google_nearby
from tests.web.web_world import MONDAY, world
from tests.web.whole_mail_world import SECRET, Office


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleNearby]:
    with google_nearby() as nearby:
        yield nearby


@pytest.fixture
def office(tmp_path: Path, clock: ModuleType, google: GoogleNearby) -> Iterator[Office]:
    clock.set_world(MONDAY)
    google.gmail.faults.clear()
    with on_sqlite(tmp_path) as database, world(database, public_url=PUBLIC, google_url=google.url) as made:
        yield whole_mail_world.office(made, google)


def test_the_owner_is_shown_the_mail_and_nothing_of_it_is_kept_or_logged(office, caplog):
    caplog.set_level(logging.DEBUG)

    answer = office.show()

    page = answer.text
    assert answer.status_code == 200
    assert f"{SECRET} &lt;b&gt;tyres&lt;/b&gt;." in page
    assert "<summary" in page.partition("How many?")[0]
    assert "terms.pdf" in page
    assert "Tyres for spring" in page
    assert answer.headers["Cache-Control"] == "no-store"
    assert office.noted() == 0
    assert SECRET not in repr(whole_database.state(office.made.database))
    assert "quokka" not in caplog.text


def test_a_colleague_is_shown_it_only_where_it_is_shared_and_the_diary_says_so(office):
    dimas = office.made.dimas
    refused = office.show(user=dimas)
    assert refused.status_code == 403
    assert SECRET not in refused.text
    assert "does not share whole mails" in refused.text
    assert "Show mail" not in office.made.client(dimas).get(f"/deals/{office.deal}").text
    assert office.noted() == 0

    office.share(Sharing.ALL)

    assert "Show mail" in office.made.client(dimas).get(f"/deals/{office.deal}").text
    shown = office.show(user=dimas, json=True)
    assert SECRET in shown.json["html"]
    assert "The diary says that you read it" in shown.json["html"]
    page = office.made.client().get(f"/deals/{office.deal}?show=mails").text
    assert "Dimas Prasetyo read a whole mail from Anna Kowalczyk’s mailbox" in page
    assert office.noted() == 1


def test_everybody_may_choose_to_share_whole_mails(office):
    page = office.made.client().get("/mailboxes").text

    assert "Whole mails" in page
    assert 'value="all"' in page


def test_a_lost_grant_is_said_with_what_to_do_and_sending_knows_of_it(office):
    office.google.gmail.grants.revoke(ANNA)

    own = office.show()

    assert own.status_code == 409
    assert "Gmail does not let us into your mailbox" in own.text
    assert 'href="/mailboxes"' in own.text
    assert office.mailbox().state == MailboxState.RECONNECT
    office.share(Sharing.ALL)
    told = office.show(user=office.made.dimas, json=True)
    assert told.status_code == 409
    assert told.json["title"] == "Gmail does not let us into Anna Kowalczyk’s mailbox"
    assert office.noted() == 0, "nobody read anything"


def test_a_mail_that_was_deleted_is_said_to_be_gone(office):
    with office.made.database.writing(office.made.viewer) as session:
        session.scalars(select(Sighting)).one().gmail_id = "fffffffff"

    told = office.show(json=True)

    assert told.status_code == 409
    assert told.json["title"] == "This mail is no longer there"


def test_a_mail_deleted_from_ones_own_mailbox_is_shown_out_of_one_that_shares_it(office):
    made, dimas, grants = office.made, office.made.dimas, office.google.gmail.grants
    office.google.gmail.accounts.add(dimas.email)
    office.share(Sharing.ALL)
    with made.database.writing(made.viewer) as session:
        token = grants.issue(dimas.email, SCOPES)
        box = mailboxes.connect(session, owner_id=dimas.id, email=dimas.email, refresh_token=token, at=MONDAY)
        session.add(Sighting(mailbox_id=box.id, gmail_id="fffffffff", message_id=office.mail, seen_at=MONDAY))

    shown = office.show(user=dimas)

    assert SECRET in shown.text
    assert "From Anna Kowalczyk’s mailbox" in shown.text
    assert office.noted() == 1


def test_gmails_wish_to_wait_is_said_and_heeded(office):
    office.google.gmail.faults.add(kind="429", method="messages.get", retry_after=40)

    first, second = office.show(json=True), office.show(json=True)

    for told in (first, second):
        assert told.status_code == 409
        assert told.json["title"] == "Gmail asks us to wait"
    with office.made.database.reading(office.made.viewer) as session:
        assert session.scalars(select(MailboxQuota)).one().wait_until > 0


def test_a_gmail_that_does_not_answer_loses_nothing(office):
    office.google.gmail.faults.add(kind="hangup_before", method="messages.get")

    assert office.show(json=True).json["title"] == "Gmail did not answer in time"
    assert SECRET in office.show().text


def test_an_access_token_that_ended_early_is_renewed_on_the_way(office):
    office.show()
    with office.made.database.writing(office.made.viewer) as session:
        mailboxes.keep_access_token(session, office.made.mailbox.id, "stale", ends=MONDAY + timedelta(days=9999))

    assert SECRET in office.show().text


def test_a_mail_of_another_deal_is_not_there(office):
    other = office.made.deal("Another")

    assert office.made.post(f"/deals/{other}/mails/{office.mail}").status_code == 404
    assert office.made.post(f"/deals/{office.deal}/mails/{office.mail + 1}").status_code == 404
