"""A deal is edited with its own fields in one act; people have roles; a won deal goes on as its twin."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from addon.domain.access import Viewer
from addon.domain.contacts import operations as contacts
from addon.domain.deals import operations as deals
from addon.domain.deals import playbook, queries, required, twins
from addon.domain.deals.draft import DealDraft
from addon.domain.errors import NotFound
from addon.domain.fields import operations as fields
from addon.domain.fields import options, stored
from addon.domain.fields import queries as queries_of_fields
from addon.domain.fields.keys import UnknownField, key_of
from addon.domain.fields.refusals import NobodySuch, TooLong
from addon.domain.ladder.twins import open_twin
from addon.domain.money import Money
from addon.models import Deal, FieldKind, Pipeline, Stage, Subject
from tests.domain.team_at_work import BEN, JANE, MONDAY, TeamAtWork

LATER = MONDAY + timedelta(hours=1)


def own(team: TeamAtWork, kind: FieldKind, name: str = "Own") -> str:
    """The key of a new field."""
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        return key_of(fields.create(session, Subject.DEAL, kind, name, at=MONDAY, options=["Red", "Blue"]).id)


def expect(session: Session, team: TeamAtWork, stage: str, **more: Any) -> None:
    now = session.get_one(Stage, team.stages[stage]).now
    for name, value in more.items():
        setattr(now, name, value)
    session.flush()


def test_one_edit_of_all_kinds_of_fields_stands_in_one_entry_and_can_be_taken_back(team: TeamAtWork) -> None:
    deal_id = team.deal()
    note, price, plan, tags = (
        own(team, kind, kind) for kind in (FieldKind.TEXT, FieldKind.MONEY, FieldKind.DATE, FieldKind.MULTI_SELECT)
    )
    with team.acting() as session:
        options = frozenset(option.id for option in queries_of_fields.spec(session, Subject.DEAL, tags).options)
        changes = {
            "title": "Ramps",
            "value": Money(Decimal("12.50"), "PLN"),
            "expected_close": date(2026, 5, 1),
            "lost_reason": "Too dear",
            "owner": team.users[BEN],
            note: "Hello",
            price: Money(Decimal(3), "EUR"),
            plan: date(2026, 6, 1),
            tags: options,
        }
        entry = deals.edit(session, deal_id, changes, at=LATER)
        assert entry is not None
        assert "Hello" not in f"{entry.before}{entry.after}"
        assert entry.after[price] == {"amount": "3.00", "currency": "EUR"}
        assert entry.after["owner_id"] == team.users[BEN]
        before, after = deals.edits_of(session, entry)
        assert after == changes

        taken_back = deals.edit(session, deal_id, before, at=LATER, undoes=entry)
        assert taken_back is not None
        assert deals.edits_of(session, taken_back) == (after, before)
        deal = queries.get(session, deal_id)
        assert (deal.title, deal.amount, deal.lost_reason) == ("Ramp for Acme", None, "")
        assert stored.read_many(session, Subject.DEAL, [deal_id], queries_of_fields.specs(session, Subject.DEAL)) == {
            deal_id: {}
        }
        deals.edit(session, deal_id, after, at=LATER, undoes=taken_back)
        assert deal.title == "Ramps"


def test_an_amount_that_changes_is_noted_with_its_currency(team: TeamAtWork) -> None:
    deal_id = team.deal()
    with team.acting() as session:
        deals.edit(session, deal_id, {"value": Money(Decimal(5), "EUR")}, at=LATER)
        entry = deals.edit(session, deal_id, {"value": Money(Decimal(6), "EUR")}, at=LATER)
        assert entry is not None
        assert entry.before == {"amount": "5.00", "currency": "EUR"}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"title": "x" * 10_000}, TooLong),
        ({"title": " "}, deals.NoTitle),
        ({"product": "x" * 201}, TooLong),
        ({"value": Money(Decimal(-1), "EUR")}, deals.BelowNothing),
        ({"value": Money(Decimal(10) ** 13, "EUR")}, deals.TooMuch),
        ({"company": 99}, NotFound),
        ({"owner_id": 99}, NotFound),
        ({"f99": 1}, UnknownField),
        ({"stage": 1}, KeyError),
    ],
)
def test_an_odd_edit_is_refused_and_changes_nothing(
    team: TeamAtWork, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    deal_id = team.deal()
    with team.acting() as session:
        with pytest.raises(refusal):
            deals.edit(session, deal_id, {"next_step": "Call", **changes}, at=LATER)
        assert queries.get(session, deal_id).next_step == ""


def test_somebody_of_nowhere_is_refused_by_the_fields_name(team: TeamAtWork) -> None:
    deal_id, key = team.deal(), own(team, FieldKind.CONTACT, "Signs")
    with team.acting() as session, pytest.raises(NobodySuch) as refused:
        deals.edit(session, deal_id, {key: 4711}, at=LATER)
    assert refused.value.params["field"] == "Signs"


def test_what_the_stage_asks_for_is_not_emptied_while_the_deal_stands_there(team: TeamAtWork) -> None:
    deal_id, key = team.deal(), own(team, FieldKind.TEXT, "Plan")
    with team.acting() as session:
        deals.edit(session, deal_id, {key: "Yearly", "product": "Ramps"}, at=LATER)
        expect(session, team, "New", required_to_enter=[key, "product", "f99"])
        deal = queries.get(session, deal_id)
        assert required.missing(session, deal, [key, "value", "product", "f99"])[0].key == "value"

        for changes, name in (({key: None}, "Plan"), ({key: " "}, "Plan"), ({"product": ""}, "product")):
            with pytest.raises(required.RequiredHere) as refused:
                deals.edit(session, deal_id, changes, at=LATER)
            assert (refused.value.params["field"], refused.value.params["stage"]) == (name, "New")
        assert deals.edit(session, deal_id, {key: "Monthly"}, at=LATER) is not None


def test_people_have_parts_that_are_named_changed_and_taken_away(team: TeamAtWork) -> None:
    deal_id = team.deal()
    with team.acting() as session:
        cfo = contacts.create(session, "cfo@acme.example", name="Cara", at=MONDAY)
        added = deals.add_person(session, deal_id, cfo, role="signs", at=LATER)
        assert added is not None
        assert deals.add_person(session, deal_id, cfo, at=LATER) is None
        assert deals.change_role(session, deal_id, cfo.id, "signs", at=LATER) is None
        changed = deals.change_role(session, deal_id, cfo.id, "pays", at=LATER)
        assert changed is not None
        assert changed.detail is not None
        assert changed.detail.texts == {"before": {"role": "signs"}, "after": {"role": "pays"}}
        assert queries.roles(session, queries.get(session, deal_id)) == {cfo.id: "pays"}
        with pytest.raises(TooLong) as refused:
            deals.change_role(session, deal_id, cfo.id, "x" * 101, at=LATER)
        assert refused.value.params["field"] == "role"

        removed = deals.remove_person(session, deal_id, cfo.id, at=LATER)
        assert removed.before == {"contact_id": cfo.id}
        with pytest.raises(deals.NoPart):
            deals.remove_person(session, deal_id, cfo.id, at=LATER)


def test_a_deleted_deal_comes_back_as_it_was(team: TeamAtWork) -> None:
    deal_id = team.deal()
    with team.acting() as session:
        deals.delete(session, deal_id, at=LATER)
        with pytest.raises(NotFound):
            deals.edit(session, deal_id, {"title": "Gone"}, at=LATER)
        deals.restore(session, deal_id, at=LATER)
        assert deals.restore(session, deal_id, at=LATER) is None
        assert queries.get(session, deal_id).title == "Ramp for Acme"
    assert team.kinds(deal_id)[-2:] == ["deal.deleted", "deal.restored"]


def test_a_stages_list_is_ticked_off(team: TeamAtWork) -> None:
    deal_id = team.deal()
    with team.acting() as session:
        new = team.stages["New"]
        expect(session, team, "New", checklist=[{"id": "a1", "text": "Ask for the budget"}])
        playbook.tick(session, deal_id, new, "a1", at=LATER)
        assert playbook.tick(session, deal_id, new, "a1", at=LATER) is None
        assert playbook.ticked(session, deal_id) == {(new, "a1")}
        with pytest.raises(playbook.NoSuchItem):
            playbook.tick(session, deal_id, new, "b2", at=LATER)
        playbook.untick(session, deal_id, new, "a1", at=LATER)
        assert playbook.untick(session, deal_id, new, "a1", at=LATER) is None
    assert team.kinds(deal_id)[-2:] == ["deal.ticked", "deal.unticked"]


def test_a_won_deal_goes_on_as_its_twin(team: TeamAtWork) -> None:
    deal_id = team.deal()
    with team.acting() as session, pytest.raises(twins.NotWon):
        twins.plan(session, deal_id)
    team.move(deal_id, "Won", at=LATER)
    with team.acting() as session:
        with pytest.raises(twins.NoAfterSales):
            twins.plan(session, deal_id)
        jane = contacts.create(session, JANE, at=MONDAY)
        deals.edit(session, deal_id, {"referred_by": jane.id, "value": Money(Decimal(9), "EUR")}, at=LATER)
        session.get_one(Pipeline, team.pipeline_id).after_sales_id = team.pipeline_id
        session.flush()

        planned = twins.plan(session, deal_id)

        assert planned.pipeline_id == team.pipeline_id
        assert (planned.draft.twin_of_id, planned.draft.referred_by_id) == (deal_id, jane.id)
        deals.check_draft(session, planned.draft)
        assert twins.of(session, session.get_one(Deal, deal_id)) == []


def test_a_twin_has_what_stands_in_the_teams_fields_and_can_stand_there_today(team: TeamAtWork) -> None:
    deal_id = team.deal()
    note, plan, tags, who = (
        own(team, kind, name)
        for kind, name in (
            (FieldKind.TEXT, "Note"),
            (FieldKind.SELECT, "Plan"),
            (FieldKind.MULTI_SELECT, "Tags"),
            (FieldKind.CONTACT, "Buyer"),
        )
    )
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        local = fields.create(session, Subject.DEAL, FieldKind.TEXT, "Here", at=MONDAY, pipeline_id=team.pipeline_id)
        specs = queries_of_fields.by_key(session, Subject.DEAL, [plan, tags])
        red, blue = (option.id for option in specs[tags].options)
        buyer = contacts.create(session, "buyer@acme.example", at=MONDAY).id
        held = {note: "Kept", plan: specs[plan].options[0].id, tags: frozenset({red, blue}), who: buyer}
        deals.edit(session, deal_id, {**held, key_of(local.id): "Stays", "next_step": "Sign"}, at=LATER)
        for option in (specs[plan].options[0].id, red):
            options.delete(session, option, at=LATER)
        contacts.delete(session, buyer, at=LATER)
        session.get_one(Pipeline, team.pipeline_id).after_sales_id = team.pipeline_id
    team.move(deal_id, "Won", at=LATER)

    with team.acting() as session:
        twin = open_twin(session, deal_id, at=LATER)
        specs = queries_of_fields.specs(session, Subject.DEAL, team.pipeline_id)

        values = stored.read_many(session, Subject.DEAL, [twin.id], specs)[twin.id]
        assert values == {note: "Kept", tags: frozenset({blue})}
        assert twin.next_step == ""


def test_a_draft_is_looked_at_before_the_deal_is_made(team: TeamAtWork) -> None:
    with team.acting() as session:
        with pytest.raises(TooLong):
            deals.check_draft(session, DealDraft(title="x" * 10_000, owner_id=team.users[BEN]))
        with pytest.raises(NotFound):
            deals.check_draft(session, DealDraft(title="x", owner_id=team.users[BEN], company_id=99))
