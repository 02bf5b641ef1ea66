"""Opening a deal and moving it.

A move leaves the old stage (its exit hooks), enters the new one (its entry hooks) and writes one entry, all in one
transaction. Two movers who saw the same deal have one winner: the second is refused and told who was first.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.activity import operations as activity
from addon.domain.activity.operations import ByRule
from addon.domain.deals import moving
from addon.domain.deals import operations as deals
from addon.domain.deals.draft import DealDraft
from addon.domain.errors import NotFound
from addon.domain.ladder import demands, hooks, noting
from addon.domain.ladder.noting import How
from addon.domain.ladder.refusals import (
    FieldsMissing,
    LostRace,
    NotFromHere,
    ReasonNeeded,
    StageGone,
    StageOfAnotherPipeline,
)
from addon.domain.pipelines import queries as pipelines
from addon.models import Activity, Deal, Stage, StageKind

__all__ = [
    "FieldsMissing",
    "LostRace",
    "NotFromHere",
    "ReasonNeeded",
    "StageGone",
    "StageOfAnotherPipeline",
    "is_forward",
    "move",
    "move_to_pipeline",
    "open_deal",
]


def open_deal(
    session: Session,
    draft: DealDraft,
    *,
    at: datetime,
    pipeline_id: int | None = None,
    stage_id: int | None = None,
    cause: Activity | None = None,
    quietly: bool = False,
) -> Deal:
    """Make a deal in the first stage of a pipeline (the team's first unless named), or in a stage of it.

    Entry hooks run and the stage's required fields are asked for, unless `quietly`. Raises NotFound, NoPipeline,
    StageGone, FieldsMissing and what `deals.operations.check_draft` does.
    """
    deals.check_draft(session, draft)
    if stage_id is None:
        stage_id = pipelines.entry_stage(session, pipeline_id or pipelines.first(session).id).id
    stage = held_stage(session, stage_id)
    deal = moving.insert(session, draft, stage, at=at)
    deals.fill(session, deal, draft.values)
    if not quietly and (refused := demands.entering(session, deal, stage)):
        raise refused
    created = activity.record(
        session, "deal.created", ("deal", deal.id), at=at, cause=cause, texts={"title": deal.title}
    )
    how = How(at=at, cause=cause or created, quietly=quietly)
    entry = noting.note(session, deal, None, stage, how)
    moving.put(session, deal, stage, number=entry.number, at=at)
    if not quietly:
        _run(session, hooks.ENTRY, hooks.Step(deal, stage, entry, at))
    return deal


def move(
    session: Session,
    deal_id: int,
    stage_id: int,
    *,
    seen: int | None,
    at: datetime,
    rule: ByRule | None = None,
    cause: Activity | None = None,
    undoes: Activity | None = None,
    quietly: bool = False,
    entered_at: datetime | None = None,
    lost_reason: str | None = None,
    asks_reason: bool = False,
) -> Activity | None:
    """Move a deal to another stage of its pipeline; None where it is there already.

    `seen` is the deal's `last_move` that the mover looked at; None for a mover that holds the deal itself, such as a
    rule. `quietly` runs no hooks and asks for no fields, and the diary says so. `entered_at`, for undoing only, is
    since when the deal stands there, where that is not now; an undo may go back to another pipeline, and moves a deal
    that was deleted when its stage was taken away. `asks_reason` refuses a move to Lost without `lost_reason`. A rule
    that may not go that way, because fields are empty or the stage does not lead there, moves nothing (None).

    Raises NotFound, LostRace, StageOfAnotherPipeline, StageGone, FieldsMissing, NotFromHere, ReasonNeeded.
    """
    deal = moving.lock(session, deal_id, deleted=undoes is not None)
    target = held_stage(session, stage_id)
    if target.pipeline_id != deal.pipeline_id and undoes is None:
        raise StageOfAnotherPipeline(deal=deal.title, stage=target.name)
    how = How(
        at=at,
        cause=cause,
        undoes=undoes,
        rule=rule,
        quietly=quietly,
        entered_at=entered_at,
        lost_reason=lost_reason,
        asks_reason=asks_reason,
    )
    return _go(session, deal, target, seen, how)


def move_to_pipeline(
    session: Session,
    deal_id: int,
    stage_id: int,
    *,
    seen: int | None,
    at: datetime,
    cause: Activity | None = None,
    quietly: bool = False,
) -> Activity | None:
    """Move a deal to a stage of any pipeline that the viewer sees: it leaves and enters as in any move.

    What stands in fields of the old pipeline is kept, and shows again when it comes back. Raises NotFound, LostRace,
    StageGone, FieldsMissing, NotFromHere.
    """
    deal = moving.lock(session, deal_id)
    target = held_stage(session, stage_id)
    pipelines.get(session, target.pipeline_id)
    return _go(session, deal, target, seen, How(at=at, cause=cause, quietly=quietly))


def is_forward(deal: Deal, current: Stage, target: Stage) -> bool:
    """Whether a move goes on from an open stage, where that leads to: what automation keeps to."""
    ahead = current.kind == StageKind.OPEN and target.position > current.position and deal.closed_at is None
    allowed = current.now.leads_to
    return ahead and (allowed is None or target.id in allowed)


def held_stage(session: Session, stage_id: int) -> Stage:
    """A stage that nobody takes away before this transaction ends. Raises NotFound, StageGone."""
    stage = session.scalar(
        select(Stage)
        .where(Stage.id == stage_id)
        .with_for_update(read=True, key_share=True)
        .execution_options(populate_existing=True)
    )
    if stage is None:
        raise NotFound(what="stage", given=stage_id)
    if stage.archived_at is not None:
        raise StageGone(stage=stage.name)
    return stage


def _go(session: Session, deal: Deal, target: Stage, seen: int | None, how: How) -> Activity | None:
    if seen is not None and seen != deal.last_move:
        raise noting.lost_race(session, deal, target)
    if target.id == deal.stage_id:
        return None
    left = pipelines.get_stage(session, deal.stage_id)
    if not how.quietly and (refused := demands.refusal(session, deal, left, target)):
        if how.rule is not None:
            return None
        raise refused
    reason = _reason(deal, target, how)
    entry = noting.note(session, deal, left, target, how, reason)
    if not how.quietly:
        _run(session, hooks.EXIT, hooks.Step(deal, left, entry, how.at))
    moving.put(session, deal, target, number=entry.number, at=how.entered_at or how.at, lost_reason=reason)
    if not how.quietly:
        _run(session, hooks.ENTRY, hooks.Step(deal, target, entry, how.at))
    return entry


def _reason(deal: Deal, target: Stage, how: How) -> str:
    if target.kind != StageKind.LOST:
        return ""
    given = (how.lost_reason or "").strip()[:300] or noting.reason_put_back(how.undoes) or deal.lost_reason
    if not given and how.asks_reason and not how.quietly:
        raise ReasonNeeded(title=deal.title, stage=target.name)
    return given


def _run(session: Session, joined: list[hooks.Hook], step: hooks.Step) -> None:
    for hook in joined:
        hook(session, step)
    session.flush()
