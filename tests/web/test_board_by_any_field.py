"""Boards by any field: what dropping a card changes, what is refused, what begins in a column."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from addon.domain.deals import operations as deals
from addon.domain.fields import operations as fields
from addon.domain.fields import queries as field_queries
from addon.domain.fields import stored
from addon.domain.pipelines import shaping
from addon.models import Company, Deal, FieldKind, Subject
from tests.web.views_world import board, drawn, drop, field, requires
from tests.web.web_world import MONDAY, World


def read(made: World, deal: int, name: str) -> object:
    with made.database.reading(made.viewer) as session:
        return getattr(session.get_one(Deal, deal), name)


def values_of(made: World, deal: int, key: str) -> object:
    with made.database.reading(made.viewer) as session:
        spec = field_queries.spec(session, Subject.DEAL, key)
        return stored.read_many(session, Subject.DEAL, [deal], [spec]).get(deal, {}).get(key)


def column_of(page: str, name: str) -> str:
    """The text of the column that is called so."""
    parts = re.split(r"(?=<section class=\"dt-col)", page)
    return next(part for part in parts if f'data-name="{name}"' in part)


def test_grouped_by_owner_everybody_has_a_column_and_dropping_gives_the_deal_away(small_world):
    deal = small_world.deal("Pilot", company="Kartonex", amount="100")
    at = f"{board(small_world)}?group=owner"
    assert "Kartonex" in column_of(small_world.client().get(at).text, "Anna Kowalczyk")

    answer = drop(small_world, deal, small_world.dimas.id, at, left=small_world.anna.id)

    assert answer.status_code == 200, answer.text
    assert read(small_world, deal, "owner_id") == small_world.dimas.id
    assert "Kartonex" in column_of(drawn(answer), "Dimas Prasetyo")
    assert "Undo" in answer.json["moved"]


def test_what_holds_nothing_stands_in_a_column_of_its_own_and_can_be_put_back_there(small_world):
    deal = small_world.deal("Pilot", company="Kartonex")
    plan = field(small_world, FieldKind.SELECT, "Plan", "Basic", "Pro")
    at = f"{board(small_world)}?group={plan}"
    with small_world.database.reading(small_world.viewer) as session:
        basic = field_queries.spec(session, Subject.DEAL, plan).options[0].id

    page = small_world.client().get(at).text
    assert "Kartonex" in column_of(page, "No Plan")
    assert "Kartonex" in column_of(drawn(drop(small_world, deal, basic, at)), "Basic")

    back = drop(small_world, deal, "", at, left=basic)

    assert "Kartonex" in column_of(drawn(back), "No Plan")


def test_columns_add_up_to_the_line_above_them(small_world):
    small_world.deal("One", company="Alfa", amount="1000")
    small_world.deal("Two", "Proposal", company="Beta", amount="500", owner=small_world.dimas)
    page = small_world.client().get(f"{board(small_world)}?group=owner").text

    assert "€1,000" in column_of(page, "Anna Kowalczyk")
    assert "weighted €300" in column_of(page, "Dimas Prasetyo")
    assert "2 deals" in page
    assert "€1,500" in page


def test_regrouping_by_something_else_leaves_won_and_lost_out_visibly(small_world):
    small_world.move(small_world.deal("Old", company="Alfa"), "Won")
    small_world.deal("New", company="Beta")

    page = small_world.client().get(board(small_world)).text
    found = re.search(r'href="(/board/\d+\?[^"]*group=owner[^"]*)"', page)
    assert found is not None
    by_owner = small_world.client().get(found[1].replace("&amp;", "&")).text

    assert "Beta" in by_owner
    assert "Alfa" not in by_owner
    assert "Remove the filter Stage open" in by_owner


def test_a_drop_that_somebody_overtook_is_refused_and_says_who(small_world):
    deal = small_world.deal("Pilot", company="Kartonex")
    at = f"{board(small_world)}?group=product"
    with small_world.database.writing(small_world.viewer) as session:
        deals.edit(session, deal, {"product": "Ramp"}, at=MONDAY)

    answer = drop(small_world, deal, "Gate", at, left="", user=small_world.dimas)

    assert answer.status_code == 409
    assert "Anna Kowalczyk changed this first" in answer.json["text"]
    assert read(small_world, deal, "product") == "Ramp"


@pytest.mark.parametrize(
    ("kind", "first", "second", "left"),
    [
        (FieldKind.TEXT, "Blue", "Red", ""),
        (FieldKind.LONG_TEXT, "Blue", "Red", ""),
        (FieldKind.LINK, "https://a.example", "https://b.example", ""),
        (FieldKind.PHONE, "+48 600 100 200", "+48 600 100 201", ""),
        (FieldKind.NUMBER, "3", "4.5", ""),
        (FieldKind.MONEY, "12500 EUR", "990 EUR", ""),
        (FieldKind.DATE, "2026-03", "2026-04", ""),
        (FieldKind.DATE, "2026-03", "2026-04", "2026-02"),
        (FieldKind.CHECKBOX, "1", "", ""),
        (FieldKind.SELECT, "first option", "second option", ""),
        (FieldKind.MULTI_SELECT, "first option", "second option", ""),
        (FieldKind.MULTI_SELECT, "first option", "", "second option"),
    ],
)
def test_of_two_drops_by_a_field_of_any_kind_the_later_snaps_back_and_says_who_was_first(
    small_world, kind, first, second, left
):
    deal = small_world.deal("Pilot", company="Kartonex")
    key = field(small_world, kind, "Ours", *(("A", "B") if "option" in first else ()))
    at = f"{board(small_world)}?group={key}"
    with small_world.database.reading(small_world.viewer) as session:
        options = [str(one.id) for one in field_queries.spec(session, Subject.DEAL, key).options]
    said = {"first option": options[:1], "second option": options[1:]}
    first, second, left = (next(iter(said.get(word, ())), word) for word in (first, second, left))
    if left:
        assert drop(small_world, deal, left, at).status_code == 200
    assert drop(small_world, deal, first, at, left=left, user=small_world.anna).status_code == 200
    stands = values_of(small_world, deal, key)

    answer = drop(small_world, deal, second, at, left=left, user=small_world.dimas)

    assert answer.status_code == 409, answer.text
    assert "Anna Kowalczyk changed this first" in answer.json["text"]
    assert values_of(small_world, deal, key) == stands
    assert drop(small_world, deal, second, at, left=first, user=small_world.dimas).status_code == 200
    assert values_of(small_world, deal, key) != stands


def test_a_board_by_what_every_deal_has_is_grouped_dropped_into_and_begun_in(small_world):
    deal, other = small_world.deal("Pilot", company="Alfa", amount="100"), small_world.deal("Two", company="Beta")
    offered = small_world.client().get(board(small_world)).text
    for key, column, left in (
        ("value", "10000 EUR", ""),
        ("title", "pilot", "two"),
        ("next_step", "call", ""),
    ):
        at = f"{board(small_world)}?group={key}"
        assert f"group={key}" in offered
        if key == "next_step":
            assert drop(small_world, deal, "Call", at, left="").status_code == 200
        assert drop(small_world, other, column, at, left=left, user=small_world.dimas).status_code == 200
        assert drop(small_world, other, column, at, left=left).status_code == 409
        assert read(small_world, other, "amount" if key == "value" else key) == read(
            small_world, deal, "amount" if key == "value" else key
        )
        added = small_world.post("/board/add", {"at": at, "column": column, "title": "New"}, json=True)
        assert added.status_code == 200, added.text


@pytest.mark.parametrize(("subject", "key"), [("people", "phone"), ("people", "name"), ("companies", "domain")])
def test_people_and_companies_are_grouped_by_any_of_their_fields(small_world, subject, key):
    assert f"group={key}" in small_world.client().get(f"/{subject}?shape=board").text


def test_a_stage_that_asks_for_a_field_snaps_the_card_back_and_leads_to_the_field(small_world):
    deal = small_world.deal("Pilot", company="Kartonex")
    needed = field(small_world, FieldKind.TEXT, "Decision maker")
    requires(small_world, "Negotiation", needed, "expected_close")

    answer = drop(small_world, deal, small_world.stage("Negotiation"))

    assert answer.status_code == 409
    assert answer.json["title"] == "Not moved to Negotiation."
    assert answer.json["text"] == "It needs “Decision maker”, “Expected close”. Nothing was changed."
    assert f"/deals/{deal}/edit?need={needed},expected_close#{needed}" in answer.json["html"].replace("%2C", ",")
    assert "Fill it in" in answer.json["html"]


def test_a_stage_that_leads_elsewhere_says_where_to(small_world):
    deal = small_world.deal("Pilot", company="Kartonex")
    with small_world.database.writing(small_world.viewer.operator(small_world.viewer.team_id)) as session:
        leads = [small_world.stage("Lead qualification")]
        shaping.edit_stage(session, small_world.stage("Prospecting"), {"leads_to": leads}, at=MONDAY)

    answer = drop(small_world, deal, small_world.stage("Proposal"))

    assert answer.status_code == 409
    assert "From here a deal goes to “Lead qualification”" in answer.json["text"]


def test_a_deal_is_lost_for_a_reason_which_is_offered_again(small_world):
    deal, other = small_world.deal("Pilot", company="Kartonex"), small_world.deal("Two", company="Beta")
    lost = small_world.stage("Lost")

    assert drop(small_world, deal, lost).json["code"] == "ladder.reason_needed"
    assert drop(small_world, deal, lost, lost_reason="Too dear").status_code == 200

    assert read(small_world, deal, "lost_reason") == "Too dear"
    reasons = small_world.client().get("/board/reasons", query_string={"at": board(small_world)})
    assert reasons.json == ["Too dear"]
    assert read(small_world, other, "lost_reason") == ""


def test_a_column_that_no_hand_fills_refuses_the_card(small_world):
    deal = small_world.deal("Pilot", company="Kartonex")

    answer = drop(small_world, deal, "2026-11", f"{board(small_world)}?group=created")

    assert answer.status_code == 404 or answer.json["title"]
    assert answer.status_code in (404, 409)


def test_a_card_is_begun_in_the_column_it_is_added_to(small_world):
    answer = small_world.post(
        "/board/add",
        {"at": board(small_world), "column": small_world.stage("Meeting"), "title": "40 seats", "company": "Acme"},
        json=True,
    )
    plan = field(small_world, FieldKind.SELECT, "Plan", "Basic", "Pro")
    with small_world.database.reading(small_world.viewer) as session:
        pro = field_queries.spec(session, Subject.DEAL, plan).options[1].id
    second = small_world.post(
        "/board/add", {"at": f"{board(small_world)}?group={plan}", "column": pro, "title": "Seats"}, json=True
    )

    assert "Acme" in column_of(drawn(answer), "Meeting")
    assert "Made “40 seats”" in answer.json["say"]
    assert "Seats" in column_of(drawn(second), "Pro")


def test_a_column_that_asks_for_more_names_it_and_leads_to_the_whole_form_with_what_was_typed(small_world):
    plan = field(small_world, FieldKind.SELECT, "Plan", "Basic", "Pro")
    requires(small_world, "Meeting", "value", plan)
    typed = {"at": board(small_world), "column": small_world.stage("Meeting"), "title": "40 seats", "company": "Acme"}

    refused = small_world.post("/board/add", typed, json=True)
    plain = small_world.post("/board/add", typed)
    to = refused.json["way"]["url"]
    form = small_world.client().get(to).text
    empty = small_world.post(to, {"title": "40 seats", "currency": "EUR", "owner_id": small_world.anna.id})
    with small_world.database.reading(small_world.viewer) as session:
        pro = field_queries.spec(session, Subject.DEAL, plan).options[1].id
        assert session.scalars(select(Company.id)).all() == [], "nothing was made yet"
    filled = {"title": "40 seats", "amount": "50", "currency": "EUR", "owner_id": small_world.anna.id, plan: f"#{pro}"}
    made = small_world.post(to, filled)

    assert refused.status_code == 409
    assert refused.json["title"] == "Meeting needs “Value”, “Plan”."
    assert refused.json["text"] == "Nothing was made yet."
    assert plain.location == to
    assert 'value="40 seats"' in form
    assert 'value="Acme"' in form
    assert empty.status_code == 422
    assert "Meeting needs this. Nothing was changed." in empty.text
    assert made.status_code == 302
    assert "40 seats" in column_of(small_world.client().get(board(small_world)).text, "Meeting")


def test_what_a_column_says_of_its_deals_stands_in_the_whole_form(small_world):
    plan = field(small_world, FieldKind.SELECT, "Plan", "Basic", "Pro")
    requires(small_world, "Prospecting", "value")
    with small_world.database.reading(small_world.viewer) as session:
        pro = field_queries.spec(session, Subject.DEAL, plan).options[1].id
    for group, column, shown in (
        (plan, pro, f'<option value="#{pro}" selected'),
        ("owner", small_world.dimas.id, f'<option value="{small_world.dimas.id}" selected'),
        ("product", "Ramp", 'value="Ramp"'),
    ):
        form = {"at": f"{board(small_world)}?group={group}", "column": column, "title": "Seats"}
        to = small_world.post("/board/add", form, json=True).json["way"]["url"]
        assert shown in small_world.client().get(to).text, group


def test_a_deal_without_a_title_is_not_begun(small_world):
    form = {"at": board(small_world), "column": small_world.stage("Meeting"), "title": "  "}

    answer = small_world.post("/board/add", form, json=True)

    assert answer.status_code == 409
    assert "needs a title" in answer.json["title"] + answer.json["text"]


def test_a_company_whose_name_is_too_long_is_refused_and_never_cut(small_world):
    form = {"at": board(small_world), "column": small_world.stage("Meeting"), "title": "Seats", "company": "c" * 301}

    answer = small_world.post("/board/add", form, json=True)

    assert answer.status_code == 409
    assert "Company holds up to 300 characters" in answer.json["title"] + answer.json["text"]
    assert "Seats" not in small_world.client().get(board(small_world)).text


def test_the_rest_of_a_long_column_comes_by_and_by_and_stays_when_the_board_is_drawn_anew(small_world):
    for number in range(53):
        small_world.deal(f"Deal {number:02}")
    client, at = small_world.client(), board(small_world)
    page = client.get(at).text
    mark = re.search(r'data-more="([^"]+)"', page)
    assert mark is not None
    assert page.count("data-deal=") == 50
    assert '<a class="n num" href=' in page

    query = {"at": at, "column": small_world.stage("Prospecting"), "after": mark[1]}
    rest = client.get("/board/more", query_string=query).json
    state = client.get("/board/state", query_string={"at": at, "shown": f"{small_world.stage('Prospecting')}:53"}).json

    assert rest["html"].count("data-deal=") == 3
    assert rest["after"] == ""
    assert sum(column.get("html", "").count("data-deal=") for column in state["columns"]) == 53


def test_a_script_is_sent_only_the_columns_that_it_does_not_have(small_world):
    deal = small_world.deal("Pilot", company="Kartonex")
    client, at = small_world.client(), board(small_world)
    before = client.get("/board/state", query_string={"at": at}).json
    small_world.move(deal, "Meeting")

    known = ",".join(column["print"] for column in before["columns"])
    after = client.get("/board/state", query_string={"at": at, "prints": known, "known": before["print"]}).json

    changed = [column["id"] for column in after["columns"] if "html" in column]
    assert changed == [f"stage-{small_world.stage(name)}" for name in ("Prospecting", "Meeting")]


def test_a_few_fields_are_changed_on_the_card(small_world):
    deal = small_world.deal("Pilot", company="Kartonex", amount="100")
    form = {"at": board(small_world), "value": "1.250,50", "next_step": "Call", "owner": f"#{small_world.dimas.id}"}
    shown = small_world.client().get(f"/cells/{deal}?at={board(small_world)}&part=1").text

    answer = small_world.post(f"/cells/{deal}", {**form, "next_step_on": "2026-11-27"}, json=True)

    assert 'value="EUR 100"' in shown
    assert answer.status_code == 200, answer.text
    assert str(read(small_world, deal, "amount")) == "1250.50"
    assert "Fri 27 Nov" in drawn(answer)
    assert "Undo" in answer.json["moved"]


def test_what_cannot_be_read_on_a_card_keeps_what_was_typed(small_world):
    deal = small_world.deal("Pilot", company="Kartonex", amount="100")

    answer = small_world.post(
        f"/cells/{deal}", {"at": board(small_world), "value": "86.400,0,0", "keys": "value", "part": "1"}, json=True
    )

    assert answer.status_code == 422
    assert 'value="86.400,0,0"' in answer.text
    assert "dt-err" in answer.text


def test_two_people_at_one_card_do_not_overwrite_each_other(small_world):
    deal = small_world.deal("Pilot", company="Kartonex", step="Call")
    with small_world.database.writing(small_world.viewer) as session:
        deals.edit(session, deal, {"next_step": "Write"}, at=MONDAY)

    form = {"at": board(small_world), "keys": "next_step", "next_step": "Visit", "was_next_step": "Call"}
    answer = small_world.post(f"/cells/{deal}", form, json=True, user=small_world.dimas)

    assert answer.status_code == 422
    assert "Anna Kowalczyk changed this first" in answer.text
    assert read(small_world, deal, "next_step") == "Write"


def test_a_board_by_a_field_that_is_gone_says_so(small_world):
    plan = field(small_world, FieldKind.SELECT, "Plan", "Basic")
    with small_world.database.writing(small_world.viewer.operator(small_world.viewer.team_id)) as session:
        fields.delete(session, int(plan[1:]), at=MONDAY)

    page = small_world.client().get(f"{board(small_world)}?group={plan}")

    assert page.status_code == 200
    assert "This view asks for what is no longer there: Plan." in page.text
