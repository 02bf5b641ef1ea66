"""Which columns a board has, in which order, and what they are called."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from addon.domain.fields.keys import Kind
from addon.domain.views import groups
from addon.domain.views.counting import Tally
from addon.domain.views.groups import CLOSED, Grouping
from addon.domain.views.scene import Scene
from addon.models import Company, Contact, Pipeline, Stage, User

_NAMED: Mapping[Kind, Any] = {Kind.COMPANY: Company, Kind.CONTACT: Contact}


@dataclass(frozen=True)
class Place:
    """A column before anything is counted."""

    key: str
    """"" for what is empty."""
    name: str = ""
    """"" where the entrance has the word: for what is empty, a tick, a month, an amount, a pipeline of its own name."""
    stage: Stage | None = None
    gone: bool = False
    """The stage, option or person is no more; what stands there can only leave."""


def places(session: Session, scene: Scene, by: Grouping, tallies: Mapping[str, Tally]) -> list[Place]:
    """`tallies` says how many rows stand where. What is empty comes last."""
    kind, sizes = by.spec.kind, {key: tally.count for key, tally in tallies.items()}
    if kind in CLOSED:
        found = _CLOSED[kind](session, scene, by, sizes.keys())
    elif kind in _NAMED:
        found = _named(session, by, sizes)
    elif by.is_word:
        found = _words(session, scene, by, tallies)
    else:
        found = _by_themselves(kind, sizes)
    empties = sizes.get("", 0) > 0 or not (by.spec.required or kind == Kind.MOMENT)
    shown = [place for place in found if place.key not in scene.ask.hidden]
    return [*shown, *([Place("")] if empties and "" not in scene.ask.hidden else [])]


def _stages(session: Session, scene: Scene, by: Grouping, keys: Collection[str]) -> list[Place]:
    query = select(Stage).join(Pipeline, Pipeline.id == Stage.pipeline_id)
    if scene.ask.pipeline_id is not None:
        query = query.where(Stage.pipeline_id == scene.ask.pipeline_id)
    query = query.where(
        Pipeline.archived_at.is_(None), or_(Stage.archived_at.is_(None), Stage.id.in_(by.readable(keys)))
    )
    query = query.order_by(Pipeline.position, Pipeline.id, Stage.position, Stage.id)
    found = session.scalars(query)
    return [Place(str(stage.id), stage.name, stage, stage.archived_at is not None) for stage in found]


def _pipelines(session: Session, scene: Scene, by: Grouping, keys: Collection[str]) -> list[Place]:
    query = select(Pipeline).where(Pipeline.archived_at.is_(None)).order_by(Pipeline.position, Pipeline.id)
    if scene.ask.pipeline_id is not None:
        query = query.where(Pipeline.id == scene.ask.pipeline_id)
    return [Place(str(pipeline.id), pipeline.name) for pipeline in session.scalars(query)]


def _people(session: Session, scene: Scene, by: Grouping, keys: Collection[str]) -> list[Place]:
    query = select(User).where(or_(User.active, User.id.in_(by.readable(keys))))
    found = sorted(session.scalars(query), key=lambda user: ((user.name or user.email).casefold(), user.id))
    return [Place(str(user.id), user.name or user.email, gone=not user.active) for user in found]


def _options(session: Session, scene: Scene, by: Grouping, keys: Collection[str]) -> list[Place]:
    told = [Place(str(option.id), option.name, gone=option.deleted) for option in by.spec.options]
    return [place for place in told if not place.gone or place.key in keys]


def _ticks(session: Session, scene: Scene, by: Grouping, keys: Collection[str]) -> list[Place]:
    return [Place("1")]


_CLOSED: Mapping[Kind, Any] = {
    Kind.STAGE: _stages,
    Kind.PIPELINE: _pipelines,
    Kind.PERSON: _people,
    Kind.SELECT: _options,
    Kind.MULTI_SELECT: _options,
    Kind.CHECKBOX: _ticks,
}


def _named(session: Session, by: Grouping, sizes: Mapping[str, int]) -> list[Place]:
    model = _NAMED[by.spec.kind]
    found = session.execute(select(model.id, model.name).where(model.id.in_(by.readable(sizes))))
    names = {str(number): name for number, name in found}
    keys = sorted((key for key in sizes if key), key=lambda key: (-sizes[key], names.get(key, "").casefold(), key))
    return [Place(key, names.get(key, "")) for key in keys]


def _by_themselves(kind: Kind, sizes: Mapping[str, int]) -> list[Place]:
    """Amounts, numbers and months stand in their own order."""
    keys = [key for key in sizes if key]
    if kind == Kind.MONEY:
        keys.sort(key=lambda key: (groups.amount_of(key)[1], groups.amount_of(key)[0]))
    elif kind == Kind.NUMBER:
        keys.sort(key=groups.decimal_of)
    else:
        keys.sort()
    return [Place(key, key if kind == Kind.NUMBER else "") for key in keys]


def _words(session: Session, scene: Scene, by: Grouping, tallies: Mapping[str, Tally]) -> list[Place]:
    """By how many there are, each called as its first row spells it."""
    filled = {key: tally for key, tally in tallies.items() if key}
    spelled = groups.spellings(session, scene, by, [tally.first for tally in filled.values()])
    keys = sorted(filled, key=lambda key: (-filled[key].count, key))
    return [Place(key, spelled.get(filled[key].first, key)) for key in keys]
