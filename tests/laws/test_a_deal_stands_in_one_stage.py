"""Law 2: one deal, one stage; out of the old one, into the new one, each once, and the counts always add up."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from addon.domain.access import Database, Viewer
from addon.domain.deals import operations as deals
from addon.domain.deals import queries as deal_queries
from addon.domain.deals.moving import DealDraft
from addon.domain.errors import DomainError, NotFound
from addon.domain.ladder import hooks
from addon.domain.ladder import operations as ladder
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines import queries as pipeline_queries
from addon.domain.pipelines.operations import StageDraft
from addon.domain.undoing import operations as undoing
from addon.domain.undoing.operations import CannotUndo
from addon.models import Activity, Deal, Stage, StageKind
from tests.domain.team_at_work import ANNA, MONDAY, TeamAtWork

LATER = MONDAY + timedelta(hours=1)


@dataclass
class Standing:
    """What the walk knows of a deal."""

    pipeline_id: int
    stage_id: int
    moves: list[tuple[int, int | None, int, bool]] = field(default_factory=list)
    """(entry, from, to, quietly), oldest first."""
    undone: set[int] = field(default_factory=set)
    deleted: bool = False


@dataclass
class Walk:
    """Random acts on the deals of two pipelines, and what must hold after each."""

    database: Database
    viewer: Viewer
    owner_id: int
    stages: dict[int, list[int]]
    """By pipeline, in order."""
    random: random.Random
    deals: dict[int, Standing] = field(default_factory=dict)
    ran: list[tuple[str, int, int]] = field(default_factory=list)
    """(out or into, deal, stage) as the hooks saw it in this step."""
    done: Counter[str] = field(default_factory=Counter)

    def step(self) -> None:
        acts: list[tuple[int, Callable[[Session], list[tuple[str, int, int]]]]] = [
            (2 if len(self.live()) < 12 else 0, self.create),
            (8, self.move),
            (6, self.undo),
            (1, self.edit),
            (1, self.delete if len(self.live()) > 4 else self.edit),
            (2, self.stray),
            (2, self.move_late),
        ]
        act = self.random.choices([act for _, act in acts], [weight for weight, _ in acts])[0]
        if not self.live():
            act = self.create
        self.ran.clear()
        with self.database.writing(self.viewer) as session:
            expected = act(session)
        self.done[act.__name__] += 1
        assert self.ran == expected, act.__name__

    # ---- acts ----------------------------------------------------------------------------------------------------

    def create(self, session: Session) -> list[tuple[str, int, int]]:
        pipeline_id = self.random.choice(list(self.stages))
        draft = DealDraft(title="Ramp", owner_id=self.owner_id)
        deal = ladder.open_deal(session, draft, at=LATER, pipeline_id=pipeline_id)
        first = self.stages[pipeline_id][0]
        self.deals[deal.id] = Standing(pipeline_id, first)
        return [("into", deal.id, first)]

    def move(self, session: Session) -> list[tuple[str, int, int]]:
        deal_id, deal = self.some()
        target, quietly = self.random.choice(self.stages[deal.pipeline_id]), self.random.random() < 0.2
        entry = ladder.move(session, deal_id, target, seen=self.seen(session, deal_id), at=LATER, quietly=quietly)
        if target == deal.stage_id:
            assert entry is None, "it is there already"
            return []
        assert entry is not None
        assert entry.after["quietly"] is quietly
        return self.moved(deal_id, entry.id, target, quietly)

    def undo(self, session: Session) -> list[tuple[str, int, int]]:
        deal_id, deal = self.random.choice(list(self.deals.items()))
        if not deal.moves:
            return []
        entry_id, before, after, _ = self.random.choice(deal.moves[-3:])
        assert before is not None
        must_go = entry_id == deal.moves[-1][0] and not deal.deleted
        must_not = deal.deleted or entry_id in deal.undone or deal.stage_id != after
        preview = undoing.preview(session, entry_id)
        if not preview.possible:
            with pytest.raises(CannotUndo) as refused:
                undoing.undo(session, entry_id, at=LATER)
            assert refused.value.params["reasons"] == preview.refused != []
            assert not must_go
            self.done["refused"] += 1
            return []
        done = undoing.undo(session, entry_id, at=LATER)
        assert not must_not
        deal.undone.add(entry_id)
        self.done["undone"] += 1
        return self.moved(deal_id, done.id, before, True)

    def edit(self, session: Session) -> list[tuple[str, int, int]]:
        deal_id, _ = self.some()
        deals.edit(session, deal_id, {"title": f"Ramp {self.random.random()}"}, at=LATER)
        return []

    def delete(self, session: Session) -> list[tuple[str, int, int]]:
        deal_id, deal = self.some()
        deals.delete(session, deal_id, at=LATER)
        deal.deleted = True
        return []

    def stray(self, session: Session) -> list[tuple[str, int, int]]:
        """To a stage of another pipeline."""
        deal_id, deal = self.some()
        [elsewhere] = [stages for pipeline, stages in self.stages.items() if pipeline != deal.pipeline_id]
        with pytest.raises(ladder.StageOfAnotherPipeline):
            ladder.move(session, deal_id, self.random.choice(elsewhere), seen=None, at=LATER)
        return []

    def move_late(self, session: Session) -> list[tuple[str, int, int]]:
        """By somebody who saw an older move, or a deal that is gone."""
        deal_id, deal = self.random.choice(list(self.deals.items()))
        seen = self.seen(session, deal_id) - 1
        with pytest.raises(NotFound if deal.deleted else ladder.LostRace):
            ladder.move(session, deal_id, self.stages[deal.pipeline_id][0], seen=seen, at=LATER)
        return []

    def moved(self, deal_id: int, entry_id: int, target: int, quietly: bool) -> list[tuple[str, int, int]]:
        deal = self.deals[deal_id]
        left, deal.stage_id = deal.stage_id, target
        deal.moves.append((entry_id, left, target, quietly))
        return [] if quietly else [("out", deal_id, left), ("into", deal_id, target)]

    # ---- what must hold ------------------------------------------------------------------------------------------

    def check(self) -> None:
        with self.database.reading(self.viewer) as session:
            stood = {
                deal.id: (deal.pipeline_id, deal.stage_id, deal.deleted_at is not None, deal.closed_at is not None)
                for deal in session.scalars(select(Deal))
            }
            kinds = dict(session.execute(select(Stage.id, Stage.kind)).all())
            counted: Counter[int] = Counter()
            for pipeline_id in self.stages:
                on_board = deal_queries.on_board(session, pipeline_id)
                counted.update(deal.stage_id for deal in on_board)
                assert {deal.stage_id for deal in on_board} <= set(self.stages[pipeline_id])
            last = dict(
                session.execute(
                    select(Activity.subject_id, func.max(Activity.number))
                    .where(Activity.kind == "deal.moved")
                    .group_by(Activity.subject_id)
                ).all()
            )
            seen = dict(session.execute(select(Deal.id, Deal.last_move)).all())
        assert stood == {
            deal_id: (deal.pipeline_id, deal.stage_id, deal.deleted, kinds[deal.stage_id] != StageKind.OPEN)
            for deal_id, deal in self.deals.items()
        }
        assert counted == Counter(deal.stage_id for _, deal in self.live())
        assert last == seen

    def live(self) -> list[tuple[int, Standing]]:
        return [(deal_id, deal) for deal_id, deal in self.deals.items() if not deal.deleted]

    def some(self) -> tuple[int, Standing]:
        return self.random.choice(self.live())

    def seen(self, session: Session, deal_id: int) -> int:
        return session.scalars(select(Deal.last_move).where(Deal.id == deal_id)).one()


@pytest.fixture
def after_sales(team: TeamAtWork) -> dict[str, int]:
    """A second pipeline of the team: its stages by name."""
    drafts = [StageDraft("Onboarding"), StageDraft("Renewal"), StageDraft("Kept", kind=StageKind.WON)]
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        drafts.append(StageDraft("Gone", kind=StageKind.LOST))
        made = pipelines.create(session, "After sales", drafts, at=MONDAY)
        return {stage.name: stage.id for stage in pipeline_queries.stages(session, made.id)}


def walk_of(team: TeamAtWork, after_sales: dict[str, int], seed: int, monkeypatch: pytest.MonkeyPatch) -> Walk:
    with team.looking() as session:
        other = session.get_one(Stage, after_sales["Onboarding"]).pipeline_id
    stages = {team.pipeline_id: list(team.stages.values()), other: list(after_sales.values())}
    walk = Walk(team.database, team.viewer(), team.users[ANNA], stages, random.Random(seed))

    def leaving(session: Session, step: hooks.Step) -> None:
        assert session.scalars(select(Deal.stage_id).where(Deal.id == step.deal.id)).one() == step.stage.id
        walk.ran.append(("out", step.deal.id, step.stage.id))

    def entering(session: Session, step: hooks.Step) -> None:
        assert session.scalars(select(Deal.stage_id).where(Deal.id == step.deal.id)).one() == step.stage.id
        assert step.move.after["stage_id"] == step.stage.id
        walk.ran.append(("into", step.deal.id, step.stage.id))

    monkeypatch.setattr(hooks, "EXIT", [leaving])
    monkeypatch.setattr(hooks, "ENTRY", [entering])
    return walk


def go(walk: Walk, steps: int, *, check_every: int) -> None:
    for number in range(1, steps + 1):
        walk.step()
        if number % check_every == 0:
            walk.check()
    walk.check()


def test_whatever_people_do_every_deal_stands_in_one_stage_and_the_counts_add_up(
    team: TeamAtWork, after_sales: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = walk_of(team, after_sales, 20260302, monkeypatch)

    go(walk, 300, check_every=10)

    assert min(walk.done[name] for name in ("create", "move", "undone", "refused", "delete", "stray", "move_late")) >= 3


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_so_it_is_after_five_thousand_acts(
    team: TeamAtWork, after_sales: dict[str, int], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = walk_of(team, after_sales, seed, monkeypatch)
    go(walk, 5000, check_every=25)


def test_a_hook_that_fails_takes_the_move_back_with_all_that_ran_before(
    team: TeamAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal_id = team.deal()
    before = team.kinds(deal_id)

    def note(session: Session, step: hooks.Step) -> None:
        deals.edit(session, step.deal.id, {"next_step": "Call"}, at=LATER)

    def fail(session: Session, step: hooks.Step) -> None:
        raise DomainError

    monkeypatch.setattr(hooks, "EXIT", [note])
    monkeypatch.setattr(hooks, "ENTRY", [fail])

    with pytest.raises(DomainError):
        team.move(deal_id, "Offer")

    assert (team.stage(deal_id), team.kinds(deal_id)) == ("New", before)


@pytest.mark.parametrize("column", ["stage_id", "pipeline_id"])
def test_the_database_refuses_a_stage_of_another_pipeline(
    column: str, team: TeamAtWork, after_sales: dict[str, int]
) -> None:
    deal_id = team.deal()
    with team.looking() as session:
        stage = session.get_one(Stage, after_sales["Onboarding"])
    value = stage.id if column == "stage_id" else stage.pipeline_id

    with pytest.raises(IntegrityError), team.database.engine.begin() as connection:
        connection.execute(update(Deal.__table__).where(Deal.__table__.c.id == deal_id).values({column: value}))


def test_a_deal_begins_by_entering_its_first_stage(team: TeamAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    entered: list[tuple[int, int]] = []
    monkeypatch.setattr(hooks, "EXIT", [lambda session, step: entered.append((0, step.stage.id))])
    monkeypatch.setattr(hooks, "ENTRY", [lambda session, step: entered.append((step.deal.id, step.stage.id))])

    deal_id = team.deal()

    assert entered == [(deal_id, team.stages["New"])]
    assert [(entry.kind, entry.before.get("stage_id")) for entry in team.diary(deal_id)] == [
        ("deal.created", None),
        ("deal.moved", None),
    ]
