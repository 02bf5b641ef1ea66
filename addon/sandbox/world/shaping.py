"""Shapes the world's team: its pipelines, its own fields, what its stages ask for, the rules that its inbox follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from addon.domain.fields import operations as fields
from addon.domain.fields.keys import key_of
from addon.domain.fields.ready import READY
from addon.domain.pipelines import members, shaping, templates
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines.operations import StageDraft
from addon.domain.rules import operations as rules
from addon.domain.rules.matching import Conditions
from addon.domain.verdicts import Kind
from addon.i18n import Words
from addon.models import EvidenceKind, FieldKind, Stage, StageKind, Subject
from addon.sandbox.world.data import World

_say = Words()


@dataclass
class Shape:
    """What the parts of the files are in the database."""

    pipelines: dict[str, int] = field(default_factory=dict)
    stages: dict[str, dict[str, int]] = field(default_factory=dict)
    """By pipeline, then by name, in their order."""
    fields: dict[str, str] = field(default_factory=dict)
    """Keys of the team's own fields."""
    checklists: dict[int, list[str]] = field(default_factory=dict)
    """The points of a stage, as the product knows them."""


def shape(session: Session, world: World, users: Mapping[str, int]) -> Shape:
    """All of it, by whoever may shape. `users` are the reps' ids."""
    made = Shape()
    for wanted in world.pipelines:
        _pipeline(session, made, wanted, world)
    for wanted in world.pipelines:
        _lead(session, made, wanted, world, users)
    for wanted in world.shape["ready"]:
        _ready(session, made, wanted, world)
    for wanted in world.shape["fields"]:
        _field(session, made, wanted, world)
    for wanted in world.shape["stages"]:
        _playbook(session, made, wanted, world)
    for wanted in world.rules:
        _rule(session, made.pipelines[wanted["pipeline"]], made.stages[wanted["pipeline"]], wanted, world)
    return made


def _pipeline(session: Session, made: Shape, wanted: Mapping[str, Any], world: World) -> None:
    template = wanted.get("template")
    name = _say(f"pipelines.template.{template}") if template else wanted["name"]
    stages = templates.drafts(template, _say) if template else _stages(wanted["stages"])
    pipeline = pipelines.create(session, name, stages, at=world.days_ago(199), currency=world.team["currency"])
    made.pipelines[wanted["key"]] = pipeline.id
    made.stages[wanted["key"]] = {draft.name: stage.id for draft, stage in zip(stages, pipeline.stages, strict=True)}


def _stages(told: Sequence[Any]) -> Sequence[StageDraft]:
    return [StageDraft(name, percent, days or None, StageKind(kind)) for name, percent, days, kind in told]


def _lead(session: Session, made: Shape, wanted: Mapping[str, Any], world: World, users: Mapping[str, int]) -> None:
    """Where its won deals go on, and whose it is."""
    own, at = made.pipelines[wanted["key"]], world.days_ago(199)
    if "after_sales" in wanted:
        pipelines.edit(session, own, {"after_sales_id": made.pipelines[wanted["after_sales"]]}, at=at)
    for key in wanted.get("members", ()):
        members.add(session, own, users[key], at=at)
    if "members" in wanted:
        members.close_to_members(session, own, at=at)


def _ready(session: Session, made: Shape, wanted: Mapping[str, Any], world: World) -> None:
    line = made.pipelines[wanted["pipeline"]]
    rows = fields.add_ready_set(session, wanted["set"], _say, at=world.days_ago(199), pipeline_id=line)
    for template, row in zip(READY[wanted["set"]], rows, strict=True):
        made.fields[template.key] = key_of(row.id)


def _field(session: Session, made: Shape, wanted: Mapping[str, Any], world: World) -> None:
    row = fields.create(
        session,
        Subject(wanted["subject"]),
        FieldKind(wanted["kind"]),
        wanted["name"],
        at=world.days_ago(199),
        pipeline_id=made.pipelines[wanted["pipeline"]] if "pipeline" in wanted else None,
        help=wanted.get("help", ""),
        options=wanted.get("options", ()),
    )
    made.fields[wanted["key"]] = key_of(row.id)


def _playbook(session: Session, made: Shape, wanted: Mapping[str, Any], world: World) -> None:
    changes = {
        "help": wanted.get("help", ""),
        "checklist": wanted.get("checklist", ()),
        "required_to_enter": [made.fields[key] for key in wanted.get("enter", ())],
        "required_to_leave": [made.fields[key] for key in wanted.get("leave", ())],
    }
    stage_id = made.stages[wanted["pipeline"]][wanted["name"]]
    shaping.edit_stage(session, stage_id, changes, at=world.days_ago(199))
    made.checklists[stage_id] = [str(point["id"]) for point in session.get_one(Stage, stage_id).now.checklist]


def _rule(
    session: Session, pipeline_id: int, stages: Mapping[str, int], wanted: Mapping[str, Any], world: World
) -> None:
    rules.create_rule(
        session,
        pipeline_id,
        wanted["name"],
        from_stage_id=stages[wanted["from"]],
        to_stage_id=stages[wanted["to"]],
        conditions=Conditions(
            kinds=frozenset({Kind.HUMAN}),
            said=frozenset(wanted.get("said", ())),
            not_said=frozenset(wanted.get("not_said", ())),
            answer=True,
        ),
        evidence_kinds=[EvidenceKind.SENTENCE],
        at=world.days_ago(198),
    )
