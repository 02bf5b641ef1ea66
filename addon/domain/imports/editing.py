"""Writing what rows say into people and companies that are there: only what differs, noted, in few statements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from addon.domain.fields import noting as wording
from addon.domain.fields import queries as fields
from addon.domain.fields import stored
from addon.domain.fields.checking import Typed
from addon.domain.fields.keys import WORDS, FieldSpec, field_id_of
from addon.domain.fields.stored import Change
from addon.domain.imports import noting
from addon.models import Activity, Company, Contact, Subject


def edit_many(
    session: Session,
    subject: Subject,
    holders: Mapping[int, Contact | Company],
    wanted: Mapping[int, Mapping[str, Typed]],
    *,
    at: datetime,
    cause: Activity,
) -> dict[int, int]:
    """Write `wanted` (values by field key, by id) where it differs; the numbers of the diary's entries, by id.

    Raises fields' Refused where somebody that a value names is gone meanwhile.
    """
    specs = fields.by_key(session, subject, {key for values in wanted.values() for key in values})
    changes = {each: _change(holders[each], values, specs) for each, values in wanted.items()}
    for each, custom in fill(session, subject, wanted).items():
        changes[each].before.update(custom.before)
        changes[each].after.update(custom.after)
    session.flush()
    words = {_noted_as(spec) for spec in specs.values() if spec.kind in WORDS}
    edits = {each: wording.note(change.before, change.after, words) for each, change in changes.items() if change.after}
    return noting.record(session, subject, "edited", edits, at=at, cause=cause)


def fill(session: Session, subject: Subject, wanted: Mapping[int, Mapping[str, Typed]]) -> dict[int, Change]:
    """Write the custom fields of `wanted`; no entry in the diary."""
    custom = {
        each: own
        for each, values in wanted.items()
        if (own := {key: value for key, value in values.items() if field_id_of(key) is not None})
    }
    return stored.set_many(session, subject, custom) if custom else {}


def _change(holder: Contact | Company, values: Mapping[str, Typed], specs: Mapping[str, FieldSpec]) -> Change:
    change = Change()
    for key, value in values.items():
        spec = specs.get(key)
        if spec is None or spec.custom or not spec.columns:
            continue
        column = spec.columns[0]
        old = getattr(holder, column)
        if old != value:
            setattr(holder, column, value)
            change.before[_noted_as(spec)], change.after[_noted_as(spec)] = old, value
    return change


def _noted_as(spec: FieldSpec) -> str:
    """The diary has ids under their column's name, all else under the field's key."""
    column = spec.columns[0] if spec.columns else spec.key
    return column if column.endswith("_id") else spec.key
