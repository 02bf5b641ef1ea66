"""What a stage is called and expects, dated: a change closes the definition in force and opens a new one."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.errors import DomainError, NotFound
from addon.domain.fields import queries as fields
from addon.domain.pipelines import queries
from addon.models import Stage, StageDefinition, Subject

DEFINED = (
    "name",
    "probability",
    "age_limit_days",
    "position",
    "help",
    "checklist",
    "required_to_enter",
    "required_to_leave",
    "leads_to",
)
WORDS = frozenset({"name", "help", "checklist"})
"""What people wrote: it goes into the diary's texts."""

LONGEST_NAME, LONGEST_HELP, LONGEST_ITEM, MOST_ITEMS, MOST_DAYS = 200, 10_000, 300, 100, 36_500


class NoStageName(DomainError):
    code = "pipelines.no_stage_name"


class BadProbability(DomainError):
    """Not a whole number of percent. Params: given."""

    code = "pipelines.bad_probability"


class BadAgeLimit(DomainError):
    """Not a number of days. Params: given, most."""

    code = "pipelines.bad_age_limit"


class TooLong(DomainError):
    """More text or more points than a stage's playbook holds. Params: limit."""

    code = "pipelines.playbook_too_long"


def change(session: Session, stage: Stage, wanted: Mapping[str, Any], *, at: datetime) -> Mapping[str, Any]:
    """Put these in force from now on; what they were, of those that differ. Several changes of one moment are one."""
    now = session.scalars(
        select(StageDefinition).where(StageDefinition.stage_id == stage.id, StageDefinition.until.is_(None))
    ).one()
    before = {name: getattr(now, name) for name, value in wanted.items() if getattr(now, name) != value}
    if not before:
        return {}
    if now.since < at:
        now.until = at
        session.flush()
        now = StageDefinition(stage_id=stage.id, since=at, **{name: getattr(now, name) for name in DEFINED})
        session.add(now)
    for name in before:
        setattr(now, name, wanted[name])
    session.flush()
    session.expire(stage, ["definitions"])
    return before


def place(session: Session, order: Sequence[Stage], *, at: datetime) -> None:
    """Number the stages in this order from now on; few statements, however many there are."""
    ids = [stage.id for stage in order]
    in_force = {
        said.stage_id: said
        for said in session.scalars(
            select(StageDefinition).where(StageDefinition.stage_id.in_(ids), StageDefinition.until.is_(None))
        )
    }
    renewed = []
    for position, stage in enumerate(order, 1):
        stage.position = position
        now = in_force[stage.id]
        if now.position == position:
            continue
        session.expire(stage, ["definitions"])
        if now.since < at:
            now.until = at
            said = {name: getattr(now, name) for name in DEFINED} | {"position": position}
            renewed.append(StageDefinition(stage_id=stage.id, since=at, **said))
        else:
            now.position = position
    session.flush()
    session.add_all(renewed)
    session.flush()


def checked(session: Session, stage: Stage, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """In their normal form. Raises NoStageName, BadProbability, BadAgeLimit, TooLong, NotFound, KeyError."""
    return {name: _CHECKS[name](session, stage, value) for name, value in changes.items()}


def _name(_session: Session, _stage: Stage, value: Any) -> str:
    if not str(value).strip():
        raise NoStageName
    return str(value).strip()[:LONGEST_NAME]


def _probability(_session: Session, _stage: Stage, value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value <= 100:
        raise BadProbability(given=value)
    return value


def _age_limit(_session: Session, _stage: Stage, value: Any) -> int | None:
    if value is not None and (not isinstance(value, int) or not 1 <= value <= MOST_DAYS):
        raise BadAgeLimit(given=value, most=MOST_DAYS)
    return value


def _help(_session: Session, _stage: Stage, value: Any) -> str:
    if len(str(value)) > LONGEST_HELP:
        raise TooLong(limit=LONGEST_HELP)
    return str(value).strip()


def _checklist(_session: Session, stage: Stage, value: Any) -> Sequence[Any]:
    """Points as texts, or with the ids that they have; a text that stands there already keeps its id."""
    known = {item["text"]: item["id"] for item in stage.now.checklist}
    items: list[dict[str, str]] = []
    for given in value:
        text = str(given["text"] if isinstance(given, Mapping) else given).strip()
        if not text:
            continue
        if len(text) > LONGEST_ITEM or len(items) == MOST_ITEMS:
            raise TooLong(limit=LONGEST_ITEM if len(text) > LONGEST_ITEM else MOST_ITEMS)
        named = given.get("id") if isinstance(given, Mapping) else None
        items.append({"id": str(named or known.get(text) or uuid.uuid4().hex)[:32], "text": text})
    return items


def _keys(session: Session, _stage: Stage, value: Any) -> Sequence[str]:
    """Keys of fields of deals."""
    wanted = list(dict.fromkeys(str(key) for key in value))
    known = fields.by_key(session, Subject.DEAL, wanted)
    for key in wanted:
        if key not in known:
            raise NotFound(what="field", given=key)
    return wanted


def _leads_to(session: Session, stage: Stage, value: Any) -> Sequence[int] | None:
    if value is None:
        return None
    live = [other.id for other in queries.stages(session, stage.pipeline_id)]
    for stage_id in value:
        if stage_id not in live:
            raise NotFound(what="stage", given=stage_id)
    return [stage_id for stage_id in live if stage_id in set(value)] or None  # a stage is no dead end by oversight


_CHECKS: Mapping[str, Callable[[Session, Stage, Any], Any]] = {
    "name": _name,
    "probability": _probability,
    "age_limit_days": _age_limit,
    "help": _help,
    "checklist": _checklist,
    "required_to_enter": _keys,
    "required_to_leave": _keys,
    "leads_to": _leads_to,
}
