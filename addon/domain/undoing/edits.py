"""Taking edits of deals, people and companies back: what stood there before stands there again, built-in or custom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from addon.domain.contacts import companies
from addon.domain.contacts import operations as contacts
from addon.domain.deals import operations as deals
from addon.domain.fields import editing, queries, stored
from addon.domain.fields.builtin import builtin
from addon.domain.fields.keys import Kind
from addon.domain.money import Money
from addon.domain.undoing.scene import Handler, Scene, who
from addon.models import Activity, Company, Contact, Deal, Subject

_MODEL: Mapping[Subject, Any] = {Subject.DEAL: Deal, Subject.CONTACT: Contact, Subject.COMPANY: Company}
_EDIT: Mapping[Subject, Callable[..., Activity | None]] = {
    Subject.DEAL: deals.edit,
    Subject.CONTACT: contacts.edit,
    Subject.COMPANY: companies.edit,
}


def title_of(row: Any) -> str:
    return str(row.title if isinstance(row, Deal) else row.name)


def _look(subject: Subject, scene: Scene, entry: Activity) -> None:
    session = scene.session
    row = session.get_one(_MODEL[subject], entry.subject_id)
    before, after = _sides(session, subject, entry)
    title = title_of(row)
    scene.takes_back("undoing.edit", title=title, n=len(after), entry=entry.id)
    if not scene.now((subject, row.id), lambda: row.deleted_at is None):
        scene.refuse("undoing.deleted", title=title)
    if not after:
        scene.refuse("undoing.words_erased", title=title)
    known = queries.by_key(session, subject, list(after))
    held = stored.read_many(session, subject, [row.id], list(known.values())).get(row.id, {}) if known else {}
    for key, value in after.items():
        if key not in known and builtin(subject, key) is None:
            scene.refuse("undoing.field_gone", title=title)
            continue
        now = scene.now((subject, row.id, key), lambda key=key: _standing(subject, row, held, key))  # type: ignore[misc]
        if (now or None) != (value or None):
            _refuse_changed(scene, entry, title, key)
        scene.changed[subject, row.id, key] = before.get(key)


def _refuse_changed(scene: Scene, entry: Activity, title: str, key: str) -> None:
    """Say who changed it, where one later edit did."""
    for later in reversed(scene.later(entry, frozenset({entry.kind}))):
        if key in editing.edits_of(scene.session, Subject(entry.subject_kind), later)[1]:
            scene.refuse("undoing.changed_since", title=title, who=who(scene.session, later), at=later.at)
            return
    scene.refuse("undoing.not_as_it_was", title=title)


def _take_back(
    subject: Subject, session: Session, entry: Activity, at: datetime, cause: Activity | None
) -> Activity | None:
    before, after = _sides(session, subject, entry)
    changes = {key: before.get(key) for key in after}
    return _EDIT[subject](session, entry.subject_id, changes, at=at, cause=cause, undoes=entry)


def _sides(session: Session, subject: Subject, entry: Activity) -> tuple[dict[str, Any], dict[str, Any]]:
    """A field that was empty has no value before, one that was emptied none after."""
    before, after = editing.edits_of(session, subject, entry)
    keys = {*before, *after}
    return {key: before.get(key) for key in keys}, {key: after.get(key) for key in keys}


def _standing(subject: Subject, row: Any, held: Mapping[str, Any], key: str) -> Any:
    spec = builtin(subject, key)
    if spec is None:
        return held.get(key)
    if spec.kind is Kind.MONEY:
        return Money(row.amount, row.currency) if row.amount is not None and row.currency else None
    return getattr(row, spec.columns[0])


HANDLERS = {f"{subject}.edited": Handler(partial(_look, subject), partial(_take_back, subject)) for subject in Subject}
