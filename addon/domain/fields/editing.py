"""One edit of a deal, a person or a company: built-in and custom fields change together, in one diary entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from addon.domain.fields import queries, stored
from addon.domain.fields.builtin import BUILTIN, builtin
from addon.domain.fields.checking import check
from addon.domain.fields.keys import WORDS, FieldSpec, Kind, UnknownField, field_id_of
from addon.domain.fields.noting import Noted, note, typed
from addon.domain.money import Money
from addon.models import Activity, Company, Contact, Deal, Subject

Row = Deal | Contact | Company
Changes = Mapping[str, Any]


def columns(subject: Subject, changes: Changes) -> dict[str, Any]:
    """What the built-in fields of `changes` put into which column, each in its normal form.

    A field may be named by its key or by its column (`owner`, `owner_id`). Raises Refused, UnknownField.
    """
    found: dict[str, Any] = {}
    for key, value in changes.items():
        if field_id_of(key) is not None:
            continue
        spec = _named(subject, key)
        kept = check(spec, value)
        if spec.kind is Kind.MONEY:
            found["amount"] = kept.amount if isinstance(kept, Money) else None
            found["currency"] = kept.currency if isinstance(kept, Money) else None
        else:
            found[spec.columns[0]] = "" if kept is None and spec.kind in WORDS and key != "domain" else kept
    return found


def write(session: Session, subject: Subject, row: Row, found: Mapping[str, Any], changes: Changes) -> Noted | None:
    """Put `found` into the row's columns and the custom ones of `changes` into their values.

    None where nothing differs. Raises Refused, UnknownField.
    """
    custom = {key: value for key, value in changes.items() if field_id_of(key) is not None}
    done = stored.set_values(session, subject, row.id, custom) if custom else stored.Change()
    changed = {name: value for name, value in found.items() if getattr(row, name) != value}
    if changed.keys() & {"amount", "currency"}:
        changed |= {name: found[name] for name in ("amount", "currency")}
    names = {name: _noted_as(subject, name) for name in changed}
    before = {names[name]: getattr(row, name) for name in changed}
    after = {names[name]: value for name, value in changed.items()}
    for name, value in changed.items():
        setattr(row, name, value)
    session.flush()
    if not after and not done.after:
        return None
    words = {_noted_as(subject, column) for spec in BUILTIN[subject] if spec.kind in WORDS for column in spec.columns}
    if custom:
        words |= {key for key, spec in queries.by_key(session, subject, custom).items() if spec.kind in WORDS}
    return note({**before, **done.before}, {**after, **done.after}, words)


def edits_of(session: Session, subject: Subject, entry: Activity) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an edit's entry changed: what stood there before and after, as `changes` for another edit.

    Words that were erased for privacy are not among them.
    """
    texts = entry.detail.texts if entry.detail else {}
    sides = [{**entry.before, **texts.get("before", {})}, {**entry.after, **texts.get("after", {})}]
    customs = queries.by_key(
        session, subject, [key for side in sides for key in side if field_id_of(key) is not None], deleted=True
    )
    before, after = ({**_builtins(subject, side), **_customs(customs, side)} for side in sides)
    return before, after


def empty(row: Row, spec: FieldSpec) -> bool:
    """Whether a built-in field holds nothing."""
    return all(getattr(row, column) in (None, "") for column in spec.columns)


def _named(subject: Subject, key: str) -> FieldSpec:
    found = builtin(subject, key) or builtin(subject, key.removesuffix("_id"))
    if found is None or (key != found.key and key not in found.columns):
        raise UnknownField(key=key, field=key)
    return found


def _noted_as(subject: Subject, column: str) -> str:
    """A column's name in the diary: its own, but for a person's job, whose column is called otherwise."""
    return "job" if subject is Subject.CONTACT and column == "title" else column


def _builtins(subject: Subject, side: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for spec in BUILTIN[subject]:
        if spec.kind is Kind.MONEY:
            if spec.columns[0] in side and "currency" in side:
                amount = side["amount"]
                found[spec.key] = None if amount is None else typed(Kind.MONEY, dict(side))
            continue
        for column in spec.columns:
            name = _noted_as(subject, column)
            if name in side and spec.editable:
                found[spec.key] = typed(spec.kind, side[name])
    return found


def _customs(customs: Mapping[str, FieldSpec], side: Mapping[str, Any]) -> dict[str, Any]:
    return {key: typed(spec.kind, side[key]) for key, spec in customs.items() if key in side}
