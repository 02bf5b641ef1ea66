"""Taking a stage out of a pipeline: its deals go to another one, quietly, as one act with the removal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from addon.domain.access import WHOLE_TEAM, viewer_of
from addon.domain.activity import operations as activity
from addon.domain.deals import moving
from addon.domain.errors import DomainError, NotFound
from addon.domain.ladder import noting
from addon.domain.ladder.refusals import StageGone, StageOfAnotherPipeline
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines import queries, shaping
from addon.domain.pipelines.shaping import StageHoldsDeals
from addon.models import Activity, ActivityDetail, ActorKind, Deal, Stage

AT_ONCE = 500
"""Deals that move as one act with the removal, and go back with it: nobody waits long for that undo, and PostgreSQL has
so many locks and no more."""


class TooManyAtOnce(DomainError):
    """More deals than one act may move: move some of them first, as a bulk act. Params: stage, count, limit."""

    code = "ladder.too_many_at_once"


def remove_stage(
    session: Session,
    stage_id: int,
    *,
    at: datetime,
    target_id: int | None = None,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity:
    """Take a stage out of use; its deals move to `target_id`, a stage of the same pipeline.

    The diary's entry of the removal is the cause of the moves, so that they are taken back with it. Deals that were
    deleted move too (beside the removed stage where no target is named), for they may come back; however many they
    are. Those beyond `AT_ONCE` move by themselves, and stay there when the removal is taken back.
    Raises NotFound, NotAllowed, PipelineNeedsStages, StageGone, StageOfAnotherPipeline, TooManyAtOnce, and
    StageHoldsDeals where deals stand there and no target is named.
    """
    stage = queries.get_stage(session, stage_id)
    pipelines.hold(session, stage.pipeline_id)
    deals = list(moving.standing_in(session, stage.id))
    stage = _alone(session, stage.id)
    deals += moving.standing_in(session, stage.id, besides=[deal.id for deal in deals])  # who came in meanwhile
    shaping.check_spare(session, stage)
    target = _target(session, stage, target_id, deals)
    live = [deal for deal in deals if deal.deleted_at is None]
    gone = [deal for deal in deals if deal.deleted_at is not None]
    spare = AT_ONCE - len(live)
    if spare < 0:
        raise TooManyAtOnce(stage=stage.name, count=len(live), limit=AT_ONCE)
    entry = activity.record(
        session,
        "stage.removed",
        ("pipeline", stage.pipeline_id),
        at=at,
        before={"stage_id": stage.id, "order": [each.id for each in queries.stages(session, stage.pipeline_id)]},
        after={"stage_id": stage.id, "target_id": target.id if target else None, "moved": len(live)},
        texts={"stage": stage.name, "target": target.name if target else ""},
        cause=cause,
        undoes=undoes,
    )
    if target is not None:
        move_all(session, [*live, *gone[:spare]], stage, target, at=at, cause=entry)
        for start in range(spare, len(gone), AT_ONCE):
            move_all(session, gone[start : start + AT_ONCE], stage, target, at=at, cause=None)
    shaping.retire_stage(session, stage, at=at)
    return entry


def move_all(
    session: Session, deals: Sequence[Deal], left: Stage, target: Stage, *, at: datetime, cause: Activity | None
) -> None:
    """Move deals that the session holds, all from one stage to one other, quietly; few statements, however many.

    Without a cause, for deleted ones, in whose diaries nobody else writes: there may be more of them than locks.
    """
    if not deals:
        return
    viewer = viewer_of(session)
    numbers = _next_numbers(session, [deal.id for deal in deals], lock=cause is not None)
    said = {deal.id: noting.entry_of(deal, left, target, quietly=True) for deal in deals}
    entries = session.scalars(
        insert(Activity).returning(Activity.id, sort_by_parameter_order=True),
        [
            {
                "team_id": viewer.team_id,
                "subject_kind": "deal",
                "subject_id": deal.id,
                "number": numbers[deal.id],
                "at": at,
                "actor_kind": ActorKind(viewer.kind),
                "actor_id": viewer.user_id,
                "mailbox_id": viewer.mailbox_id,
                "kind": "deal.moved",
                "before": said[deal.id]["before"],
                "after": said[deal.id]["after"],
                "cause_id": (cause.cause_id or cause.id) if cause is not None else None,
            }
            for deal in deals
        ],
    ).all()
    session.execute(
        insert(ActivityDetail),
        [
            {"team_id": viewer.team_id, "activity_id": entry, "texts": said[deal.id]["texts"]}
            for entry, deal in zip(entries, deals, strict=True)
        ],
    )
    for deal in deals:
        moving.place(deal, target, number=numbers[deal.id], at=at, lost_reason=deal.lost_reason)
    session.flush()
    for deal in deals:
        session.expire(deal, ["stage"])


def _alone(session: Session, stage_id: int) -> Stage:
    """The stage, which nobody enters while we hold it. Raises StageGone."""
    stage = session.scalars(
        select(Stage).where(Stage.id == stage_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if stage.archived_at is not None:
        raise StageGone(stage=stage.name)
    return stage


def _target(session: Session, stage: Stage, target_id: int | None, deals: Sequence[Deal]) -> Stage | None:
    """Where its deals go: the stage that was named, or for those that nobody sees any more the one beside it."""
    if target_id is None:
        standing = sum(deal.deleted_at is None for deal in deals)
        if standing:
            raise StageHoldsDeals(stage=stage.name, n=standing)
        return _beside(session, stage) if deals else None
    if target_id == stage.id:
        raise NotFound(what="stage", given=target_id)
    target = _alone(session, queries.get_stage(session, target_id).id)
    if target.pipeline_id != stage.pipeline_id:
        raise StageOfAnotherPipeline(deal="", stage=target.name)
    return target


def _beside(session: Session, stage: Stage) -> Stage:
    others = [other for other in queries.stages(session, stage.pipeline_id) if other.id != stage.id]
    alike = [other for other in others if other.kind == stage.kind]
    earlier = [other for other in alike if other.position < stage.position]
    return _alone(session, (earlier[-1] if earlier else alike[0]).id)


def _next_numbers(session: Session, deal_ids: Sequence[int], *, lock: bool) -> dict[int, int]:
    """The diary's next number of each: one writer a diary at a time, as when one entry is written."""
    if lock and session.get_bind().dialect.name == "postgresql":
        locked = func.pg_advisory_xact_lock(func.hashtext("deal"), Deal.id)
        session.execute(select(locked).where(Deal.id.in_(deal_ids)).order_by(Deal.id))
    query = (
        select(Activity.subject_id, func.max(Activity.number))
        .where(Activity.subject_kind == "deal", Activity.subject_id.in_(deal_ids))
        .group_by(Activity.subject_id)
        .execution_options(**WHOLE_TEAM)
    )
    last = {deal_id: number for deal_id, number in session.execute(query)}
    return {deal_id: last.get(deal_id, 0) + 1 for deal_id in deal_ids}
