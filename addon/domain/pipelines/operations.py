"""Making pipelines, and what they are as a whole: name, currency, order, what follows a won deal, in use or not.

Only admins and managers do; everything else raises NotAllowed. Their stages are shaped in `shaping`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.activity import operations as activity
from addon.domain.errors import DomainError
from addon.domain.money import Money
from addon.domain.pipelines import queries
from addon.domain.pipelines.rights import check_may_shape
from addon.models import Activity, Pipeline, Stage, StageDefinition, StageKind


class PipelineNeedsStages(DomainError):
    """A pipeline has at least one open stage, one won and one lost."""

    code = "pipelines.needs_stages"


class NoPipelineName(DomainError):
    code = "pipelines.no_name"


class FollowsItself(DomainError):
    """A pipeline cannot be its own after-sales."""

    code = "pipelines.follows_itself"


@dataclass(frozen=True)
class StageDraft:
    """A stage to be made; `probability` in percent."""

    name: str
    probability: int = 0
    age_limit_days: int | None = None
    kind: StageKind = StageKind.OPEN


def create(
    session: Session,
    name: str,
    stages: Sequence[StageDraft],
    *,
    at: datetime,
    currency: str = "EUR",
    cause: Activity | None = None,
) -> Pipeline:
    """Add a pipeline with its stages in this order. Raises PipelineNeedsStages, NoPipelineName, NotAllowed."""
    check_may_shape(session)
    kinds = {stage.kind for stage in stages}
    if kinds != set(StageKind):
        raise PipelineNeedsStages(name=name)
    last = session.scalar(select(func.max(Pipeline.position)))
    pipeline = Pipeline(name=_clean(name), position=(last or 0) + 1, currency=currency, created_at=at)
    session.add(pipeline)
    session.flush()
    rows = [
        Stage(pipeline_id=pipeline.id, kind=draft.kind, position=position) for position, draft in enumerate(stages, 1)
    ]
    session.add_all(rows)
    session.flush()
    session.add_all(
        StageDefinition(
            stage_id=stage.id,
            since=at,
            name=draft.name[:200],
            probability=draft.probability,
            age_limit_days=draft.age_limit_days,
            position=stage.position,
        )
        for stage, draft in zip(rows, stages, strict=True)
    )
    session.flush()
    session.expire(pipeline)
    activity.record(
        session, "pipeline.created", ("pipeline", pipeline.id), at=at, texts={"name": pipeline.name}, cause=cause
    )
    return pipeline


def edit(
    session: Session,
    pipeline_id: int,
    changes: Mapping[str, Any],
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """Change `name`, `currency` or `after_sales_id` (the pipeline where a won deal goes on; None: nowhere).

    None where nothing differs. Raises NotFound, NoPipelineName, FollowsItself, NotACurrency, NotAllowed, KeyError.
    """
    pipeline = hold(session, pipeline_id)
    wanted = {name: _checked(session, pipeline, name, value) for name, value in changes.items()}
    before = {name: getattr(pipeline, name) for name in wanted if getattr(pipeline, name) != wanted[name]}
    if not before:
        return None
    for name in before:
        setattr(pipeline, name, wanted[name])
    session.flush()
    after = {name: wanted[name] for name in before}
    return activity.record(
        session,
        "pipeline.edited",
        ("pipeline", pipeline.id),
        at=at,
        before={name: value for name, value in before.items() if name != "name"},
        after={name: value for name, value in after.items() if name != "name"},
        texts={"before": {"name": before["name"]}, "after": {"name": after["name"]}} if "name" in before else None,
        cause=cause,
        undoes=undoes,
    )


def reorder(
    session: Session,
    pipeline_ids: Sequence[int],
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """Put pipelines in this order; those that are not named stay behind them. None where nothing differs.

    Raises NotAllowed, NotFound.
    """
    check_may_shape(session)
    every = list(
        session.scalars(select(Pipeline).order_by(Pipeline.position, Pipeline.id).with_for_update(key_share=True))
    )
    by_id = {pipeline.id: pipeline for pipeline in every}
    for pipeline_id in pipeline_ids:
        queries.get(session, pipeline_id, archived=True)
    named = list(dict.fromkeys(pipeline_ids))
    order = [*named, *(pipeline.id for pipeline in every if pipeline.id not in named)]
    if order == [pipeline.id for pipeline in every]:
        return None
    for position, pipeline_id in enumerate(order, 1):
        by_id[pipeline_id].position = position
    session.flush()
    return activity.record(
        session,
        "pipelines.reordered",
        ("team", viewer_of(session).team_id),
        at=at,
        before={"order": [pipeline.id for pipeline in every]},
        after={"order": order},
        cause=cause,
        undoes=undoes,
    )


def archive(
    session: Session, pipeline_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity | None:
    """Take a pipeline out of use; its deals stay in it, and come back with it. Raises NotFound, NotAllowed."""
    return _set_archived(session, pipeline_id, at, "pipeline.archived", at=at, cause=cause, undoes=undoes)


def restore(
    session: Session, pipeline_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity | None:
    """Use it again. Raises NotFound, NotAllowed."""
    return _set_archived(session, pipeline_id, None, "pipeline.restored", at=at, cause=cause, undoes=undoes)


def hold(session: Session, pipeline_id: int) -> Pipeline:
    """The pipeline, archived or not, for whoever may shape it: who shapes it too waits. Raises NotFound, NotAllowed."""
    queries.get(session, pipeline_id, archived=True)
    check_may_shape(session, pipeline_id)
    return session.scalars(
        select(Pipeline)
        .where(Pipeline.id == pipeline_id)
        .with_for_update(key_share=True)  # new deals, which only point at it, do not wait
        .execution_options(populate_existing=True)
    ).one()


def _set_archived(
    session: Session,
    pipeline_id: int,
    when: datetime | None,
    kind: str,
    *,
    at: datetime,
    cause: Activity | None,
    undoes: Activity | None,
) -> Activity | None:
    pipeline = hold(session, pipeline_id)
    if (pipeline.archived_at is None) is (when is None):
        return None
    pipeline.archived_at = when
    session.flush()
    archived = when is not None
    return activity.record(
        session,
        kind,
        ("pipeline", pipeline.id),
        at=at,
        before={"archived": not archived},
        after={"archived": archived},
        cause=cause,
        undoes=undoes,
    )


def _checked(session: Session, pipeline: Pipeline, name: str, value: Any) -> Any:
    if name == "name":
        return _clean(str(value))
    if name == "currency":
        return Money(Decimal(0), str(value)).currency
    if name != "after_sales_id":
        raise KeyError(name)
    if value is not None and queries.get(session, value).id == pipeline.id:
        raise FollowsItself(name=pipeline.name)
    return value


def _clean(name: str) -> str:
    if not name.strip():
        raise NoPipelineName
    return name.strip()[:200]
