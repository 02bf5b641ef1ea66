"""Law 4 for every act: the undo puts back what was there, the undo of the undo what the act had made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.access import Viewer
from addon.domain.contacts import addressing, companies
from addon.domain.contacts import operations as contacts
from addon.domain.deals import operations as deals
from addon.domain.deals.draft import DealDraft
from addon.domain.fields import operations as fields
from addon.domain.fields import options
from addon.domain.ladder import operations as ladder
from addon.domain.ladder import removing, twins
from addon.domain.money import Money
from addon.domain.pipelines import members, shaping
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines.operations import StageDraft
from addon.domain.tasks import operations as tasks
from addon.domain.teams import operations as teams
from addon.domain.undoing import operations, plan
from addon.domain.undoing.operations import CannotUndo
from addon.domain.views import asking
from addon.domain.views import operations as views
from addon.models import (
    Activity,
    Address,
    Company,
    Contact,
    Deal,
    DealContact,
    DealValue,
    Field,
    FieldKind,
    FieldOption,
    Model,
    Pipeline,
    PipelineMember,
    Role,
    RoleSight,
    Sight,
    Stage,
    Subject,
    Task,
    User,
    View,
)
from tests.domain.team_at_work import ANNA, BEN, MONDAY, TeamAtWork

LATER = MONDAY + timedelta(hours=2)
_KEPT: dict[type[Model], tuple[str, ...]] = {
    Deal: ("id", "title", "owner_id", "contact_id", "company_id", "amount", "currency", "product", "stage_id"),
    DealContact: ("deal_id", "contact_id", "role"),
    DealValue: ("deal_id", "field_id", "text", "number", "option_id"),
    Contact: ("id", "name", "title", "company_id"),
    Company: ("id", "name", "domain"),
    Address: ("id", "contact_id", "email"),
    Field: ("id", "name", "position"),
    FieldOption: ("id", "name", "position", "score"),
    Pipeline: ("id", "name", "position", "members_only", "currency"),
    PipelineMember: ("pipeline_id", "user_id"),
    Stage: ("id", "name"),
    Task: ("id", "title", "assignee_id", "due_on"),
    View: ("id", "name", "shared", "filter", "group_by"),
    User: ("id", "name", "role", "active"),
}
_ENDED = ("deleted_at", "archived_at")


def standing(team: TeamAtWork) -> dict[str, list[Any]]:
    """All that people see, without what is deleted."""
    with team.database.reading(Viewer.operator(team.team_id)) as session:
        found: dict[str, list[Any]] = {}
        for model, names in _KEPT.items():
            rows = [row for row in session.scalars(select(model)) if _is_there(session, row)]
            found[model.__name__] = sorted(repr([getattr(row, name) for name in names]) for row in rows)
        stages = [row for row in session.scalars(select(Stage).order_by(Stage.position)) if _is_there(session, row)]
        found["order of stages"] = [
            [row.id for row in stages if row.pipeline_id == line]
            for line in sorted({row.pipeline_id for row in stages})
        ]
        addresses = session.scalars(select(Address).order_by(Address.contact_id, Address.position))
        found["order of addresses"] = [row.id for row in addresses if _is_there(session, row)]
        found["sights"] = sorted((r.role, r.sight) for r in session.scalars(select(RoleSight)) if r.sight != Sight.ALL)
        found["where a deleted deal stands"] = [
            row.stage_id for row in session.scalars(select(Deal).where(Deal.title == "Dropped"))
        ]
        found["done"] = [row.id for row in session.scalars(select(Task)) if row.done_at is not None]
        return found


def _is_there(session: Session, row: Any) -> bool:
    gone = isinstance(row, Address) and row.contact_id is None
    if isinstance(row, Stage):
        gone = session.get_one(Pipeline, row.pipeline_id).archived_at is not None
    return not gone and not any(getattr(row, name, None) for name in _ENDED)


def newest(team: TeamAtWork) -> Activity:
    """The entry that began the last act."""
    with team.database.reading(Viewer.operator(team.team_id)) as session:
        last = session.scalars(select(Activity).order_by(Activity.id.desc()).limit(1)).one()
        return session.get_one(Activity, last.cause_id or last.id)


Act = Callable[[Session, "Cast"], Any]


class Cast:
    """Who and what the acts are about."""

    def __init__(self, team: TeamAtWork) -> None:
        self.team = team
        with team.database.writing(Viewer.operator(team.team_id)) as session:
            session.get_one(User, team.users[ANNA]).role = Role.ADMIN
        self.deal_id = team.deal("Ramp")
        with team.acting() as session:
            self.contact_id: int = session.scalars(select(Contact.id)).one()
            self.other = contacts.create(session, "jo@acme.example", at=MONDAY, name="Jo").id
            self.third = contacts.create(session, "p@acme.example", at=MONDAY).id
            addressing.add(session, self.other, "jo@home.example", at=MONDAY)
            deals.add_person(session, self.deal_id, session.get_one(Contact, self.other), at=MONDAY, role="buyer")
            self.company_id = companies.create(session, "Acme", at=MONDAY, domain="acme.example").id
            self.text = fields.create(session, Subject.DEAL, FieldKind.TEXT, "Colour", at=MONDAY).id
            choice = fields.create(session, Subject.DEAL, FieldKind.SELECT, "Size", at=MONDAY, options=["S", "M", "L"])
            self.select = choice.id
            self.options = list(session.scalars(select(FieldOption.id).order_by(FieldOption.id)))
            self.task = tasks.create(
                session, "Call", assignee_id=team.users[ANNA], at=MONDAY, deal_id=self.deal_id, due_on=date(2026, 4, 1)
            ).id
            self.view = views.save(session, "Mine", asking.standard(Subject.DEAL), at=MONDAY).ref
            self.line = pipelines.create(
                session,
                "Second",
                [StageDraft("A"), *(StageDraft(k.title(), kind=k) for k in ("won", "lost"))],
                at=MONDAY,
            ).id
            pipelines_of = select(Stage.id).where(Stage.pipeline_id == self.line).order_by(Stage.position)
            self.stages = list(session.scalars(pipelines_of))
            pipelines.edit(session, team.pipeline_id, {"after_sales_id": self.line}, at=MONDAY)
            draft = DealDraft(title="Bridge", owner_id=team.users[ANNA], contact_id=self.contact_id)
            self.won = ladder.open_deal(session, draft, at=MONDAY, stage_id=team.stages["Won"]).id
            deals.add_person(session, self.won, session.get_one(Contact, self.third), at=MONDAY, role="signs")
            dropped = DealDraft(title="Dropped", owner_id=team.users[ANNA])
            gone = ladder.open_deal(session, dropped, at=MONDAY, stage_id=team.stages["New"])
            deals.delete(session, gone.id, at=MONDAY)


ACTS: dict[str, Act] = {
    "an edit of a deal": lambda s, c: deals.edit(
        s,
        c.deal_id,
        {
            "title": "Ramps",
            "value": Money(Decimal("10.50"), "EUR"),
            "company": c.company_id,
            "owner": c.team.users[BEN],
            "product": "",
            f"f{c.text}": "red",
            f"f{c.select}": c.options[0],
            "expected_close": date(2026, 5, 1),
        },
        at=MONDAY,
    ),
    "an edit of a person": lambda s, c: contacts.edit(
        s, c.other, {"name": "Jo Doe", "job": "Buyer", "company": c.company_id}, at=MONDAY
    ),
    "an edit of a company": lambda s, c: companies.edit(
        s, c.company_id, {"name": "Acme Ltd", "domain": "acme2.example"}, at=MONDAY
    ),
    "a new deal": lambda s, c: ladder.open_deal(s, _draft(c), at=MONDAY, pipeline_id=c.team.pipeline_id),
    "a new person": lambda s, c: contacts.create(s, "new@acme.example", at=MONDAY),
    "a new company": lambda s, c: companies.create(s, "Borealis", at=MONDAY),
    "a deleted deal": lambda s, c: deals.delete(s, c.deal_id, at=MONDAY),
    "a deleted person": lambda s, c: contacts.delete(s, c.other, at=MONDAY),
    "a deleted company": lambda s, c: companies.delete(s, c.company_id, at=MONDAY),
    "somebody who takes part": lambda s, c: deals.add_person(
        s, c.deal_id, s.get_one(Contact, c.third), at=MONDAY, role="signs"
    ),
    "somebody who no longer takes part": lambda s, c: deals.remove_person(s, c.deal_id, c.other, at=MONDAY),
    "another role": lambda s, c: deals.change_role(s, c.deal_id, c.other, "signs", at=MONDAY),
    "one more address": lambda s, c: addressing.add(s, c.other, "third@acme.example", at=MONDAY),
    "an address less": lambda s, c: addressing.take_away(s, c.other, _addresses(s, c)[0], at=MONDAY),
    "another first address": lambda s, c: addressing.make_first(s, c.other, _addresses(s, c)[1], at=MONDAY),
    "a new field": lambda s, c: fields.create(s, Subject.DEAL, FieldKind.SELECT, "Plan", at=MONDAY, options=["a", "b"]),
    "a renamed field": lambda s, c: fields.edit(s, c.text, name="Tint", help="Which?", weight=3, at=MONDAY),
    "a deleted field": lambda s, c: fields.delete(s, c.text, at=MONDAY),
    "fields in another order": lambda s, c: fields.order(s, Subject.DEAL, [c.select, c.text], at=MONDAY),
    "a new choice": lambda s, c: options.add(s, c.select, "XL", at=MONDAY),
    "a renamed choice": lambda s, c: options.edit(s, c.options[0], name="Small", score=10, at=MONDAY),
    "a deleted choice": lambda s, c: options.delete(s, c.options[0], at=MONDAY),
    "choices in another order": lambda s, c: options.order(s, c.select, c.options[::-1], at=MONDAY),
    "a new task": lambda s, c: tasks.create(s, "Write", assignee_id=c.team.users[ANNA], at=MONDAY, deal_id=c.deal_id),
    "an edit of a task": lambda s, c: tasks.edit(s, c.task, {"title": "Ring", "due_on": None}, at=MONDAY),
    "a task that is done": lambda s, c: tasks.done(s, c.task, at=MONDAY),
    "a deleted task": lambda s, c: tasks.delete(s, c.task, at=MONDAY),
    "a saved view": lambda s, c: views.save(s, "New view", asking.standard(Subject.CONTACT), at=MONDAY),
    "a renamed view": lambda s, c: views.rename(s, c.view, "Ours", at=MONDAY),
    "a changed view": lambda s, c: views.put(s, c.view, {"group_by": "owner"}, at=MONDAY),
    "a shared view": lambda s, c: views.share(s, c.view, True, at=MONDAY),
    "a deleted view": lambda s, c: views.delete(s, c.view, at=MONDAY),
    "a new pipeline": lambda s, c: pipelines.create(
        s, "Third", [StageDraft("A"), *(StageDraft(k.title(), kind=k) for k in ("won", "lost"))], at=MONDAY
    ),
    "an edit of a pipeline": lambda s, c: pipelines.edit(s, c.line, {"name": "2nd", "currency": "PLN"}, at=MONDAY),
    "pipelines in another order": lambda s, c: pipelines.reorder(s, [c.line, c.team.pipeline_id], at=MONDAY),
    "a pipeline that is put away": lambda s, c: pipelines.archive(s, c.line, at=MONDAY),
    "a pipeline for its members": lambda s, c: members.close_to_members(s, c.line, at=MONDAY),
    "a member": lambda s, c: members.add(s, c.line, c.team.users[BEN], at=MONDAY),
    "a new stage": lambda s, c: shaping.add_stage(s, c.line, StageDraft("B", 5), at=MONDAY),
    "an edit of a stage": lambda s, c: shaping.edit_stage(
        s, c.stages[0], {"name": "AA", "probability": 33, "help": "Ask!", "required_to_leave": ["value"]}, at=MONDAY
    ),
    "stages in another order": lambda s, c: shaping.reorder_stages(s, c.line, c.stages[::-1], at=MONDAY),
    "somebody's role": lambda s, c: teams.change_role(s, c.team.users[BEN], Role.MANAGER, at=MONDAY),
    "somebody who may no longer come in": lambda s, c: teams.deactivate(s, c.team.users[BEN], at=MONDAY),
    "what a role sees": lambda s, c: teams.set_sight(s, Role.REP, Sight.OWN, at=MONDAY),
    "a twin after the sale": lambda s, c: twins.open_twin(s, c.won, at=MONDAY),
    "a move to another pipeline": lambda s, c: ladder.move_to_pipeline(s, c.deal_id, c.stages[0], seen=None, at=MONDAY),
    "a stage that is gone with its deals elsewhere": lambda s, c: removing.remove_stage(
        s, c.team.stages["New"], at=MONDAY, target_id=c.team.stages["Offer"]
    ),
}


def _draft(cast: Cast) -> Any:
    return DealDraft(title="New one", owner_id=cast.team.users[ANNA])


def _addresses(session: Session, cast: Cast) -> list[int]:
    held = select(Address.id).where(Address.contact_id == cast.other).order_by(Address.position)
    return list(session.scalars(held))


@pytest.mark.parametrize("act", ACTS)
def test_it_is_taken_back_and_done_again(team: TeamAtWork, act: str) -> None:
    cast = Cast(team)
    before = standing(team)
    with team.acting() as session:
        assert ACTS[act](session, cast) is not None or act.startswith("somebody")
    after = standing(team)
    entry = newest(team)
    assert after != before

    with team.looking() as session:
        assert plan.can_be_offered(entry)
        told = operations.preview(session, entry.id)
        assert told.possible, told.refused
        assert len(told.takes_back) == len(told.entries)
    for expected in (before, after, before, after):
        with team.acting() as session:
            entry = operations.undo(session, entry.id, at=LATER)
        assert standing(team) == expected


def refused(team: TeamAtWork, entry: Activity) -> list[str]:
    before = standing(team)
    with pytest.raises(CannotUndo) as cannot, team.acting() as session:
        operations.undo(session, entry.id, at=LATER)
    assert standing(team) == before
    return [code for code, _ in cannot.value.params["reasons"]]


class TestIsRefusedWithTheList:
    def test_where_a_field_was_changed_since(self, team: TeamAtWork) -> None:
        cast = Cast(team)
        with team.acting() as session:
            entry = deals.edit(session, cast.deal_id, {"title": "Ramps", f"f{cast.text}": "red"}, at=MONDAY)
        with team.acting(BEN) as session:
            deals.edit(session, cast.deal_id, {f"f{cast.text}": "blue"}, at=MONDAY)

        assert entry is not None
        assert refused(team, entry) == ["undoing.changed_since"]

    def test_not_where_something_else_was(self, team: TeamAtWork) -> None:
        cast = Cast(team)
        with team.acting() as session:
            entry = deals.edit(session, cast.deal_id, {"title": "Ramps"}, at=MONDAY)
            deals.edit(session, cast.deal_id, {"product": "Planner"}, at=MONDAY)

        assert entry is not None
        with team.acting() as session:
            operations.undo(session, entry.id, at=LATER)
            row = session.get_one(Deal, cast.deal_id)
            assert (row.title, row.product) == ("Ramp", "Planner")

    def test_where_deals_need_somebody_who_was_added(self, team: TeamAtWork) -> None:
        cast = Cast(team)
        with team.acting() as session:
            contacts.create(session, "new@acme.example", at=MONDAY)
        entry = newest(team)
        with team.acting() as session:
            deals.edit(session, cast.deal_id, {"contact": entry.subject_id}, at=MONDAY)

        assert refused(team, entry) == ["undoing.needed_by"]

    def test_where_a_new_deal_was_worked_on(self, team: TeamAtWork) -> None:
        deal_id = team.deal()
        [created, *_] = team.diary(deal_id)
        team.move(deal_id, "Offer", by=BEN)

        assert refused(team, created) == ["undoing.changed_since"]

    def test_where_something_was_written_into_a_new_field(self, team: TeamAtWork) -> None:
        cast = Cast(team)
        with team.acting() as session:
            fields.create(session, Subject.DEAL, FieldKind.TEXT, "Plan", at=MONDAY)
        entry = newest(team)
        with team.acting() as session:
            deals.edit(session, cast.deal_id, {f"f{entry.subject_id}": "x"}, at=MONDAY)

        assert refused(team, entry) == ["undoing.holds_values"]

    def test_where_deals_stand_in_a_new_stage(self, team: TeamAtWork) -> None:
        cast = Cast(team)
        with team.acting() as session:
            stage = shaping.add_stage(session, team.pipeline_id, StageDraft("Late"), at=MONDAY).id
        entry = newest(team)
        with team.acting() as session:
            ladder.move(session, cast.deal_id, stage, seen=None, at=MONDAY)

        assert refused(team, entry) == ["undoing.holds_deals"]

    def test_where_it_was_taken_back_by_hand(self, team: TeamAtWork) -> None:
        cast = Cast(team)
        with team.acting() as session:
            entry = tasks.done(session, cast.task, at=MONDAY)
            tasks.reopen(session, cast.task, at=MONDAY)

        assert entry is not None
        assert refused(team, entry) == ["undoing.not_as_it_was"]
