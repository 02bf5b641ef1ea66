"""Law 2, walked at random: whatever people do to deals and pipelines, alone and at once, every invariant holds after
every step.

A failure prints the walk's seed and the step; `LADDER_SEED=n` walks that way again.
"""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon.domain.access import Database, Viewer
from addon.domain.access.sees import Sees
from addon.domain.bulk import operations as bulk
from addon.domain.deals import operations as deals
from addon.domain.deals.draft import DealDraft
from addon.domain.errors import DomainError
from addon.domain.ladder import hooks, removing
from addon.domain.ladder import operations as ladder
from addon.domain.money import Money
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines import queries as pipeline_queries
from addon.domain.pipelines import shaping
from addon.domain.pipelines.operations import StageDraft
from addon.domain.undoing import operations as undoing
from addon.models import Activity, Bulk, BulkKind, Deal, DealTotal, Sight, Stage, StageKind, Subject, User
from tests.domain.team_at_work import MONDAY, TeamAtWork

SEED = int(os.environ.get("LADDER_SEED", "5"))
MOST_DEALS, MOST_STAGES = 14, 9
Ran = tuple[str, int, int]
"""(out or into, deal, stage)."""


@dataclass
class Walk:
    database: Database
    viewer: Viewer
    owners: list[int]
    lines: list[int]
    """Pipelines."""
    dice: random.Random
    ran: list[Ran] = field(default_factory=list)
    """As the hooks saw it in this step."""
    numbers: Counter[tuple[str, int]] = field(default_factory=Counter)
    """The last number of each diary."""
    last_entry: int = 0
    done: Counter[str] = field(default_factory=Counter)
    at: datetime = MONDAY
    seats: dict[int, Viewer] = field(default_factory=dict)
    """The people, by their id; all of them see everything but the last, who sees the own deals alone."""
    standing: dict[int, tuple[int, int, int, bool]] = field(default_factory=dict)
    """By deal: pipeline, stage, last move, whether it is deleted; as of the last check."""
    stages: dict[int, tuple[int, str, bool]] = field(default_factory=dict)
    """By stage: pipeline, kind, whether it is in use."""

    # ---- acts ----------------------------------------------------------------------------------------------------

    def step(self) -> str:
        live = [deal for deal, (*_, deleted) in self.standing.items() if not deleted]
        acts: list[tuple[int, Callable[[], None]]] = [
            (4 if len(self.standing) < MOST_DEALS else 0, self.create),
            (10, self.move),
            (4, self.race),
            (6, self.undo),
            (2, self.many),
            (3, self.kept_apart),
            (2, self.edit),
            (2, self.delete),
            (3, self.restore),
            (2, self.elsewhere),
            (2, self.add_stage),
            (2, self.rename_stage),
            (2, self.reorder_stages),
            (3, self.remove_stage),
            (1, self.restore_stage),
        ]
        act = self.dice.choices([act for _, act in acts], [weight for weight, _ in acts])[0] if live else self.create
        self.ran.clear()
        self.at += timedelta(minutes=1)
        try:
            act()
        except DomainError as refused:
            self.done[f"refused {refused.code}"] += 1
        else:
            self.done[act.__name__] += 1
        return act.__name__

    def create(self) -> None:
        value = self.dice.choice(
            [None, Money(Decimal(self.dice.randrange(10**6)) / 100, "EUR"), Money(Decimal(9), "USD")]
        )
        draft = DealDraft(title="Ramp", owner_id=self.dice.choice(self.owners), value=value)
        with self.database.writing(self.viewer) as session:
            ladder.open_deal(session, draft, at=self.at, pipeline_id=self.dice.choice(self.lines))

    def move(self) -> None:
        deal_id = self.some_deal()
        # Mostly where it can go; now and then anywhere, a stage that is gone or of another pipeline.
        line = self.standing[deal_id][0]
        stage_id = self.dice.choice(self.used(line) if self.dice.random() < 0.8 else list(self.stages))
        quietly = self.dice.random() < 0.25
        with self.database.writing(self.viewer) as session:
            ladder.move(session, deal_id, stage_id, seen=self.standing[deal_id][2], at=self.at, quietly=quietly)

    def race(self) -> None:
        """Two who saw the same deal move it in the same moment, to different stages: one does."""
        deal_id = self.some_deal()
        line, stage, seen, deleted = self.standing[deal_id]
        targets = [other for other in self.used(line) if other != stage]
        if deleted or len(targets) < 2:
            return
        outcomes: list[str] = []

        def mover(target: int) -> None:
            try:
                with self.database.writing(self.viewer) as session:
                    ladder.move(session, deal_id, target, seen=seen, at=self.at)
                outcomes.append("moved")
            except BaseException as trouble:
                outcomes.append(type(trouble).__name__)

        movers = [threading.Thread(target=mover, args=(target,)) for target in self.dice.sample(targets, 2)]
        for thread in movers:
            thread.start()
        for thread in movers:
            thread.join(60)
        # A stage may not lead to either of the two; then nobody wins.
        assert sorted(outcomes) in (["LostRace", "moved"], ["NotFromHere", "moved"], ["NotFromHere", "NotFromHere"])

    def undo(self) -> None:
        with self.database.writing(self.viewer) as session:
            entries = session.scalars(
                select(Activity.id).where(Activity.kind == "deal.moved").order_by(Activity.id.desc()).limit(12)
            ).all()
            if entries:
                undoing.undo(session, self.dice.choice(entries), at=self.at)

    def many(self) -> None:
        """Some at once, as one act, by slices; what cannot go is listed. Now and then all of it is taken back."""
        live = [deal for deal, (*_, deleted) in self.standing.items() if not deleted]
        chosen = self.dice.sample(live, self.dice.randrange(1, len(live) + 1))
        ids = [[deal, self.standing[deal][2]] for deal in chosen]
        # One of them may have been seen before it was moved last.
        ids[0][1] -= self.dice.random() < 0.2
        line = self.standing[chosen[0]][0]
        asked = {"stage_id": self.dice.choice(self.used(line)), "lost_reason": "No need"}
        seat = self.dice.choice(list(self.seats.values())[:-1])
        with self.database.writing(seat) as session:
            row = bulk.start(session, BulkKind.MOVE, Subject.DEAL, ids, asked, at=self.at)
        more = True
        while more:
            with self.database.writing(seat) as session:
                more = bulk.run_slice(session, row.id, at=self.at, size=3)
        with self.database.reading(seat) as session:
            told = session.get_one(Bulk, row.id)
            assert told.done + len(told.refused) == len(ids)
        if self.dice.random() < 0.5:
            with self.database.writing(seat) as session:
                undoing.undo(session, row.act_id, at=self.at)

    def kept_apart(self) -> None:
        """Who sees the own deals alone moves those alone."""
        user_id, seat = list(self.seats.items())[-1]
        deal_id = self.some_deal()
        line, _, seen, _ = self.standing[deal_id]
        with self.database.reading(self.viewer) as session:
            owner_id = session.scalar(select(Deal.owner_id).where(Deal.id == deal_id))
        with self.database.writing(seat) as session:
            ladder.move(session, deal_id, self.dice.choice(self.used(line)), seen=seen, at=self.at)
            assert owner_id == user_id, "moved what one may not see"

    def edit(self) -> None:
        value = self.dice.choice([None, Money(Decimal(self.dice.randrange(10**6)) / 100, "EUR")])
        changes = {"value": value, "owner_id": self.dice.choice(self.owners)}
        with self.database.writing(self.viewer) as session:
            deals.edit(session, self.some_deal(), changes, at=self.at)

    def delete(self) -> None:
        with self.database.writing(self.viewer) as session:
            deals.delete(session, self.some_deal(), at=self.at)

    def restore(self) -> None:
        gone = [deal for deal, (*_, deleted) in self.standing.items() if deleted]
        if gone:
            with self.database.writing(self.viewer) as session:
                deals.restore(session, self.dice.choice(gone), at=self.at)

    def elsewhere(self) -> None:
        with self.database.writing(self.viewer) as session:
            stage_id = self.dice.choice(list(self.stages))
            ladder.move_to_pipeline(session, self.some_deal(), stage_id, seen=None, at=self.at)

    def add_stage(self) -> None:
        line = self.dice.choice(self.lines)
        if len(self.used(line)) < MOST_STAGES:
            draft = StageDraft("Stage", 50, kind=self.dice.choice([*StageKind, StageKind.OPEN]))
            with self.database.writing(self.viewer) as session:
                before = self.dice.choice([None, *self.used(line)])
                shaping.add_stage(session, line, draft, at=self.at, before=before)

    def rename_stage(self) -> None:
        stage_id = self.dice.choice(list(self.stages))
        changes: dict[str, object] = {"name": f"Stage {self.dice.randrange(99)}"}
        if self.dice.random() < 0.3:
            changes["kind"] = self.dice.choice(list(StageKind))
        if self.dice.random() < 0.3:
            changes["leads_to"] = self.dice.choice([None, self.used(self.stages[stage_id][0])[:2]])
        with self.database.writing(self.viewer) as session:
            shaping.edit_stage(session, stage_id, changes, at=self.at)

    def reorder_stages(self) -> None:
        line = self.dice.choice(self.lines)
        order = self.used(line)
        self.dice.shuffle(order)
        with self.database.writing(self.viewer) as session:
            shaping.reorder_stages(session, line, order, at=self.at)

    def remove_stage(self) -> None:
        stage_id = self.dice.choice(list(self.stages))
        others = [other for other in self.used(self.stages[stage_id][0]) if other != stage_id]
        target = self.dice.choice([None, *others, *others])
        with self.database.writing(self.viewer) as session:
            removing.remove_stage(session, stage_id, at=self.at, target_id=target)

    def restore_stage(self) -> None:
        gone = [stage for stage, (*_, in_use) in self.stages.items() if not in_use]
        if gone:
            with self.database.writing(self.viewer) as session:
                shaping.restore_stage(session, self.dice.choice(gone), at=self.at)

    def some_deal(self) -> int:
        return self.dice.choice(list(self.standing))

    def used(self, line: int) -> list[int]:
        return [stage for stage, (pipeline, _, in_use) in self.stages.items() if pipeline == line and in_use]

    # ---- what must hold ------------------------------------------------------------------------------------------

    def check(self) -> None:
        with self.database.reading(self.viewer) as session:
            new = session.execute(
                select(
                    Activity.id,
                    Activity.subject_kind,
                    Activity.subject_id,
                    Activity.number,
                    Activity.kind,
                    Activity.before,
                    Activity.after,
                )
                .where(Activity.id > self.last_entry)
                .order_by(Activity.id)
            ).all()
            self.look_at_stages(session)
            self.look_at_deals(session)
        last_moves: dict[int, tuple[int, int]] = {}
        expected: list[Ran] = []
        for entry_id, subject_kind, subject_id, number, kind, before, after in new:
            self.numbers[(subject_kind, subject_id)] += 1
            assert number == self.numbers[(subject_kind, subject_id)], "a diary without gaps and doubles"
            self.last_entry = entry_id
            if kind == "deal.moved":
                last_moves[subject_id] = (number, after["stage_id"])
                if not after["quietly"]:
                    out = [("out", subject_id, before["stage_id"])] if before["stage_id"] else []
                    expected += [*out, ("into", subject_id, after["stage_id"])]
        assert self.ran == expected, "out and in, each once, and never where it was quiet"
        for deal_id, (number, stage_id) in last_moves.items():
            assert self.standing[deal_id][1:3] == (stage_id, number), "a deal stands where its diary says"

    def look_at_stages(self, session: Session) -> None:
        rows = session.execute(select(Stage.id, Stage.pipeline_id, Stage.kind, Stage.archived_at).order_by(Stage.id))
        self.stages = {stage: (line, kind, gone is None) for stage, line, kind, gone in rows}
        for line in self.lines:
            assert {self.stages[stage][1] for stage in self.used(line)} == set(StageKind)

    def look_at_deals(self, session: Session) -> None:
        columns = (Deal.id, Deal.pipeline_id, Deal.stage_id, Deal.last_move, Deal.deleted_at, Deal.closed_at)
        counted: Counter[tuple[int, int, int, str]] = Counter()
        worth: Counter[tuple[int, int, int, str]] = Counter()
        self.standing = {}
        rows = session.execute(select(*columns, Deal.owner_id, Deal.currency, Deal.amount))
        for deal, line, stage, seen, deleted, closed, owner, currency, amount in rows:
            self.standing[deal] = (line, stage, seen, deleted is not None)
            assert self.stages[stage][0] == line, "a stage of its own pipeline"
            assert self.stages[stage][2], "a stage that is in use"
            assert (closed is None) is (self.stages[stage][1] == StageKind.OPEN)
            if deleted is None:
                counted[(line, stage, owner, currency or "")] += 1
                worth[(line, stage, owner, currency or "")] += amount or Decimal(0)
        totals = {
            (row.pipeline_id, row.stage_id, row.owner_id, row.currency): (row.deals, row.amount)
            for row in session.scalars(select(DealTotal))
            if row.deals or row.amount
        }
        assert totals == {key: (number, worth[key]) for key, number in counted.items()}, "totals equal the deals"


@pytest.fixture
def walk(team: TeamAtWork, monkeypatch: pytest.MonkeyPatch) -> Walk:
    viewer = Viewer.operator(team.team_id)
    ends = [StageDraft("Kept", kind=StageKind.WON), StageDraft("Gone", kind=StageKind.LOST)]
    with team.database.writing(viewer) as session:
        drafts = [StageDraft("Onboarding"), StageDraft("Adoption"), *ends]
        other = pipelines.create(session, "After sales", drafts, at=MONDAY).id
    made = Walk(team.database, viewer, list(team.users.values()), [team.pipeline_id, other], random.Random(SEED))
    with team.database.reading(viewer) as session:
        query = select(Activity.subject_kind, Activity.subject_id, func.max(Activity.number))
        for kind, subject, number in session.execute(query.group_by(Activity.subject_kind, Activity.subject_id)):
            made.numbers[(kind, subject)] = number
        made.last_entry = session.scalar(select(func.max(Activity.id))) or 0
        assert len(pipeline_queries.live(session)) == 2
        made.seats = {user.id: Viewer.of(user) for user in session.scalars(select(User).order_by(User.id))}
    last = max(made.seats)
    made.seats[last] = replace(made.seats[last], sees=Sees(Sight.OWN, last))

    def leaving(session: Session, step: hooks.Step) -> None:
        assert session.scalar(select(Deal.stage_id).where(Deal.id == step.deal.id)) == step.stage.id
        made.ran.append(("out", step.deal.id, step.stage.id))

    def entering(session: Session, step: hooks.Step) -> None:
        assert session.scalar(select(Deal.stage_id).where(Deal.id == step.deal.id)) == step.stage.id
        made.ran.append(("into", step.deal.id, step.stage.id))

    monkeypatch.setattr(hooks, "EXIT", [leaving])
    monkeypatch.setattr(hooks, "ENTRY", [entering])
    return made


def go(walk: Walk, steps: int) -> None:
    walk.check()
    for number in range(1, steps + 1):
        act = ""
        try:
            act = walk.step()
            walk.check()
        except AssertionError as trouble:
            trouble.add_note(f"LADDER_SEED={SEED}, step {number}, {act}")
            raise
        if number % 1000 == 0 or number == steps:
            print(f"LADDER_SEED={SEED}: {number} steps, {dict(walk.done)}", flush=True)  # noqa: T201 (shown with -s)


def test_whatever_people_do_the_ladder_stands(walk: Walk) -> None:
    go(walk, 250)

    names = [
        "create",
        "move",
        "race",
        "undo",
        "many",
        "kept_apart",
        "delete",
        "restore",
        "elsewhere",
        "add_stage",
        "remove_stage",
    ]
    assert min(walk.done[name] for name in names) >= 2


@pytest.mark.long
def test_and_after_twenty_thousand_steps(walk: Walk) -> None:
    go(walk, 20_000)
