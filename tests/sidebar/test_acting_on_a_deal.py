"""Link, create, move, take back: each once, whoever clicks twice or first."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from addon.domain.access import Viewer
from addon.domain.contacts import operations as contacts
from addon.domain.deals import operations as deals
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines.operations import StageDraft
from addon.domain.teams import operations as teams
from addon.models import Activity, Contact, Deal, Role, StageKind, ThreadLink
from addon.sandbox.gmail import Delivered
from tests.domain.team_at_work import ANNA, BEN, JANE, MONDAY
from tests.sidebar.beside_gmail import NOON, Answer, BesideGmail


def linked(desk: BesideGmail) -> tuple[int, Answer, Delivered]:
    deal_id, delivered = desk.team.deal(), desk.deliver()
    return deal_id, desk.press(desk.open(delivered), "Link this thread", delivered), delivered


def count(desk: BesideGmail, model: type) -> int:
    with desk.team.looking() as session:
        return session.scalar(select(func.count(model.id))) or 0


# ---- move and take back --------------------------------------------------------------------------------------------


def test_one_press_moves_the_deal_and_the_first_line_takes_it_back(desk: BesideGmail):
    deal_id, card, delivered = linked(desk)

    moved = desk.press(card, "Move to Talking", delivered)
    first = moved.card["sections"][0]["widgets"][0]["decoratedText"]
    back = desk.press(moved, "Undo", delivered)

    assert moved.notice == "Moved to Talking."
    assert first["text"] == "<b>Moved to Talking</b>"
    assert first["bottomLabel"] == "just now, by you"
    assert first["button"]["altText"] == "Ramp for Acme goes back from Talking to New."
    assert moved.json["stateChanged"] is True
    assert back.notice == "Moved back to New."
    assert desk.team.stage(deal_id) == "New"


def test_taking_back_ones_own_move_shows_again_why_the_deal_stands_there(desk: BesideGmail):
    desk.team.standard_rule()
    deal_id, _, delivered = linked(desk)
    desk.receive(delivered, answers="<first@halyard.example>")
    moved = desk.press(desk.open(delivered), "Move to Offer", delivered)

    back = desk.press(moved, "Undo", delivered)

    assert desk.team.stage(deal_id) == "Talking"
    assert "send us the offer" not in moved.words
    assert "<i>“Yes, please send us the offer.”</i>" in back.words


def test_the_first_line_is_about_this_thread_or_the_deal(desk: BesideGmail):
    _, card, first = linked(desk)
    moved = desk.press(card, "Move to Talking", first)
    second = desk.deliver(subject="Another matter")
    desk.press(desk.open(second), "Link this thread", second)

    assert "<b>Thread linked</b>" in desk.open(second).words
    assert "<b>Moved to Talking</b>" in moved.words
    assert "<b>Moved to Talking</b>" in desk.open(first).words


def test_an_undo_can_be_undone(desk: BesideGmail):
    deal_id, card, delivered = linked(desk)
    back = desk.press(desk.press(card, "Move to Talking", delivered), "Undo", delivered)

    desk.press(back, "Undo", delivered)

    assert desk.team.stage(deal_id) == "Talking"


def test_a_double_click_moves_once(desk: BesideGmail):
    deal_id, card, delivered = linked(desk)

    first = desk.press(card, "Move to Talking", delivered)
    second = desk.press(card, "Move to Talking", delivered)

    assert first.notice == second.notice == "Moved to Talking."
    assert second.primary == ["Move to Offer"]
    assert desk.team.kinds(deal_id).count("deal.moved") == 2, "the first is the deal's birth"


def test_the_second_mover_is_told_who_was_first(desk: BesideGmail):
    deal_id, card, delivered = linked(desk)
    desk.team.move(deal_id, "Offer", by=BEN, at=NOON)

    refused = desk.press(card, "Move to Talking", delivered)

    assert refused.notice == "Ben moved this deal just now. Your move to Talking was not made."
    assert refused.notice in refused.words
    assert refused.primary == ["Move to Won"], "the card shows where it stands now"
    assert desk.team.stage(deal_id) == "Offer"


def test_a_mover_who_lost_to_a_rule_is_told_of_the_mail_and_of_no_colleague(desk: BesideGmail):
    desk.team.standard_rule()
    deal_id, card, delivered = linked(desk)
    desk.receive(delivered, answers="<first@halyard.example>")
    assert desk.team.stage(deal_id) == "Talking"

    refused = desk.press(card, "Move", delivered, **{card.input("stage_")["name"]: desk.team.stages["Offer"]})

    assert refused.notice.startswith("A mail that came in moved this deal ")
    assert "Your move to Offer was not made." in refused.notice


def test_any_other_stage_is_in_the_list(desk: BesideGmail):
    deal_id, card, delivered = linked(desk)
    choice = card.input("stage_")

    asked = desk.press(card, "Move", delivered, **{choice["name"]: desk.team.stages["Lost"]})
    assert asked.primary == ["Move to Lost"]
    assert desk.team.stage(deal_id) != "Lost", "a reason is asked for first"
    moved = desk.press(asked, "Move to Lost", delivered, lost_reason="Too expensive")

    assert [item["text"] for item in choice["items"]] == ["Offer", "Won", "Lost"]
    assert moved.notice == "Moved to Lost."
    assert moved.primary == ["Open deal"]
    assert moved.input("stage_")["name"] != choice["name"], "else Gmail keeps the old choice"
    assert desk.team.stage(deal_id) == "Lost"


def test_nothing_chosen_moves_nothing(desk: BesideGmail):
    deal_id, card, delivered = linked(desk)

    assert desk.press(card, "Move", delivered).notice.startswith("Nothing was chosen.")
    assert desk.team.stage(deal_id) == "New"


def test_an_undo_that_came_too_late_says_why(desk: BesideGmail):
    deal_id, card, delivered = linked(desk)
    moved = desk.press(card, "Move to Talking", delivered)
    desk.team.move(deal_id, "Offer", by=BEN, at=NOON)

    late = desk.press(moved, "Undo", delivered)

    assert "Ben moved Ramp for Acme to Offer since" in late.notice
    assert desk.team.stage(deal_id) == "Offer"


def test_taking_back_twice_takes_back_once(desk: BesideGmail):
    deal_id, card, delivered = linked(desk)
    moved = desk.press(card, "Move to Talking", delivered)
    desk.press(moved, "Undo", delivered)

    again = desk.press(moved, "Undo", delivered)

    assert "took this back already" in again.notice
    assert desk.team.stage(deal_id) == "New"


def test_a_deal_of_another_team_is_out_of_reach(desk: BesideGmail):
    with desk.database.writing(Viewer.operator(0)) as session:
        other = teams.create_team(session, "Others", at=MONDAY).id
    with desk.database.writing(Viewer.operator(other)) as session:
        teams.add_user(session, "eve@others.example", role=Role.REP, at=MONDAY)
    deal_id, card, delivered = linked(desk)
    if "eve@others.example" not in {account.email for account in desk.gmail.accounts}:
        desk.gmail.accounts.add("eve@others.example", name="Eve")

    stolen = desk.press(card, "Move to Talking", by="eve@others.example")

    assert "no longer there" in stolen.notice
    assert "Ramp for Acme" not in stolen.words
    assert desk.team.stage(deal_id) == "New"
    assert delivered is not None


@pytest.mark.parametrize(
    "parameters", [{}, {"thread": "../etc"}, {"thread": "1f", "deal": "99999"}, {"thread": "1f", "deal": "x"}]
)
@pytest.mark.parametrize("action", ["move", "link_thread", "unlink", "undo", "add_person", "create_deal"])
def test_odd_parameters_get_words_and_change_nothing(desk: BesideGmail, action: str, parameters: dict[str, str]):
    path = f"/addon/actions/{action}"
    before = count(desk, Deal), count(desk, ThreadLink)

    answer = desk.post(path, desk.event(path, parameters=parameters, inputs={}))

    assert answer.status == 200
    assert answer.notice
    assert (count(desk, Deal), count(desk, ThreadLink)) == before


# ---- link ----------------------------------------------------------------------------------------------------------


def test_linking_twice_links_once(desk: BesideGmail):
    deal_id, delivered = desk.team.deal(), desk.deliver()
    card = desk.open(delivered)

    desk.press(card, "Link this thread", delivered), desk.press(card, "Link this thread", delivered)

    assert desk.team.kinds(deal_id).count("thread.linked") == 1


def test_a_thread_is_taken_away_and_given_back(desk: BesideGmail):
    deal_id, card, delivered = linked(desk)

    away = desk.press(card, "Unlink", delivered)
    back = desk.press(away, "Undo", delivered)

    assert away.notice == "No longer linked to Ramp for Acme."
    assert away.primary == ["Link this thread"]
    assert back.primary == ["Move to Talking"]
    assert desk.team.kinds(deal_id)[-1] == "thread.linked"


def test_after_unlinking_the_first_line_says_so_with_undo_and_no_other_deal_is_proposed(desk: BesideGmail):
    deal_id, card, delivered = linked(desk)
    desk.team.deal("Another")

    away = desk.press(card, "Unlink", delivered)
    back = desk.press(away, "Undo", delivered)
    again = desk.press(back, "Undo", delivered)

    first = away.card["sections"][0]["widgets"][0]["decoratedText"]
    assert first["text"] == "<b>No longer linked to Ramp for Acme</b>"
    assert [item["selected"] for item in away.input("deal")["items"]] == [False, False]
    assert back.primary == ["Move to Talking"]
    assert "No longer linked to Ramp for Acme" in again.words
    assert "Undo" in [button["text"] for button in again.buttons if "text" in button], "an undo can be taken back"
    assert desk.team.kinds(deal_id)[-3:] == ["thread.unlinked", "thread.linked", "thread.unlinked"]


def test_a_deal_that_is_not_the_one_it_was_taken_from_is_only_asked_about(desk: BesideGmail):
    deal_id, card, delivered = linked(desk)
    desk.team.deal("Another")

    away = desk.press(card, "Unlink", delivered)
    with desk.team.acting() as session:
        deals.delete(session, deal_id, at=NOON)
    opened = desk.open(delivered)

    assert "Link this thread" not in [*away.primary, *opened.primary]
    assert [item["selected"] for item in opened.input("deal")["items"]] == [False]


def test_a_press_needs_no_call_to_gmail(desk: BesideGmail):
    _, card, delivered = linked(desk)
    before = desk.gmail.calls["messages.get"]

    desk.press(card, "Move to Talking", delivered)

    assert desk.gmail.calls["messages.get"] == before


# ---- create --------------------------------------------------------------------------------------------------------


def test_a_stranger_becomes_a_person_with_a_deal_and_a_linked_thread(desk: BesideGmail):
    delivered = desk.deliver('"Doe, Jane" <j@x.test>')
    card = desk.open(delivered)

    made = desk.press(card, "Add and create deal", delivered, name="Jane Doe", title="Ramp", amount="86 400,00")

    assert made.notice == "Created Ramp and linked this thread."
    assert made.primary == ["Move to Talking"]
    assert "€86,400" in made.words
    assert "<b>Jane Doe</b>" in made.words


def test_two_presses_create_one_deal(desk: BesideGmail):
    delivered = desk.deliver()
    card = desk.open(delivered)

    desk.press(card, "Add and create deal", delivered, name="Jane", title="Ramp")
    again = desk.press(card, "Add and create deal", delivered, name="Jane", title="Ramp")

    assert again.notice == "This thread belongs to Ramp already."
    assert (count(desk, Deal), count(desk, Contact)) == (1, 1)


def test_what_is_no_amount_is_said_and_nothing_is_created(desk: BesideGmail):
    delivered = desk.deliver()

    refused = desk.press(desk.open(delivered), "Add and create deal", delivered, title="Ramp", amount="86.400,0,0")

    assert "86.400,0,0" in refused.notice
    assert refused.primary == ["Add and create deal"]
    assert (count(desk, Deal), count(desk, Contact), count(desk, Activity)) == (0, 0, count(desk, Activity))


@pytest.mark.parametrize("amount", ["0.125", "10.1234", "1.250"])
def test_no_amount_is_rounded_or_guessed(desk: BesideGmail, amount: str):
    delivered = desk.deliver()

    refused = desk.press(desk.open(delivered), "Add and create deal", delivered, title="Ramp", amount=amount)

    assert f"“{amount}”" in refused.notice
    assert refused.notice.startswith("Value: ")
    assert count(desk, Deal) == 0


@pytest.mark.parametrize("amount", ["-5", "-€5", "€ -5"])
def test_an_amount_below_nothing_is_said_and_nothing_is_created(desk: BesideGmail, amount: str):
    delivered = desk.deliver()

    refused = desk.press(desk.open(delivered), "Add and create deal", delivered, title="Ramp", amount=amount)

    assert refused.notice == "An amount cannot be below nothing. Nothing was created."
    assert (count(desk, Deal), count(desk, Contact)) == (0, 0)


@pytest.mark.parametrize(("amount", "worth"), [("€ 12", "€12"), ("EUR 12", "€12"), ("12 eur", "€12"), ("$ 12", "")])
def test_an_amount_may_name_the_pipelines_currency_and_no_other(desk: BesideGmail, amount: str, worth: str):
    delivered = desk.deliver()

    made = desk.press(desk.open(delivered), "Add and create deal", delivered, title="Ramp", amount=amount)

    if worth:
        assert worth in made.words
    else:
        assert made.notice == "“$ 12” is not an amount. Write 86400 or 86 400,00. Nothing was created."


def test_a_deal_without_a_name_is_not_created(desk: BesideGmail):
    delivered = desk.deliver()

    refused = desk.press(desk.open(delivered), "Add and create deal", delivered, title=" ")

    assert refused.notice == "A deal needs a name. Nothing was created."
    assert count(desk, Contact) == 0


def test_a_deal_goes_to_the_chosen_pipeline_in_its_currency(desk: BesideGmail):
    with desk.team.database.writing(Viewer.operator(desk.team.team_id)) as session:
        stages = [
            StageDraft("Onboarding", 60),
            StageDraft("Won", kind=StageKind.WON),
            StageDraft("Lost", kind=StageKind.LOST),
        ]
        after_sales = pipelines.create(session, "After sales", stages, at=NOON, currency="PLN").id
    delivered = desk.deliver()
    card = desk.open(delivered)

    made = desk.press(card, "Add and create deal", delivered, title="Care", pipeline=after_sales, amount="900")

    assert [item["text"] for item in card.input("pipeline")["items"]] == ["Sales · EUR", "After sales · PLN"]
    assert "Onboarding" in made.words
    assert "PLN\u00a0900" in made.words


def test_a_company_is_offered_by_its_domain_and_never_assumed(desk: BesideGmail):
    with desk.team.acting() as session:
        contacts.create_company(session, "Acme", at=NOON, domain="acme.example")
    first, second = desk.deliver("Al <al@acme.example>"), desk.deliver("Bo <bo@acme.example>")
    card = desk.open(first)

    desk.press(card, "Add without a deal", first, name="Al")
    desk.press(desk.open(second), "Add and create deal", second, name="Bo", title="Bo's", company="yes")

    assert "Works for Acme" in card.words
    with desk.team.looking() as session:
        found = {person.name: person.company_id for person in session.scalars(select(Contact))}
    assert found == {"Al": None, "Bo": 1}


def test_one_more_deal_can_be_made_where_one_fits(desk: BesideGmail):
    desk.team.deal()
    delivered = desk.deliver()

    form = desk.press(desk.open(delivered), "New deal for this thread", delivered)
    made = desk.press(form, "Create deal", delivered, title="Another")

    assert "pushCard" in form.json["renderActions"]["action"]["navigations"][0]
    assert made.notice == "Created Another and linked this thread."


def test_a_newcomer_in_a_linked_thread_gets_a_part_in_its_deal(desk: BesideGmail):
    deal_id, _, delivered = linked(desk)
    reply = desk.deliver(
        "Kim <kim@acme.example>", subject="Re: Ramp planner", more=f"References: {desk.message_ids[-1]}\r\n"
    )
    assert reply.thread_id == delivered.thread_id

    after = desk.press(desk.open(reply), "Add to this deal", reply, name="Kim Roe")

    assert after.notice == "Kim Roe was added."
    assert "<b>Kim Roe</b>" in after.words
    assert "deal.person_added" in desk.team.kinds(deal_id)


def test_the_next_step_is_kept_with_its_day(desk: BesideGmail):
    deal_id, card, delivered = linked(desk)
    thursday = {"dateInput": {"msSinceEpoch": 1.7726688e12}}

    after = desk.press(card, "Save", delivered, step="Send the offer", step_on=thursday)

    assert "Send the offer" in after.words
    assert "Thu 5 Mar · yours" in after.words
    with desk.team.looking() as session:
        assert session.get_one(Deal, deal_id).next_step_on == date(2026, 3, 5)


def test_who_wrote_is_known_by_any_spelling_of_the_address(desk: BesideGmail):
    desk.team.deal(person=JANE)

    assert "Ramp for Acme" in desk.open(desk.deliver("JANE+offers@ACME.example")).words
    assert ANNA not in desk.open(desk.deliver("JANE+offers@ACME.example")).words
