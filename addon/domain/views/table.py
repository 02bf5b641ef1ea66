"""Rows with columns: any fields, in any order, with the exact number of all that are meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from addon.domain.fields import stored
from addon.domain.fields.keys import OPTIONS, FieldSpec, Kind
from addon.domain.money import Money
from addon.domain.views import cards, naming, sorting
from addon.domain.views.asking import Ask
from addon.domain.views.scene import Row, Scene, set_up

LIMIT = 50
"""Rows a page."""
SLICE = 500
"""Rows that are read at once where all are wanted."""


@dataclass(frozen=True)
class Named:
    """Something that has a page or a colour of its own."""

    id: int
    name: str


Cell = str | Decimal | Money | date | datetime | Named | tuple[Named, ...] | bool | None
"""None: empty."""


@dataclass(frozen=True)
class TableRow:
    row: Row
    cells: Mapping[str, Cell]
    """By field key."""


@dataclass(frozen=True, kw_only=True)
class Page:
    ask: Ask
    specs: Sequence[FieldSpec]
    """The columns, in order."""
    rows: Sequence[TableRow]
    total: int
    """All rows that are meant, on whichever page."""
    offset: int
    gone: Sequence[str]
    """Keys of fields that are asked for and are no more."""


def page(session: Session, ask: Ask, *, at: datetime, offset: int = 0, limit: int = LIMIT) -> Page:
    """The rows from `offset` on; behind the last one there are none."""
    scene = set_up(session, ask, at)
    shown = columns(scene)
    found = session.scalars(_ordered(scene, sorting.terms(scene)).offset(max(offset, 0)).limit(limit)).all()
    return Page(
        ask=ask,
        specs=shown,
        rows=_rows(session, scene, shown, found),
        total=session.scalar(select(func.count()).select_from(scene.model).where(*scene.where)) or 0,
        offset=max(offset, 0),
        gone=scene.gone,
    )


def columns(scene: Scene) -> list[FieldSpec]:
    """What the table shows, without the fields that are no more."""
    return [scene.specs[key] for key in scene.ask.shown if key in scene.specs]


def slices(session: Session, scene: Scene, shown: Sequence[FieldSpec]) -> Iterator[Sequence[TableRow]]:
    """All rows that are meant, some at a time."""
    order = sorting.terms(scene)
    mark = ""
    while True:
        statement = _ordered(scene, order).add_columns(*(term.expression for term in order)).limit(SLICE)
        if mark:
            statement = statement.where(sorting.after(order, mark))
        found = session.execute(statement).all()
        if found:
            yield _rows(session, scene, shown, [row[0] for row in found])
        if len(found) < SLICE:
            return
        mark = sorting.mark_of(found[-1][1:])


def _ordered(scene: Scene, order: Sequence[sorting.Term]) -> Select[Any]:
    statement = select(scene.model).where(*scene.where).order_by(*sorting.clauses(order))
    return statement.options(*cards.loading(scene.ask.subject))


def _rows(session: Session, scene: Scene, shown: Sequence[FieldSpec], found: Sequence[Row]) -> list[TableRow]:
    own = stored.read_many(session, scene.ask.subject, [row.id for row in found], [s for s in shown if s.custom])
    bare = {row.id: {spec.key: _bare(row, spec, own.get(row.id, {})) for spec in shown} for row in found}
    pointed = {
        (spec.kind, value)
        for cells in bare.values()
        for spec in shown
        if spec.kind in naming.NAMED and (value := cells[spec.key]) is not None
    }
    names = naming.names(session, pointed)
    return [TableRow(row, {spec.key: _cell(spec, bare[row.id][spec.key], names) for spec in shown}) for row in found]


def _bare(row: Any, spec: FieldSpec, own: Mapping[str, Any]) -> Any:
    """As the database holds it: ids, amounts, texts."""
    if spec.custom:
        return own.get(spec.key)
    if spec.kind == Kind.EMAIL:
        return row.addresses[0].email if row.addresses else None
    if spec.kind == Kind.MONEY:
        amount, currency = (getattr(row, name) for name in spec.columns)
        return Money(amount, currency) if amount is not None else None
    value = getattr(row, spec.columns[0])
    return None if value == "" else value


def _cell(spec: FieldSpec, value: Any, names: naming.Names) -> Cell:
    if value is None:
        return None
    if spec.kind in OPTIONS:
        chosen = value if isinstance(value, frozenset) else {value}
        options = tuple(Named(option.id, option.name) for option in spec.options if option.id in chosen)
        return options if spec.kind == Kind.MULTI_SELECT else next(iter(options), None)
    if spec.kind in naming.NAMED:
        name = names.get((spec.kind, value))
        return Named(value, name) if name is not None else None
    found: Cell = value
    return found
