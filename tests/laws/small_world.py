"""A small team with a little of everything, random acts on it, and how it stands as people see it."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.access import Viewer
from addon.domain.bulk import operations as bulk
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
from addon.domain.undoing import operations as undoing
from addon.domain.views import asking
from addon.domain.views import operations as views
from addon.models import (
    BulkKind,
    Company,
    Contact,
    Deal,
    Field,
    FieldKind,
    FieldOption,
    Model,
    Pipeline,
    Role,
    Sight,
    Stage,
    StageKind,
    Subject,
    Task,
    User,
    View,
)
from tests.domain.team_at_work import ANNA, BEN, MONDAY, TeamAtWork

_LEFT_OUT = ("activity", "search_", "bulk", "import", "alembic", "installation", "mailbox", "field_choice")
"""The diary, the index, and the rows of acts themselves."""
_HOLDERS = {
    "deal_id": "deal",
    "contact_id": "contact",
    "company_id": "company",
    "field_id": "field",
    "option_id": "field_option",
    "pipeline_id": "pipeline",
    "stage_id": "stage",
}
_NAMED = frozenset({*_HOLDERS.values(), "address", "task", "view", "user"})
"""Tables whose rows are the same ones when they come back."""
_ENDS = ("deleted_at", "archived_at")
_OWN = frozenset({"created_at", "last_move", "words_from", "since", "until", "team_id", *_ENDS})
"""Columns that say when and how, not what."""
_IN_ORDER = frozenset({"pipeline", "stage", "stage_definition", "field", "field_option", "address"})


def standing(team: TeamAtWork) -> dict[str, Any]:
    """All rows of all tables, without what is deleted and what hangs on it."""
    with team.database.engine.connect() as connection:
        rows = {
            table.name: [row._asdict() for row in connection.execute(select(table))]
            for table in Model.metadata.sorted_tables
            if not table.name.startswith(_LEFT_OUT)
        }
    gone = {name: {row["id"] for row in held if any(row.get(end) for end in _ENDS)} for name, held in rows.items()}
    for name, holder in (("stage", "pipeline"), ("deal", "pipeline"), ("field", "pipeline"), ("field_option", "field")):
        gone[name] |= {row["id"] for row in rows[name] if row[f"{holder}_id"] in gone[holder]}
    rows["stage_definition"] = list(
        {
            row["stage_id"]: row for row in sorted(rows["stage_definition"], key=lambda row: (row["since"], row["id"]))
        }.values()
    )
    found: dict[str, Any] = {}
    for name, held in rows.items():
        there = [row for row in held if _is_there(name, row, gone)]
        found[name] = sorted(repr(_said(name, row)) for row in there)
        if name in _IN_ORDER - {"stage_definition"}:
            found[f"order of {name}"] = _order(name, there)
    return found


def _is_there(name: str, row: dict[str, Any], gone: dict[str, set[int]]) -> bool:
    if row.get("id") in gone[name] or any(
        row.get(key) in gone[holder] for key, holder in _HOLDERS.items() if name != "deal"
    ):
        return False
    if name == "address":
        return row["contact_id"] is not None
    if name == "role_sight":
        return bool(row["sight"] != Sight.ALL)  # it sees all without a row, too
    return bool(name != "deal_total" or row["deals"])


def _said(name: str, row: dict[str, Any]) -> dict[str, Any]:
    out = _OWN | ({"position"} if name in _IN_ORDER else set()) | (set() if name in _NAMED else {"id"})
    # Whether a task is done, not when: it is done again when somebody does it again.
    return {key: bool(value) if key == "done_at" else value for key, value in row.items() if key not in out}


def _order(name: str, rows: list[dict[str, Any]]) -> dict[Any, list[int]]:
    """Ids by what they are in order within."""
    within = {"stage": "pipeline_id", "field": "subject", "field_option": "field_id", "address": "contact_id"}.get(name)
    found: dict[Any, list[int]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["position"], row["id"])):
        found[row[within] if within else None].append(row["id"])
    return dict(found)


class SmallWorld:
    def __init__(self, team: TeamAtWork, dice: random.Random) -> None:
        self.team, self.dice, self.at = team, dice, MONDAY
        with team.database.writing(Viewer.operator(team.team_id)) as session:
            session.get_one(User, team.users[ANNA]).role = Role.ADMIN
        for title in ("Ramp", "Bridge", "Tunnel"):
            team.deal(title, person=f"{title.lower()}@acme.example")
        with team.acting() as session:
            line = [StageDraft("A"), StageDraft("B"), *(StageDraft(k.title(), kind=k) for k in ("won", "lost"))]
            second = pipelines.create(session, "Second", line, at=MONDAY).id
            pipelines.edit(session, team.pipeline_id, {"after_sales_id": second}, at=MONDAY)
            won = DealDraft(title="Road", owner_id=team.users[ANNA])
            ladder.open_deal(session, won, at=MONDAY, stage_id=team.stages["Won"])
            companies.create(session, "Acme", at=MONDAY, domain="acme.example")
            companies.create(session, "Borealis", at=MONDAY)
            fields.create(session, Subject.DEAL, FieldKind.TEXT, "Colour", at=MONDAY)
            fields.create(session, Subject.DEAL, FieldKind.SELECT, "Size", at=MONDAY, options=["S", "M"])
            fields.create(session, Subject.CONTACT, FieldKind.NUMBER, "Shoes", at=MONDAY)
            views.save(session, "Mine", asking.standard(Subject.DEAL), at=MONDAY)
            tasks.create(session, "Call", assignee_id=team.users[ANNA], at=MONDAY)

    def act(self, name: str) -> None:
        """Raises what the rooms refuse."""
        self.at += timedelta(minutes=1)
        with self.team.acting() as session:
            ACTS[name](self, session)

    def undo(self, entry_id: int) -> int:
        """The entry that takes it back, once all is done."""
        self.at += timedelta(minutes=1)
        with self.team.acting() as session:
            return undoing.undo(session, entry_id, at=self.at).id

    def some(self, session: Session, model: Any, *where: Any) -> Any:
        """One that is there. Raises IndexError where there is none."""
        ended = getattr(model, "deleted_at", None) if model not in (Pipeline, Stage) else model.archived_at
        there = [] if ended is None else [ended.is_(None)]
        return self.dice.choice(session.scalars(select(model).where(*there, *where).order_by(model.id)).all())

    def word(self) -> str:
        return self.dice.choice(["Alpha", "Beta", "Gamma", "Zażółć 🎉", "<b>x</b>"]) + f" {self.dice.randrange(10**6)}"

    # ---- acts --------------------------------------------------------------------------------------------------

    def edit_deal(self, session: Session) -> None:
        line = self.some(session, Deal)
        changes: dict[str, Any] = {
            "title": self.word(),
            "value": self.dice.choice([None, Money(Decimal(self.dice.randrange(10**6)) / 100, "EUR")]),
            "owner": self.dice.choice(list(self.team.users.values())),
            "contact": self.dice.choice([None, self.some(session, Contact).id]),
            "company": self.dice.choice([None, self.some(session, Company).id]),
            "next_step": self.dice.choice(["", self.word()]),
            "expected_close": self.dice.choice([None, date(2026, 5, self.dice.randrange(1, 28))]),
        }
        for field in session.scalars(select(Field).where(Field.subject == Subject.DEAL, Field.deleted_at.is_(None))):
            choices = session.scalars(
                select(FieldOption.id).where(FieldOption.field_id == field.id, FieldOption.deleted_at.is_(None))
            ).all()
            changes[f"f{field.id}"] = (
                self.dice.choice([None, *choices]) if field.kind == FieldKind.SELECT else self.word()
            )
        chosen = self.dice.sample(list(changes), self.dice.randrange(1, 4))
        deals.edit(session, line.id, {key: changes[key] for key in chosen}, at=self.at)

    def move(self, session: Session) -> None:
        deal = self.some(session, Deal)
        target = self.some(session, Stage, Stage.pipeline_id == deal.pipeline_id)
        ladder.move(
            session,
            deal.id,
            target.id,
            seen=None,
            at=self.at,
            quietly=self.dice.random() < 0.3,
            lost_reason=self.dice.choice([None, self.word()]),
        )

    def elsewhere(self, session: Session) -> None:
        ladder.move_to_pipeline(session, self.some(session, Deal).id, self._stage(session).id, seen=None, at=self.at)

    def _stage(self, session: Session) -> Stage:
        line = self.some(session, Pipeline)
        found: Stage = self.some(session, Stage, Stage.pipeline_id == line.id)
        return found

    def remove_stage(self, session: Session) -> None:
        stage = self._stage(session)
        target = self.some(session, Stage, Stage.pipeline_id == stage.pipeline_id, Stage.id != stage.id)
        removing.remove_stage(session, stage.id, at=self.at, target_id=target.id)

    def twin(self, session: Session) -> None:
        won = select(Stage.id).where(Stage.kind == StageKind.WON)
        twins.open_twin(session, self.some(session, Deal, Deal.stage_id.in_(won)).id, at=self.at)

    def open_deal(self, session: Session) -> None:
        contact = self.dice.choice([None, self.some(session, Contact).id])
        draft = DealDraft(title=self.word(), owner_id=self.team.users[BEN], contact_id=contact)
        ladder.open_deal(session, draft, at=self.at, stage_id=self._stage(session).id)

    def people(self, session: Session) -> None:
        deal, person = self.some(session, Deal), self.some(session, Contact)
        act = self.dice.choice(["add", "remove", "role"])
        if act == "add":
            deals.add_person(session, deal.id, person, at=self.at, role=self.dice.choice(["", "signs"]))
        elif act == "remove":
            deals.remove_person(session, deal.id, person.id, at=self.at)
        else:
            deals.change_role(session, deal.id, person.id, self.word(), at=self.at)

    def person(self, session: Session) -> None:
        person = self.some(session, Contact)
        held = [address.id for address in person.addresses]
        act = self.dice.randrange(5)
        if act == 0:
            changes = {"name": self.word(), "company": self.some(session, Company).id}
            contacts.edit(session, person.id, changes, at=self.at)
        elif act == 1:
            addressing.add(session, person.id, f"n{self.dice.randrange(10**6)}@acme.example", at=self.at)
        elif act == 2:
            addressing.take_away(session, person.id, self.dice.choice(held), at=self.at)
        elif act == 3:
            addressing.make_first(session, person.id, self.dice.choice(held), at=self.at)
        else:
            contacts.create(session, f"n{self.dice.randrange(10**6)}@acme.example", at=self.at)

    def company(self, session: Session) -> None:
        changes = {"name": self.word(), "domain": self.dice.choice([None, f"d{self.dice.randrange(10**6)}.example"])}
        companies.edit(session, self.some(session, Company).id, changes, at=self.at)

    def delete(self, session: Session) -> None:
        acts: list[tuple[Any, Callable[..., Any]]] = [
            (Deal, deals.delete),
            (Contact, contacts.delete),
            (Company, companies.delete),
            (Field, fields.delete),
            (FieldOption, options.delete),
            (Task, tasks.delete),
            (Pipeline, pipelines.archive),
        ]
        model, act = self.dice.choice(acts)
        act(session, self.some(session, model).id, at=self.at)

    def field(self, session: Session) -> None:
        act = self.dice.randrange(5)
        select_field = self.some(session, Field, Field.kind == FieldKind.SELECT)
        if act == 0:
            fields.edit(session, self.some(session, Field).id, name=self.word(), at=self.at)
        elif act == 1:
            options.add(session, select_field.id, self.word(), at=self.at)
        elif act == 2:
            options.edit(session, self.some(session, FieldOption).id, name=self.word(), at=self.at)
        elif act == 3:
            fields.create(session, Subject.DEAL, FieldKind.SELECT, self.word(), at=self.at, options=["a", "b"])
        else:
            live = select(Field.id).where(Field.subject == Subject.DEAL, Field.deleted_at.is_(None))
            ids = list(session.scalars(live))
            fields.order(session, Subject.DEAL, self.dice.sample(ids, len(ids)), at=self.at)

    def shape(self, session: Session) -> None:
        line, act = self.some(session, Pipeline), self.dice.randrange(6)
        stages = list(
            session.scalars(select(Stage.id).where(Stage.pipeline_id == line.id, Stage.archived_at.is_(None)))
        )
        if act == 0:
            shaping.add_stage(session, line.id, StageDraft(self.word(), 5), at=self.at)
        elif act == 1:
            changes = {"name": self.word(), "probability": self.dice.randrange(100), "help": self.word()}
            shaping.edit_stage(session, self.dice.choice(stages), changes, at=self.at)
        elif act == 2:
            shaping.reorder_stages(session, line.id, self.dice.sample(stages, len(stages)), at=self.at)
        elif act == 3:
            pipelines.edit(session, line.id, {"name": self.word(), "currency": "PLN"}, at=self.at)
        elif act == 4:
            pipelines.reorder(session, [line.id], at=self.at)
        else:
            drafts = [StageDraft("A"), *(StageDraft(k.title(), kind=k) for k in ("won", "lost"))]
            pipelines.create(session, self.word(), drafts, at=self.at)

    def seats(self, session: Session) -> None:
        line, ben, act = self.some(session, Pipeline), self.team.users[BEN], self.dice.randrange(5)
        if act == 0:
            self.dice.choice([members.add, members.remove])(session, line.id, ben, at=self.at)
        elif act == 1:
            self.dice.choice([members.open_to_team, members.close_to_members])(session, line.id, at=self.at)
        elif act == 2:
            teams.change_role(session, ben, self.dice.choice([Role.REP, Role.MANAGER]), at=self.at)
        elif act == 3:
            self.dice.choice([teams.deactivate, teams.reactivate])(session, ben, at=self.at)
        else:
            teams.set_sight(session, self.dice.choice(list(Role)), self.dice.choice(list(Sight)), at=self.at)

    def view(self, session: Session) -> None:
        view, act = self.some(session, View), self.dice.randrange(4)
        if act == 0:
            views.rename(session, view.ref, self.word(), at=self.at)
        elif act == 1:
            views.put(session, view.ref, {"group_by": self.dice.choice(["", "owner", "stage"])}, at=self.at)
        elif act == 2:
            views.share(session, view.ref, not view.shared, at=self.at)
        else:
            views.save(session, self.word(), asking.standard(Subject.CONTACT), at=self.at)

    def task(self, session: Session) -> None:
        act, task = self.dice.randrange(3), self.some(session, Task)
        if act == 0:
            tasks.edit(session, task.id, {"title": self.word(), "due_on": date(2026, 5, 1)}, at=self.at)
        elif act == 1:
            (tasks.reopen if task.done_at else tasks.done)(session, task.id, at=self.at)
        else:
            deal = self.some(session, Deal)
            tasks.create(session, self.word(), assignee_id=self.team.users[ANNA], at=self.at, deal_id=deal.id)

    def many(self, session: Session) -> None:
        live = session.scalars(select(Deal).where(Deal.deleted_at.is_(None)).order_by(Deal.id)).all()
        some = self.dice.sample(live, self.dice.randrange(1, len(live) + 1))
        kind = self.dice.choice(list(BulkKind)[:3])
        asked: dict[str, Any] = {}
        ids: list[Any] = [deal.id for deal in some]
        if kind is BulkKind.MOVE:
            ids, asked = [[deal.id, deal.last_move] for deal in some], {"stage_id": self._stage(session).id}
            asked["lost_reason"] = "No need"
        elif kind is BulkKind.EDIT:
            asked = {"product": self.word()}
        row = bulk.start(session, kind, Subject.DEAL, ids, asked, at=self.at)
        while bulk.run_slice(session, row.id, at=self.at):
            pass


ACTS: dict[str, Callable[[SmallWorld, Session], None]] = {
    name: getattr(SmallWorld, name)
    for name in (
        *("edit_deal", "move", "elsewhere", "remove_stage", "twin", "open_deal", "people", "person", "company"),
        *("delete", "field", "shape", "seats", "view", "task", "many"),
    )
}
