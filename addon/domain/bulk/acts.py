"""What a bulk act does to one thing: the room's own act, so that its rules and hooks hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from addon.domain.contacts import companies
from addon.domain.contacts import operations as contacts
from addon.domain.deals import operations as deals
from addon.domain.errors import DomainError, NotFound
from addon.domain.fields import finding, queries, stored, values
from addon.domain.fields.keys import Kind
from addon.domain.ladder import operations as ladder
from addon.domain.pipelines import queries as pipelines
from addon.models import Activity, Bulk, BulkKind, StageKind, Subject

_EDIT: Mapping[Subject, Callable[..., Any]] = {
    Subject.DEAL: deals.edit,
    Subject.CONTACT: contacts.edit,
    Subject.COMPANY: companies.edit,
}
_DELETE: Mapping[Subject, Callable[..., Any]] = {
    Subject.DEAL: deals.delete,
    Subject.CONTACT: contacts.delete,
    Subject.COMPANY: companies.delete,
}
ADD, TAKE = "+", "-"
"""Before the key of a field with several choices: add these to what stands there, or take them away."""


class NoReason(DomainError):
    """Deals are lost for a reason, many of them too. Params: stage."""

    code = "bulk.no_reason"


def check(session: Session, kind: BulkKind, subject: Subject, asked: Mapping[str, Any]) -> None:
    """What would be refused of everybody is refused at once. Raises NotFound, NoReason, Refused, UnknownField."""
    if kind is BulkKind.MOVE:
        stage = pipelines.get_stage(session, int(asked["stage_id"]))
        if stage.kind == StageKind.LOST and not str(asked.get("lost_reason") or "").strip():
            raise NoReason(stage=stage.name)
    elif kind is BulkKind.EDIT:
        if not asked:
            raise NotFound(what="field")
        _typed(session, subject, asked)


def do(session: Session, row: Bulk, one: Any, *, cause: Activity, at: datetime) -> None:
    """Do it to one. Raises what the room's act raises."""
    subject = Subject(row.subject)
    if row.kind == BulkKind.MOVE:
        deal_id, seen = one
        how: dict[str, Any] = {"lost_reason": row.asked.get("lost_reason"), "asks_reason": True}
        ladder.move(session, deal_id, row.asked["stage_id"], seen=seen, at=at, cause=cause, **how)
    elif row.kind == BulkKind.EDIT:
        _EDIT[subject](session, one, _changes(session, subject, one, row.asked), at=at, cause=cause)
    else:
        _DELETE[subject](session, one, at=at, cause=cause)


def _changes(session: Session, subject: Subject, key: int, asked: Mapping[str, Any]) -> dict[str, Any]:
    typed = _typed(session, subject, asked)
    changes = {name: value for name, value in typed.items() if name[0] not in (ADD, TAKE)}
    several = {name[1:] for name in typed if name[0] in (ADD, TAKE)}
    if several:
        specs = list(queries.by_key(session, subject, several).values())
        held = stored.read_many(session, subject, [key], specs).get(key, {})
        for name in several:
            now: Any = held.get(name) or frozenset()
            wanted = (now | (typed.get(ADD + name) or frozenset())) - (typed.get(TAKE + name) or frozenset())
            changes[name] = wanted or None
    return changes


def _typed(session: Session, subject: Subject, asked: Mapping[str, Any]) -> dict[str, Any]:
    reading = finding.reading(session)
    found: dict[str, Any] = {}
    for name, text in asked.items():
        key = name[1:] if name[:1] in (ADD, TAKE) else name
        spec = queries.spec(session, subject, key)
        if key != name and spec.kind is not Kind.MULTI_SELECT:
            raise NotFound(what="field", given=name)
        found[name] = values.read(spec, str(text), reading)
    return found
