"""Which pipelines and stages there are."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from addon.domain.errors import DomainError, NotFound
from addon.models import Pipeline, Stage, StageKind


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


def get(session: Session, pipeline_id: int) -> Pipeline:
    """Raises NotFound."""
    pipeline = session.scalar(
        select(Pipeline)
        .where(Pipeline.id == pipeline_id, Pipeline.archived_at.is_(None))
        .options(selectinload(Pipeline.stages))
    )
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
