"""Law 1: a campaign's mail stands in the diary of the deal and of the person that it went to, once."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.activity import queries as activity
from addon.domain.campaigns import importing
from addon.domain.contacts import operations as contacts
from addon.domain.contacts import queries as contact_queries
from addon.domain.deals.draft import DealDraft
from addon.domain.ladder import operations as ladder
from addon.domain.outgoing import operations as outgoing
from addon.domain.outgoing import proving
from addon.models import Activity, Outgoing, OutgoingState
from tests.domain.campaigns.conftest import MONDAY, Office

LIST = "email,first_name\njane@acme.example,Jane\nbob@acme.example,Bob\n"


def permitted(office: Office) -> dict[str, Outgoing]:
    """Mails that were just asked of Gmail, by address. Jane has a deal, Bob has none."""
    with office.writing() as session:
        jane = contacts.create(session, "jane@acme.example", at=MONDAY)
        ladder.open_deal(session, DealDraft(title="Ramp", owner_id=office.ana.user_id, contact_id=jane.id), at=MONDAY)
    importing.launch_campaign(office.writing, office.campaign(LIST), at=MONDAY)
    with office.writing() as session:
        rows = {row.address.email: row for row in session.scalars(select(Outgoing))}
        for row in rows.values():
            row.state, row.attempt, row.draft_id = OutgoingState.PERMITTED, 1, f"d{row.id}"
    return rows


def sent(session: Session, row: Outgoing) -> bool:
    return proving.record_sent(session, row.id, f"d{row.id}", gmail_id="5e17", thread_id="5e17", at=MONDAY)


def seen(session: Session, row: Outgoing) -> bool:
    return outgoing.note_sent_seen(
        session, mailbox_id=row.mailbox_id, gmail_id="5e17", thread_id="5e17", ref=f"{row.ref}.1", at=MONDAY
    )


def noted(session: Session) -> list[Activity]:
    return list(session.scalars(select(Activity).where(Activity.kind == "mail.sent").order_by(Activity.id)))


@pytest.mark.parametrize("ways", [(sent,), (seen,), (sent, sent), (sent, seen), (seen, sent)])
def test_a_mail_that_went_stands_once_with_its_deal_and_once_with_its_person(office: Office, ways) -> None:
    row = permitted(office)["jane@acme.example"]

    for way in ways:
        with office.writing() as session:
            way(session, row)

    with office.reading() as session:
        jane = contact_queries.by_email(session, "jane@acme.example")
        deal, person = noted(session)
        assert (deal.subject_kind, person.subject_kind, person.subject_id) == ("deal", "contact", jane.id)
        assert deal.after == person.after == {"run_id": row.run_id, "outgoing_id": row.id, "gmail_id": "5e17"}
        assert (deal.detail, person.detail) == (None, None), "no words"
        assert person.cause_id == deal.id
        assert activity.of_subject(session, "deal", deal.subject_id)[0].id == deal.id


def test_a_mail_to_somebody_without_a_deal_stands_with_the_person(office: Office) -> None:
    row = permitted(office)["bob@acme.example"]

    with office.writing() as session:
        assert sent(session, row)

    with office.reading() as session:
        assert [entry.subject_kind for entry in noted(session)] == ["contact"]


def test_a_mail_that_was_not_recorded_stands_nowhere(office: Office) -> None:
    row = permitted(office)["jane@acme.example"]

    with office.writing() as session:
        assert not proving.record_sent(session, row.id, "another", gmail_id="1", thread_id="1", at=MONDAY)

    with office.reading() as session:
        assert noted(session) == []
