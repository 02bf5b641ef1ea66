"""Which pipelines and stages there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from addon.domain.access import WHOLE_TEAM
from addon.domain.errors import DomainError, NotFound
from addon.models import Deal, Pipeline, Stage, StageDefinition, StageKind


class NoPipeline(DomainError):
    """The team has none yet."""

    code = "pipelines.none"


def live(session: Session) -> Sequence[Pipeline]:
    """All that are not archived, stages loaded, in the team's order."""
    return session.scalars(
        select(Pipeline)
        .where(Pipeline.archived_at.is_(None))
        .order_by(Pipeline.position, Pipeline.id)
        .options(selectinload(Pipeline.stages))
    ).all()


def archived(session: Session) -> Sequence[Pipeline]:
    """Those that are not used, the last one first."""
    return session.scalars(
        select(Pipeline).where(Pipeline.archived_at.is_not(None)).order_by(Pipeline.archived_at.desc(), Pipeline.id)
    ).all()


def get(session: Session, pipeline_id: int, *, archived: bool = False) -> Pipeline:
    """`archived`: also one that is not used any more. Raises NotFound."""
    query = select(Pipeline).where(Pipeline.id == pipeline_id).options(selectinload(Pipeline.stages))
    pipeline = session.scalar(query if archived else query.where(Pipeline.archived_at.is_(None)))
    if pipeline is None:
        raise NotFound(what="pipeline", given=pipeline_id)
    return pipeline


def first(session: Session) -> Pipeline:
    """The one a new deal goes to unless somebody says otherwise. Raises NoPipeline."""
    found = live(session)
    if not found:
        raise NoPipeline
    return found[0]


def stages(session: Session, pipeline_id: int) -> Sequence[Stage]:
    """In their order, Won and Lost last as they stand."""
    return session.scalars(
        select(Stage)
        .where(Stage.pipeline_id == pipeline_id, Stage.archived_at.is_(None))
        .order_by(Stage.position, Stage.id)
    ).all()


def get_stage(session: Session, stage_id: int) -> Stage:
    """Raises NotFound."""
    stage = session.scalar(select(Stage).where(Stage.id == stage_id))
    if stage is None:
        raise NotFound(what="stage", given=stage_id)
    return stage


def definition_at(stage: Stage, at: datetime) -> StageDefinition:
    """What the stage was called and expected at that moment; its first definition holds for the time before it."""
    return next((said for said in reversed(stage.definitions) if said.since <= at), stage.definitions[0])


def standing_in(session: Session, stage_id: int) -> int:
    """How many deals stand in a stage, deleted ones too (they may come back), whoever sees them."""
    counted = select(func.count()).select_from(Deal).where(Deal.stage_id == stage_id)
    return session.scalar(counted.execution_options(**WHOLE_TEAM)) or 0


def entry_stage(session: Session, pipeline_id: int) -> Stage:
    """Where a new deal begins: the first open stage. Raises NotFound."""
    found = next((stage for stage in stages(session, pipeline_id) if stage.kind == StageKind.OPEN), None)
    if found is None:
        raise NotFound(what="pipeline", given=pipeline_id)
    return found


def next_stage(session: Session, stage: Stage) -> Stage | None:
    """The one that follows an open stage: the next open one, else Won. None for a closed stage."""
    if stage.kind != StageKind.OPEN:
        return None
    later = [other for other in stages(session, stage.pipeline_id) if other.position > stage.position]
    for kind in (StageKind.OPEN, StageKind.WON):
        for other in later:
            if other.kind == kind:
                return other
    return None
