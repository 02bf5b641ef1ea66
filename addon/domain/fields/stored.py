"""Reading and writing what stands in custom fields: a few statements, however many deals or people it is about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.fields import queries
from addon.domain.fields.checking import Typed, check
from addon.domain.fields.folding import fold
from addon.domain.fields.keys import WORDS, FieldSpec, Kind, UnknownField
from addon.domain.fields.queries import COLUMN, HOLDER, VALUE_OF
from addon.domain.fields.refusals import NobodySuch
from addon.domain.money import Money
from addon.models import Company, CompanyValue, Contact, ContactValue, DealValue, Subject, User

SLICE = 500
"""Parameters of one statement."""

FOLDED = 100
"""Characters of words that are kept for finding and sorting."""

Row = DealValue | ContactValue | CompanyValue
Values = Mapping[str, Typed | None]


@dataclass(frozen=True)
class Change:
    """What differs, by field key; None is an empty field."""

    before: dict[str, Typed | None] = field(default_factory=dict)
    after: dict[str, Typed | None] = field(default_factory=dict)


def read_many(
    session: Session, subject: Subject, ids: Collection[int], specs: Iterable[FieldSpec]
) -> dict[int, dict[str, Typed]]:
    """What stands in these custom fields, by id and key; an empty field is not there. Built-in fields are passed over.

    A statement for 500 of the ids. A deleted field's values are read too where its spec is asked for.
    """
    by_field = {spec.field_id: spec for spec in specs if spec.custom}
    found: dict[int, dict[str, Typed]] = {each: {} for each in ids}
    for row in _rows(session, subject, found, [each for each in by_field if each is not None]):
        spec = by_field[row.field_id]
        held = found[getattr(row, HOLDER[subject])]
        value = _value(spec.kind, row)
        before = held.get(spec.key)
        held[spec.key] = before | value if isinstance(before, frozenset) and isinstance(value, frozenset) else value
    return found


def set_values(session: Session, subject: Subject, holder_id: int, values: Values) -> Change:
    """Write what differs, None to empty a field; the caller notes it in the diary.

    Raises UnknownField, and Refused where a value does not fit its field.
    """
    return set_many(session, subject, {holder_id: values})[holder_id]


def set_many(session: Session, subject: Subject, values: Mapping[int, Values]) -> dict[int, Change]:
    """Like `set_values`, for many at once: nothing is written where one of them is refused."""
    keys = {key for each in values.values() for key in each}
    specs = queries.by_key(session, subject, keys)
    for key in keys:
        if key not in specs or not specs[key].custom:
            raise UnknownField(key=key, field=key)
    checked = {each: {key: check(specs[key], value) for key, value in given.items()} for each, given in values.items()}
    now = read_many(session, subject, list(checked), specs.values())
    changes = {each: _differing(given, now[each]) for each, given in checked.items()}
    _check_they_are_there(session, specs, changes.values())
    _empty(session, subject, changes, specs)
    _fill(session, subject, changes, specs)
    return changes


def _differing(given: Values, now: Mapping[str, Typed]) -> Change:
    keys = [key for key, value in given.items() if value != now.get(key)]
    return Change({key: now.get(key) for key in keys}, {key: given[key] for key in keys})


def _check_they_are_there(session: Session, specs: Mapping[str, FieldSpec], changes: Collection[Change]) -> None:
    """Somebody who is newly named must be of the team, visible and not gone. Raises NobodySuch."""
    models: Mapping[Kind, type[User] | type[Contact] | type[Company]] = {
        Kind.PERSON: User,
        Kind.CONTACT: Contact,
        Kind.COMPANY: Company,
    }
    for key, spec in specs.items():
        model = models.get(spec.kind)
        named = {value for change in changes if isinstance(value := change.after.get(key), int)}
        if model is None or not named:
            continue
        live = model.active if model is User else model.deleted_at.is_(None)  # type: ignore[union-attr]
        there: set[int] = set()
        for some in _slices(sorted(named)):
            there.update(session.scalars(select(model.id).where(model.id.in_(some), live)))
        for missing in sorted(named - there):
            raise NobodySuch(spec, f"#{missing}")


def _rows(session: Session, subject: Subject, ids: Iterable[int], fields: Sequence[int]) -> Iterable[Row]:
    model = VALUE_OF[subject]
    holder = getattr(model, HOLDER[subject])
    for some in _slices(sorted(ids)) if fields else ():
        query = select(model).where(holder.in_(some), model.field_id.in_(fields)).order_by(holder, model.id)
        found: Iterable[Any] = session.scalars(query.execution_options(populate_existing=True))
        yield from found


def _empty(session: Session, subject: Subject, changes: Mapping[int, Change], specs: Mapping[str, FieldSpec]) -> None:
    """What stood there goes, whole: a field that differs is written anew."""
    gone: dict[tuple[int, ...], list[int]] = {}
    for each, change in changes.items():
        fields = tuple(sorted(specs[key].field_id or 0 for key, old in change.before.items() if old is not None))
        if fields:
            gone.setdefault(fields, []).append(each)
    model = VALUE_OF[subject]
    for fields, ids in gone.items():
        for some in _slices(sorted(ids)):
            holder = getattr(model, HOLDER[subject])
            session.execute(
                delete(model).where(holder.in_(some), model.field_id.in_(fields)),
                execution_options={"synchronize_session": False},
            )


def _fill(session: Session, subject: Subject, changes: Mapping[int, Change], specs: Mapping[str, FieldSpec]) -> None:
    rows = [
        {HOLDER[subject]: each, "field_id": specs[key].field_id, **columns}
        for each, change in changes.items()
        for key, value in change.after.items()
        if value is not None
        for columns in _columns(specs[key].kind, value)
    ]
    team_id = viewer_of(session).team_id
    empty = dict.fromkeys((*COLUMN.values(), "folded", "currency"))
    for some in _slices(rows):
        session.execute(insert(VALUE_OF[subject]), [{"team_id": team_id, **empty, **row} for row in some])


def _columns(kind: Kind, value: Typed) -> list[dict[str, Any]]:
    """What one value puts into its row; into several where it is several options."""
    if isinstance(value, frozenset):
        return [{"option_id": each} for each in sorted(value)]
    if isinstance(value, Money):
        return [{"amount": value.amount, "currency": value.currency}]
    if kind in WORDS:
        return [{"text": value, "folded": fold(str(value)[: FOLDED * 4])[:FOLDED]}]
    return [{COLUMN[kind]: value}]


def _value(kind: Kind, row: Row) -> Typed:
    way = _VALUES.get(kind)
    held: Typed = way(row) if way else getattr(row, COLUMN[kind])
    return held


def _amount(row: Row) -> Typed:
    return Money(row.amount or Decimal(0), row.currency or "")


def _slices(things: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (things[start : start + SLICE] for start in range(0, len(things), SLICE))


_VALUES: Mapping[Kind, Callable[[Row], Typed]] = {
    Kind.MONEY: _amount,
    Kind.MULTI_SELECT: lambda row: frozenset({row.option_id or 0}),
    Kind.DATE: lambda row: row.day or date.min,
}
"""Where the column is not yet the value."""
