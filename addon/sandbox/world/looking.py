"""Saves the views through which the world's team looks at its deals and people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from addon.domain.fields.keys import FieldSpec
from addon.domain.views import asking, filters
from addon.domain.views import operations as views
from addon.domain.views.asking import Ask
from addon.domain.views.filters import Group
from addon.models import Shape as Drawn
from addon.models import Subject
from addon.sandbox.world.data import World
from addon.sandbox.world.shaping import Shape

SAVED = 20
"""Days ago."""


def save_views(session: Session, world: World, shape: Shape, owner: str) -> None:
    """Those that the files say are this rep's, whose session it is."""
    for wanted in world.views:
        if wanted["owner"] == owner:
            shared = wanted.get("shared", False)
            views.save(session, wanted["name"], _ask(session, shape, wanted), at=world.days_ago(SAVED), shared=shared)


def _ask(session: Session, shape: Shape, wanted: Mapping[str, Any]) -> Ask:
    subject, line = Subject(wanted.get("subject", "deal")), wanted.get("pipeline", "")
    pipeline_id = shape.pipelines[line] if line else None
    specs = asking.specs(session, subject, pipeline_id)

    def key(name: str) -> str:
        return shape.fields.get(name, name)

    def condition(name: str, op: str, value: Any) -> Mapping[str, Any]:
        ids = _ids(specs[key(name)], shape.stages.get(line, {}))
        named = [ids.get(each, each) for each in value] if isinstance(value, list) else value
        return {"field": key(name), "op": op, "value": named}

    return Ask(
        subject=subject,
        pipeline_id=pipeline_id,
        shape=Drawn(wanted.get("shape", "board")),
        filter=_all([condition(*told) for told in wanted["where"]], specs),
        group_by=key(wanted.get("group", "")),
        sort=tuple((key(name), way) for name, way in wanted.get("sort", ())),
        columns=tuple(key(name) for name in wanted.get("columns", ())),
    )


def _all(conditions: Sequence[Mapping[str, Any]], specs: Mapping[str, FieldSpec]) -> Group:
    return filters.parse({"all": conditions}, asking.kinds(specs))


def _ids(spec: FieldSpec, stages: Mapping[str, int]) -> Mapping[str, int]:
    """What a field's values are called."""
    return stages if spec.key == "stage" else {option.name: option.id for option in spec.choices}
