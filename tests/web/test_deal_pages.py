"""A deal's page and its forms."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from addon.domain import tables
from addon.domain.campaigns import importing
from addon.domain.deals import queries as deals
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.outgoing import proving
from addon.domain.threads import queries as threads
from addon.models import Deal, Outgoing, OutgoingState, Sharing
from tests.web.web_world import MONDAY, World

SENTENCE = "Could you send us a proposal for 40 seats by Thursday?"


def bursztyn(made: World) -> int:
    """A deal that a mail moved to Proposal."""
    deal = made.deal(
        "Bursztyn: 40 seats",
        company="Bursztyn Logistyka",
        amount="86400",
        currency="PLN",
        at=MONDAY - timedelta(days=20),
        person=("Katarzyna Wiśniewska", "katarzyna@bursztyn.test"),
    )
    made.move(deal, "Meeting", at=MONDAY - timedelta(days=6))
    made.answer_moves(deal, "Proposal", SENTENCE, at=MONDAY - timedelta(minutes=4))
    return deal


def found(made: World, deal_id: int) -> Deal:
    with made.database.reading(made.viewer) as session:
        deal = deals.get(session, deal_id)
        _ = (deal.company, deal.contact)
        return deal


def form(**given: str) -> dict[str, str]:
    return {"title": "Pilot", "currency": "EUR", "owner_id": "1", **given}


class TestPage:
    def test_opens_with_what_moved_it_and_the_way_back(self, small_world):
        deal = bursztyn(small_world)

        page = small_world.client().get(f"/deals/{deal}").text

        assert "Moved to Proposal by mail from Katarzyna Wiśniewska, 4 minutes ago." in page
        assert "Undo takes back the move, so that it is in Meeting again." in page
        assert "PLN\u00a086,400 · weighted PLN\u00a051,840" in page
        assert "Move to Negotiation" in page

    def test_quotes_the_sentence_and_names_the_rule(self, small_world):
        page = small_world.client().get(f"/deals/{bursztyn(small_world)}").text

        assert f"<q>{SENTENCE}</q>" in page
        assert "The rule Asks for a proposal (version 1)" in page
        assert "Meeting → Proposal" in page

    def test_tells_days_in_each_stage(self, small_world):
        page = small_world.client().get(f"/deals/{bursztyn(small_world)}").text

        assert '<b>Prospecting</b> <span class="d-md-block">14 days</span>' in page
        assert '<b>Lead qualification</b> <span class="d-md-block">passed over</span>' in page
        assert "since today, limit 10 days" in page

    def test_shows_a_colleague_no_more_than_the_mailboxs_owner_shares(self, small_world):
        deal = bursztyn(small_world)
        with small_world.database.writing(small_world.viewer) as session:
            mailboxes.share(session, small_world.mailbox.id, Sharing.HAPPENED, at=MONDAY)

        page = small_world.client(small_world.dimas).get(f"/deals/{deal}").text

        assert SENTENCE not in page
        assert "Wycena dla 40 stanowisk" not in page
        assert "Anna Kowalczyk shares that it happened, not what it says." in page
        assert SENTENCE in small_world.client().get(f"/deals/{deal}").text, "the owner sees all"

    def test_unlinking_a_thread_can_be_taken_back(self, small_world):
        deal = bursztyn(small_world)
        with small_world.database.reading(small_world.viewer) as session:
            thread = threads.of_deal(session, deal)[0].thread_id

        small_world.post(f"/deals/{deal}/threads/{thread}/unlink")
        page = small_world.client().get(f"/deals/{deal}").text

        assert "No thread is linked" in page
        assert "Thread unlinked" in page
        assert "Undo takes back the unlinking of the thread." in page
        again = small_world.post(f"/deals/{deal}/threads/{thread}/unlink")
        assert again.status_code == 404

    def test_a_won_deal_says_when_and_offers_no_next_stage(self, small_world):
        deal = small_world.deal("Pilot", "Negotiation")
        small_world.move(deal, "Won")

        page = small_world.client().get(f"/deals/{deal}").text

        assert "won today" in page
        assert "btn-primary" not in page.partition("<dialog")[0]

    def test_the_diary_tells_of_a_campaigns_mail_and_to_whom_it_went(self, small_world):
        deal = bursztyn(small_world)
        launch = partial(small_world.database.writing, small_world.viewer)
        table = tables.read(b"email\nkatarzyna@bursztyn.test\n", "list.csv")
        wanted = importing.Draft(mailbox_id=small_world.mailbox.id, name="Autumn", subject="A", body="B", table=table)
        importing.launch_campaign(launch, importing.create_campaign(launch, wanted, at=MONDAY), at=MONDAY)
        with small_world.database.writing(small_world.viewer) as session:
            row = session.scalars(select(Outgoing)).one()
            row.state, row.draft_id = OutgoingState.PERMITTED, "d1"
            session.flush()
            assert proving.record_sent(session, row.id, "d1", gmail_id="1", thread_id="1", at=MONDAY)

        page = small_world.client().get(f"/deals/{deal}").text

        assert page.count("Campaign mail “Autumn” sent to Katarzyna Wiśniewska") == 1

    def test_a_long_diary_is_turned_page_by_page(self, small_world):
        deal = small_world.deal("Pilot")
        for _ in range(16):
            small_world.move(deal, "Meeting")
            small_world.move(deal, "Prospecting")
        client = small_world.client()

        first = client.get(f"/deals/{deal}").text

        assert "Show 4 older" in first
        assert "You made this deal" not in first
        older = re.search(r'href="([^"]*before=[^"]*)"', first)
        assert older is not None
        assert "You made this deal" in client.get(older[1].replace("&amp;", "&")).text


class TestForms:
    def test_a_new_deal_brings_its_company_and_person_along(self, small_world):
        path = f"/board/{small_world.pipeline.id}/new"
        given = form(company="Gudang Beku", person="Siti Rahmawati", email="siti@gudang.test", amount="86 400,00")

        small_world.post(path, given)
        small_world.post(path, given | {"title": "Second", "next_step": "Call", "next_step_on": "2026-11-26"})

        first, second = found(small_world, 1), found(small_world, 2)
        assert first.amount == 86400
        assert first.company is not None
        assert first.contact is not None
        assert (first.company.name, first.contact.name) == ("Gudang Beku", "Siti Rahmawati")
        assert (second.company_id, second.contact_id) == (first.company_id, first.contact_id), "nobody twice"
        assert str(second.next_step_on) == "2026-11-26"

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"amount": "86.400,0,0"}, "“86.400,0,0” is not an amount. Write 86400 or 86 400,00."),
            ({"amount": "0,125"}, "Value: “0.125” has more digits after the point than the 2 that are kept."),
            ({"amount": "10.1234"}, "Value: “10.1234” has more digits after the point"),
            ({"amount": "1.250"}, "Value: does “1.250” mean 1250 or 1.25?"),
            ({"amount": "-5"}, "An amount cannot be below nothing."),
            ({"amount": "5", "currency": "euro"}, "Choose a currency."),
            ({"title": "  "}, "A deal needs a title."),
            ({"expected_close": "soon"}, "“soon” is not a date."),
            ({"email": "no-address"}, "“no-address” is not a mail address."),
            ({"person": "Siti"}, "A person needs a mail address"),
            ({"company": "c" * 301}, "Company holds up to 300 characters, and this has 301."),
            ({"person": "p" * 301, "email": "p@acme.example"}, "Person holds up to 300 characters, and this has 301."),
            ({"owner_id": "99"}, "Choose somebody of your team."),
        ],
    )
    def test_what_was_typed_stays_beside_what_is_wrong_with_it(self, small_world, wrong, said):
        answer = small_world.post(f"/board/{small_world.pipeline.id}/new", form(channel="Trade fair Gdańsk") | wrong)

        assert answer.status_code == 422
        assert said in answer.text
        assert "Trade fair Gdańsk" in answer.text
        assert "One field needs a look. Nothing was saved yet." in answer.text
        assert 'aria-invalid="true"' in answer.text

    def test_an_edit_is_told_in_the_diary_with_what_it_was(self, small_world):
        deal = small_world.deal("Pilot", company="Kartonex", amount="64800", currency="PLN")
        client = small_world.client()
        assert 'value="64800"' in client.get(f"/deals/{deal}/edit").text

        given = form(company="Kartonex", amount="86400", currency="PLN", owner_id=str(small_world.dimas.id))
        small_world.post(f"/deals/{deal}/edit", given)

        page = client.get(f"/deals/{deal}").text
        assert "You changed" in page
        assert "the owner from Anna Kowalczyk to Dimas Prasetyo" in page
        assert "the amount from" in page
        assert "86,400" in page
        assert found(small_world, deal).company_id is not None

    def test_an_edit_that_is_wrong_saves_nothing(self, small_world):
        deal = small_world.deal("Pilot", amount="5")

        answer = small_world.post(f"/deals/{deal}/edit", form(title="New", amount="much"))

        assert answer.status_code == 422
        assert found(small_world, deal).title == "Pilot"

    def test_deleting_is_asked_first_and_leaves_every_board(self, small_world):
        deal = small_world.deal("Pilot", company="Kartonex")
        client = small_world.client()

        asked = client.get(f"/deals/{deal}/delete").text
        assert "Undo, offered as soon as it is gone, brings it back as it was." in asked
        assert "cannot be brought back" not in asked
        small_world.post(f"/deals/{deal}/delete")

        assert "Kartonex" not in client.get(f"/board/{small_world.pipeline.id}").text
