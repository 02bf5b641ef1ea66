"""Making pipelines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon.domain.activity import operations as activity
from addon.domain.errors import DomainError
from addon.models import Pipeline, Stage, StageDefinition, StageKind


class PipelineNeedsStages(DomainError):
    """A pipeline has at least one open stage, one won and one lost."""

    code = "pipelines.needs_stages"


@dataclass(frozen=True)
class StageDraft:
    """A stage to be made; `probability` in percent."""

    name: str
    probability: int = 0
    age_limit_days: int | None = None
    kind: StageKind = StageKind.OPEN


def create(
    session: Session, name: str, stages: Sequence[StageDraft], *, at: datetime, currency: str = "EUR"
) -> Pipeline:
    """Add a pipeline with its stages in this order. Raises PipelineNeedsStages."""
    kinds = {stage.kind for stage in stages}
    if kinds != set(StageKind):
        raise PipelineNeedsStages(name=name)
    last = session.scalar(select(func.max(Pipeline.position)))
    pipeline = Pipeline(name=name[:200], position=(last or 0) + 1, currency=currency, created_at=at)
    session.add(pipeline)
    session.flush()
    for position, draft in enumerate(stages, 1):
        stage = Stage(pipeline_id=pipeline.id, kind=draft.kind, position=position)
        session.add(stage)
        session.flush()
        session.add(
            StageDefinition(
                stage_id=stage.id,
                since=at,
                name=draft.name[:200],
                probability=draft.probability,
                age_limit_days=draft.age_limit_days,
            )
        )
    session.flush()
    session.expire(pipeline)
    activity.record(session, "pipeline.created", ("pipeline", pipeline.id), at=at, texts={"name": name})
    return pipeline
