"""What the pages of pipelines show of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.deals import totals
from addon.domain.fields import queries as fields
from addon.domain.pipelines import queries, rights, templates
from addon.i18n import Words
from addon.models import Pipeline, Stage, StageKind, Subject
from addon.web.fields.field_words import label
from addon.web.seat import Person, owner

TONES = {StageKind.OPEN: ("open", "play"), StageKind.WON: ("won", "check"), StageKind.LOST: ("lost", "close")}


@dataclass(frozen=True, kw_only=True)
class PipelineRow:
    id: int
    name: str
    stages: str
    facts: str
    members_only: bool
    may: bool


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A pipeline that one can begin with."""

    key: str
    name: str
    text: str
    stages: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class StageRow:
    id: int
    name: str
    tone: str
    icon: str
    kind: str
    facts: str
    url: str


@dataclass(frozen=True)
class Member:
    id: int
    person: Person


def row(session: Session, pipeline: Pipeline, say: Words) -> PipelineRow:
    names = [stage.name for stage in queries.stages(session, pipeline.id)]
    shown = " → ".join(names[:12]) + (f" … {say('settings.count.stages', n=len(names))}" if len(names) > 12 else "")
    deals = sum(each.deals for by in totals.of_pipeline(session, pipeline.id).values() for each in by.values())
    return PipelineRow(
        id=pipeline.id,
        name=pipeline.name,
        stages=shown,
        facts=" · ".join([say("settings.count.deals", n=deals), pipeline.currency]),
        members_only=pipeline.members_only,
        may=rights.may_shape(session, pipeline.id),
    )


def ready(say: Words) -> list[Ready]:
    return [
        Ready(
            key=key,
            name=say(f"pipelines.template.{key}"),
            text=say(f"settings.ready.{key}"),
            stages=[say(f"stages.{stage.key}") for stage in stages],
        )
        for key, stages in templates.READY.items()
    ]


def stage_rows(session: Session, pipeline: Pipeline, say: Words) -> list[StageRow]:
    counts = deals_by_stage(session, pipeline.id)
    called = {spec.key: label(spec, say) for spec in fields.specs(session, Subject.DEAL, pipeline.id)}
    return [_stage_row(stage, counts.get(stage.id, 0), called, say) for stage in queries.stages(session, pipeline.id)]


def _stage_row(stage: Stage, deals: int, called: dict[str, str], say: Words) -> StageRow:
    now, kind = stage.now, StageKind(stage.kind)
    facts = [say("settings.count.deals", n=deals)]
    if kind is StageKind.OPEN:
        facts.append(say("settings.stage.chance", n=now.probability))
    if now.age_limit_days:
        facts.append(say("settings.stage.days", n=now.age_limit_days))
    for when, keys in (("enter", now.required_to_enter), ("leave", now.required_to_leave)):
        if names := [called[key] for key in keys if key in called]:
            facts.append(say(f"settings.stage.needs_{when}", fields=", ".join(names)))
    if now.checklist:
        facts.append(say("settings.count.points", n=len(now.checklist)))
    if now.leads_to is not None:
        facts.append(say("settings.stage.some_ways"))
    tone, icon = TONES[kind]
    return StageRow(
        id=stage.id,
        name=stage.name,
        tone=tone,
        icon=icon,
        kind=say(f"settings.stage.kind.{kind}"),
        facts=" · ".join(facts),
        url=url_for("web.pipeline_stages.page", pipeline_id=stage.pipeline_id, stage_id=stage.id),
    )


def deals_by_stage(session: Session, pipeline_id: int) -> dict[int, int]:
    found = totals.of_pipeline(session, pipeline_id)
    return {stage_id: sum(each.deals for each in by.values()) for stage_id, by in found.items()}


def retired(session: Session, pipeline_id: int) -> list[tuple[int, str]]:
    """Stages that were taken away, the last one first."""
    query = select(Stage).where(Stage.pipeline_id == pipeline_id, Stage.archived_at.is_not(None))
    return [(stage.id, stage.name) for stage in session.scalars(query.order_by(Stage.archived_at.desc()).limit(100))]


def members(users: Sequence[object]) -> list[Member]:
    return [Member(user.id, owner(user)) for user in users]  # type: ignore[attr-defined,arg-type]
