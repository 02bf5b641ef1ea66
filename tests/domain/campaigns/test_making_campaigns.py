"""A list becomes a campaign: who gets the mail, who is skipped and why, and what was added on the way."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from addon.domain import tables
from addon.domain.campaigns import audience, importing, operations, queries
from addon.domain.campaigns.audience import NoEmailColumn, TextsRefused
from addon.domain.contacts import addresses
from addon.domain.contacts import operations as contacts
from addon.domain.contacts import queries as contact_queries
from addon.domain.deals import operations as deals
from addon.domain.deals.draft import DealDraft
from addon.domain.errors import NotAllowed
from addon.domain.ladder import operations as ladder
from addon.domain.suppressions import operations as suppressions
from addon.models import (
    Activity,
    Address,
    CampaignState,
    Contact,
    Recipient,
    SuppressionReason,
    SuppressionScope,
)
from tests.domain.campaigns.conftest import MONDAY

LIST = """email,first_name,last_name
ana@x.test,Ana,Rossi
,Nobody,
not an address,Bo,
Cy <cy@x.test>,Cy,
ANA+spring@x.test,Ana,Rossi
dee@x.test,,
eve@x.test,Eve,,,too much
jo.e@gmail.com,Jo,
Joe@googlemail.com,Joe,
ana@acme.test,Me,
"""


def test_each_row_gets_the_mail_or_a_reason(office):
    campaign = office.campaign(LIST)

    assert office.skips(campaign) == [
        (2, "", "bad_address", ""),
        (3, "not an address", "bad_address", ""),
        (5, "ANA+spring@x.test", "duplicate", "1"),
        (6, "dee@x.test", "missing_field", "first_name"),
        (7, "eve@x.test", "row_too_long", "too much"),
        (9, "Joe@googlemail.com", "duplicate", "8"),
        (10, "ana@acme.test", "own_address", ""),
    ]
    progress = office.progress(campaign)
    assert (progress.state, progress.recipients, progress.skipped, progress.pending) == ("draft", 3, 7, 0)


def test_a_row_that_is_skipped_does_not_stand_in_the_way_of_a_later_one(office):
    campaign = office.campaign("email,first_name\nana@x.test,\nANA@x.test,Ana\n")

    assert office.skips(campaign) == [(1, "ana@x.test", "missing_field", "first_name")]


def test_who_unsubscribed_or_bounced_is_skipped_and_says_so(office):
    with office.writing() as session:
        key = addresses.key_of(session, "no@x.test")
        suppressions.suppress(
            session, key, scope=SuppressionScope.CAMPAIGNS, reason=SuppressionReason.UNSUBSCRIBED, at=MONDAY
        )
        gone = contacts.create(session, "gone@x.test", at=MONDAY)
        contacts.mark_bounced(session, gone.addresses[0], at=MONDAY)

    campaign = office.campaign("email,first_name\nNo+x@x.test,No\ngone@x.test,Gone\nok@x.test,Ok\n")

    assert office.skips(campaign) == [
        (1, "No+x@x.test", "suppressed", "unsubscribed"),
        (2, "gone@x.test", "bounced", ""),
    ]


def test_new_people_become_contacts_with_their_own_diary_and_known_ones_stay_as_they_are(office):
    with office.writing() as session:
        known = contacts.create(session, "ana@x.test", name="Ana Known", at=MONDAY)
        contacts.ensure_address(session, "lone@x.test", at=MONDAY)

    office.campaign("email,first_name,last_name\nAna@x.test,Other,Name\nlone@x.test,Lo,Ne\nnew@x.test,New,Person\n")

    with office.reading() as session:
        assert contact_queries.by_email(session, "ana@x.test").id == known.id
        assert contact_queries.by_email(session, "ana@x.test").name == "Ana Known"
        assert contact_queries.by_email(session, "lone@x.test").name == "Lo Ne"
        new = contact_queries.by_email(session, "new@x.test")
        assert (new.name, new.first_name, new.last_name) == ("New Person", "New", "Person")
        assert session.scalar(select(func.count(Contact.id))) == 3
        assert session.scalar(select(func.count(Address.id))) == 3
        entry = session.scalar(
            select(Activity).where(Activity.subject_kind == "contact", Activity.subject_id == new.id)
        )
        assert (entry.kind, entry.number, entry.detail.texts) == ("contact.created", 1, {"name": "New Person"})
        begun = session.get(Activity, entry.cause_id)
        assert begun.kind == "campaign.created"


def test_another_spelling_of_a_known_person_reaches_the_same_person(office):
    with office.writing() as session:
        known = contacts.create(session, "jane.doe@gmail.com", at=MONDAY)

    campaign = office.campaign("email,first_name\njanedoe+x@gmail.com,Jane\n")

    with office.reading() as session:
        [line] = queries.recipients(session, campaign)
        assert line.contact_id == known.id
        assert {row.email for row in session.scalars(select(Address))} == {"jane.doe@gmail.com", "janedoe+x@gmail.com"}


def test_an_answer_will_belong_to_the_single_open_deal_of_a_person(office):
    with office.writing() as session:
        one = contacts.create(session, "one@x.test", at=MONDAY)
        two = contacts.create(session, "two@x.test", at=MONDAY)
        part = contacts.create(session, "part@x.test", at=MONDAY)
        deal = ladder.open_deal(
            session, DealDraft(title="A", owner_id=office.ana.user_id, contact_id=one.id), at=MONDAY
        )
        deals.add_person(session, deal.id, part, at=MONDAY)
        for title in "BC":
            ladder.open_deal(session, DealDraft(title=title, owner_id=office.ana.user_id, contact_id=two.id), at=MONDAY)

    campaign = office.campaign("email,first_name\none@x.test,1\ntwo@x.test,2\npart@x.test,P\nnew@x.test,N\n")

    with office.reading() as session:
        assert [line.deal_id for line in queries.recipients(session, campaign)] == [deal.id, None, deal.id, None]


def test_a_list_of_two_thousand_is_taken_in_by_short_transactions(office):
    rows = "".join(f"p{number}@x.test,P{number}\n" for number in range(2000))

    campaign = office.campaign("email,first_name\n" + rows)

    assert office.progress(campaign).recipients == 2000
    with office.reading() as session:
        assert session.scalar(select(func.count(Contact.id))) == 2000


def test_texts_that_cannot_be_used_make_nothing_and_name_every_problem(office):
    with pytest.raises(TextsRefused) as refused:
        office.campaign("email,first_name\na@x.test,A\n", subject="{{ nick }}", body="x\n{{ a.b }}")

    assert [(found.part, found.problem.code, found.problem.line) for found in refused.value.problems] == [
        ("subject", "templates.unknown_field", 1),
        ("body", "templates.forbidden_attribute", 2),
    ]
    with office.reading() as session:
        assert queries.all_of_team(session) == []


def test_a_table_without_addresses_is_refused(office):
    with pytest.raises(NoEmailColumn):
        office.campaign("first_name,town\nAna,Rome\n")


@pytest.mark.parametrize("blank", ["", "  \n"])
def test_a_mail_has_a_subject_and_a_body(blank):
    problems = audience.check_texts(blank, blank, ["email"])

    assert [(found.part, found.problem.code) for found in problems] == [
        ("subject", "templates.empty"),
        ("body", "templates.empty"),
    ]


def test_nobody_sends_from_a_colleagues_mailbox(office):
    draft = importing.Draft(
        mailbox_id=office.mailbox_id, name="x", subject="x", body="x", table=tables.read(b"email\na@x.test\n")
    )

    def writing():
        return office.database.writing(office.ben)

    with pytest.raises(NotAllowed):
        importing.create_campaign(writing, draft, at=MONDAY)


def test_a_campaign_that_was_interrupted_while_it_was_made_cannot_be_launched(office, monkeypatch):
    calls = []

    def broken(*arguments, **named):
        calls.append(arguments)
        raise OSError("no space left on device")

    monkeypatch.setattr(importing.filling, "take", broken)
    with pytest.raises(OSError, match="no space"):
        office.campaign("email,first_name\na@x.test,A\n")

    with office.writing() as session:
        [campaign] = queries.all_of_team(session)
        assert campaign.state == CampaignState.CANCELLED
        with pytest.raises(operations.Over):
            operations.launch(session, campaign.id, at=MONDAY)


def test_a_campaign_whose_rows_are_not_all_there_waits(office):
    with office.writing() as session:
        table = tables.read(b"email\na@x.test\n")
        campaign = operations.create(
            session, mailbox_id=office.mailbox_id, name="x", subject="x", body="x", table=table, at=MONDAY
        )
        with pytest.raises(operations.Incomplete):
            operations.launch(session, campaign.id, at=MONDAY)


def test_giving_a_slice_again_adds_nothing(office):
    campaign_id = office.campaign("email,first_name\na@x.test,A\nb@x.test,B\n")
    table = tables.read(b"email,first_name\na@x.test,A\nb@x.test,B\n")

    with office.writing() as session:
        rows = list(audience.prospects(table, "x", "x"))
        importing.filling.take(session, queries.get(session, campaign_id), rows, at=MONDAY, cause=None)

    with office.reading() as session:
        assert session.scalar(select(func.count(Recipient.id))) == 2
