"""A linked mail is shown whole where its mailbox shares it: fetched when asked for, kept nowhere, noted in the diary."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from addon.domain.mailboxes import operations as mailboxes
from addon.domain.threads import operations as threads
from addon.integrations.google.consent import SCOPES
from addon.models import Activity, LinkedHow, Mailbox, MailboxQuota, MailboxState, Message, Sharing, Sighting
from addon.sandbox.gmail.mailbox.sending import Delivered
from tests.databases import on_sqlite
from tests.domain.verdicts.mails import multipart
from tests.laws import whole_database
from tests.web.google_nearby import ANNA, PUBLIC, GoogleNearby, google_nearby
from tests.web.web_world import MONDAY, World, world

SECRET = "The quokka budget is forty"
TEXT = f"{SECRET} <b>tyres</b>.\r\n\r\nOn Mon, 2 Mar 2026, Anna <{ANNA}> wrote:\r\n> How many?\r\n"
RAW = multipart(
    ("text/plain; charset=utf-8", TEXT),
    ('application/pdf; name="terms.pdf"\r\nContent-Disposition: attachment; filename="terms.pdf"', "x" * 3000),
    subject="Tyres for spring",
)


@dataclass
class Office:
    made: World
    google: GoogleNearby
    deal: int = 0
    mail: int = 0
    delivered: Delivered | None = None

    def show(self, **more: object) -> TestResponse:
        return self.made.post(f"/deals/{self.deal}/mails/{self.mail}", **more)

    def share(self, level: Sharing) -> None:
        with self.made.database.writing(self.made.viewer) as session:
            mailboxes.share(session, self.made.mailbox.id, level, at=MONDAY)

    def noted(self) -> int:
        with self.made.database.reading(self.made.viewer) as session:
            return len(session.scalars(select(Activity).where(Activity.kind == "mail.shown")).all())

    def mailbox(self) -> Mailbox:
        with self.made.database.reading(self.made.viewer) as session:
            return session.get_one(Mailbox, self.made.mailbox.id)


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleNearby]:
    with google_nearby() as nearby:
        yield nearby


@pytest.fixture
def office(tmp_path: Path, clock: ModuleType, google: GoogleNearby) -> Iterator[Office]:
    """Anna's deal with a linked mail of hers; the mail lies in her Gmail, which gave us a grant."""
    clock.set_world(MONDAY)
    google.gmail.faults.clear()
    with on_sqlite(tmp_path) as database, world(database, public_url=PUBLIC, google_url=google.url) as made:
        yield _filled(Office(made, google))


def _filled(office: Office) -> Office:
    made, office.deal = office.made, office.made.deal("Forty tyres")
    [found] = office.google.gmail.deliver(RAW, [ANNA], at=MONDAY - timedelta(hours=3))
    with made.database.writing(made.viewer) as session:
        token = office.google.gmail.grants.issue(ANNA, SCOPES)
        mailboxes.connect(session, owner_id=made.anna.id, email=ANNA, refresh_token=token, at=MONDAY)
        thread = threads.ensure_thread(session, made.mailbox.id, found.thread_id, at=MONDAY)
        threads.link(session, thread, office.deal, how=LinkedHow.EXPLICIT, at=MONDAY)
        at = MONDAY - timedelta(hours=3)
        message = Message(identity="1" * 64, from_email="ana@acme.test", from_name="Ana Rossi", received_at=at)
        session.add(message)
        session.flush()
        place = {"mailbox_id": made.mailbox.id, "gmail_id": found.message_id, "thread_id": thread.id}
        session.add(Sighting(message_id=message.id, seen_at=MONDAY, **place))
    office.mail, office.delivered = message.id, found
    return office


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
