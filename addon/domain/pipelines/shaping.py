"""Shaping the stages of a pipeline: adding, naming, ordering, and what each expects of a deal.

Only admins and managers shape (NotAllowed). Old reports stay true: definitions are dated, see `definitions`. A stage is
taken away by `ladder.removing`, because the deals in it must go somewhere.

`leads_to` names the stages of the pipeline to which a deal may go from here, and it goes to no other, not back nor to
Lost either; only an undo does. Where none of the named stages is in use any more, any will do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.activity import operations as activity
from addon.domain.errors import DomainError, NotFound
from addon.domain.pipelines import definitions, queries
from addon.domain.pipelines.definitions import WORDS
from addon.domain.pipelines.operations import PipelineNeedsStages, StageDraft, hold
from addon.models import Activity, Stage, StageDefinition, StageKind


class StageHoldsDeals(DomainError):
    """What was asked would change what is true of the deals that stand there. Params: stage, n (of deals)."""

    code = "pipelines.stage_holds_deals"


def add_stage(
    session: Session,
    pipeline_id: int,
    draft: StageDraft,
    *,
    at: datetime,
    before: int | None = None,
    cause: Activity | None = None,
) -> Stage:
    """Add a stage in front of the stage `before`; without one, behind the last open one.

    Raises NotFound, NotAllowed, NoStageName, BadProbability, BadAgeLimit.
    """
    pipeline = hold(session, pipeline_id)
    order = list(queries.stages(session, pipeline.id))
    stage = Stage(pipeline_id=pipeline.id, kind=draft.kind, position=len(order) + 1)
    wanted = {"name": draft.name, "probability": draft.probability, "age_limit_days": draft.age_limit_days}
    wanted = dict(definitions.checked(session, stage, wanted))
    session.add(stage)
    session.flush()
    session.add(StageDefinition(stage_id=stage.id, since=at, position=stage.position, **wanted))
    session.flush()
    old = [each.id for each in order]
    order.insert(_place(order, before), stage)
    definitions.place(session, order, at=at)
    activity.record(
        session,
        "stage.added",
        ("pipeline", pipeline.id),
        at=at,
        before={"order": old},
        after={"stage_id": stage.id, "order": [each.id for each in order], "kind": stage.kind},
        texts={"stage": wanted["name"]},
        cause=cause,
    )
    return stage


def edit_stage(
    session: Session,
    stage_id: int,
    changes: Mapping[str, Any],
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """Change what a stage is called and expects; None where nothing differs.

    Keys: name, probability (percent), age_limit_days (or None), help, checklist (texts, or {"id", "text"}),
    required_to_enter and required_to_leave (keys of fields), leads_to (ids of stages or None), kind. The kind stays
    while deals stand there. Raises NotFound, NotAllowed, StageHoldsDeals, PipelineNeedsStages, KeyError and what
    `definitions.checked` does.
    """
    stage = _held(session, stage_id)
    wanted = definitions.checked(session, stage, {name: value for name, value in changes.items() if name != "kind"})
    name = stage.name
    before = dict(definitions.change(session, stage, wanted, at=at))
    after = {key: wanted[key] for key in before}
    kind = StageKind(changes.get("kind", stage.kind))
    if kind != stage.kind:
        _check_kind(session, stage)
        before["kind"], after["kind"] = stage.kind, kind
        stage.kind = kind
        session.flush()
    if not before:
        return None
    return activity.record(
        session,
        "stage.edited",
        ("pipeline", stage.pipeline_id),
        at=at,
        before={"stage_id": stage.id, **_codes(before)},
        after={"stage_id": stage.id, **_codes(after)},
        texts={"stage": name, "before": _words(before), "after": _words(after)},
        cause=cause,
        undoes=undoes,
    )


def reorder_stages(
    session: Session,
    pipeline_id: int,
    stage_ids: Sequence[int],
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """Put the stages in this order; those that are not named stay behind them. None where nothing differs.

    Raises NotFound, NotAllowed.
    """
    pipeline = hold(session, pipeline_id)
    stages = {stage.id: stage for stage in queries.stages(session, pipeline.id)}
    for stage_id in stage_ids:
        if stage_id not in stages:
            raise NotFound(what="stage", given=stage_id)
    named = list(dict.fromkeys(stage_ids))
    order = [*named, *(stage_id for stage_id in stages if stage_id not in set(named))]
    if order == list(stages):
        return None
    definitions.place(session, [stages[stage_id] for stage_id in order], at=at)
    return activity.record(
        session,
        "stages.reordered",
        ("pipeline", pipeline.id),
        at=at,
        before={"order": list(stages)},
        after={"order": order},
        cause=cause,
        undoes=undoes,
    )


def restore_stage(
    session: Session, stage_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity | None:
    """Use a stage again that was taken away, where it stood; None where it is in use. Raises NotFound, NotAllowed."""
    stage = _held(session, stage_id, archived=True)
    if stage.archived_at is None:
        return None
    stage.archived_at = None
    session.flush()
    definitions.place(session, queries.stages(session, stage.pipeline_id), at=at)
    return activity.record(
        session,
        "stage.restored",
        ("pipeline", stage.pipeline_id),
        at=at,
        after={"stage_id": stage.id},
        texts={"stage": stage.name},
        cause=cause,
        undoes=undoes,
    )


def retire_stage(session: Session, stage: Stage, *, at: datetime) -> None:
    """For the ladder: no deal may enter from now on. Raises PipelineNeedsStages."""
    check_spare(session, stage)
    stage.archived_at = at
    session.flush()


def check_spare(session: Session, stage: Stage) -> None:
    """Whether the pipeline can do without this stage. Raises PipelineNeedsStages."""
    others = {each.kind for each in queries.stages(session, stage.pipeline_id) if each.id != stage.id}
    if stage.kind not in others:
        raise PipelineNeedsStages(name=queries.get(session, stage.pipeline_id, archived=True).name)


def _held(session: Session, stage_id: int, *, archived: bool = False) -> Stage:
    """The stage, which nobody enters or shapes meanwhile. Raises NotFound, NotAllowed."""
    hold(session, queries.get_stage(session, stage_id).pipeline_id)
    stage = session.scalars(
        select(Stage).where(Stage.id == stage_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if stage.archived_at is not None and not archived:
        raise NotFound(what="stage", given=stage_id)
    return stage


def _check_kind(session: Session, stage: Stage) -> None:
    if count := queries.standing_in(session, stage.id):
        raise StageHoldsDeals(stage=stage.name, n=count)
    check_spare(session, stage)


def _place(order: Sequence[Stage], before: int | None) -> int:
    """Where a new stage goes. Raises NotFound."""
    ids = [stage.id for stage in order]
    if before is not None:
        if before not in ids:
            raise NotFound(what="stage", given=before)
        return ids.index(before)
    return max((place for place, stage in enumerate(order, 1) if stage.kind == StageKind.OPEN), default=0)


def _codes(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in WORDS}


def _words(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in WORDS}
