"""The cards of a board: the first of every column in few statements, and the rest column by column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import Session, joinedload, selectinload

from addon.domain.fields.keys import Kind
from addon.domain.views import sorting
from addon.domain.views.groups import Grouping
from addon.domain.views.scene import Row, Scene
from addon.domain.views.sorting import Term
from addon.models import Contact, Deal, Subject

_TOGETHER = 50
"""Columns that are read by one statement."""
_FEW = 5000
"""Rows that are numbered through rather than looked for column by column."""


@dataclass
class Cards:
    rows: list[Row] = field(default_factory=list)
    place: Sequence[Any] = ()
    """Of the last row, in the order."""

    @property
    def mark(self) -> str:
        """Where `more` goes on."""
        return sorting.mark_of(self.place)


def firsts(
    session: Session, scene: Scene, by: Grouping, keys: Sequence[str], *, limit: int, rows: int
) -> dict[str, Cards]:
    """The first `limit` cards of these columns. `rows` is how many stand in all of them together."""
    order = sorting.terms(scene)
    found = {key: Cards() for key in keys}
    if by.spec.kind == Kind.STAGE and (scene.unfiltered or rows > _FEW):
        for start in range(0, len(keys), _TOGETHER):
            source = _column_by_column(scene, by, keys[start : start + _TOGETHER], order, limit)
            _put(session.execute(_drawn(scene, source, order)), by, found)
    elif keys:
        _put(session.execute(_drawn(scene, _numbered(scene, by, order), order, limit)), by, found)
    return found


def more(session: Session, scene: Scene, by: Grouping, key: str, mark: str, *, limit: int) -> tuple[list[Row], str]:
    """The cards of a column behind a mark, and the mark to go on from; "" where nothing is left.

    Raises BadFilter for a strange mark, ValueError for a strange key.
    """
    order = sorting.terms(scene)
    statement = by.join(select(scene.model, *(term.expression for term in order)))
    statement = statement.where(*scene.where, by.within(key), sorting.after(order, mark))
    statement = statement.order_by(*sorting.clauses(order)).limit(limit + 1).options(*loading(scene.ask.subject))
    rows = session.execute(statement).all()
    shown = rows[:limit]
    return [row for row, *_ in shown], sorting.mark_of(shown[-1][1:]) if len(rows) > limit else ""


def loading(subject: Subject) -> Sequence[Any]:
    """What a card or a row of a table shows besides the row itself."""
    if subject == Subject.DEAL:
        return [joinedload(Deal.owner), joinedload(Deal.company), joinedload(Deal.contact)]
    return [joinedload(Contact.company), selectinload(Contact.addresses)] if subject == Subject.CONTACT else []


def _column_by_column(scene: Scene, by: Grouping, keys: Sequence[str], order: Sequence[Term], limit: int) -> Any:
    """Each column's first rows, as its index has them, however many there are."""
    branches = []
    for key in keys:
        places = [term.expression.label(f"s{number}") for number, term in enumerate(order)]
        first = select(scene.model.id, literal(by.read(key)).label("key"), *places)
        first = first.where(*scene.where, by.within(key)).order_by(*sorting.clauses(order)).limit(limit)
        branches.append(select(first.subquery()))
    return union_all(*branches).subquery() if len(branches) > 1 else branches[0].subquery()


def _numbered(scene: Scene, by: Grouping, order: Sequence[Term]) -> Any:
    """All rows, numbered within their columns."""
    places = [term.expression.label(f"s{number}") for number, term in enumerate(order)]
    number = func.row_number().over(partition_by=by.key, order_by=sorting.clauses(order)).label("number")
    statement = select(scene.model.id, by.key.label("key"), *places, number).select_from(scene.model)
    return by.join(statement).where(*scene.where).subquery()


def _drawn(scene: Scene, source: Any, order: Sequence[Term], limit: int | None = None) -> Select[Any]:
    places = [source.c[f"s{number}"] for number in range(len(order))]
    moved = [Term(place, term.descending, term.empty_last) for place, term in zip(places, order, strict=True)]
    statement = select(scene.model, source.c.key, *places).join(source, source.c.id == scene.model.id)
    if limit is not None:
        statement = statement.where(source.c.number <= limit)
    return statement.order_by(*sorting.clauses(moved)).options(*loading(scene.ask.subject))


def _put(rows: Any, by: Grouping, found: dict[str, Cards]) -> None:
    for row, key, *places in rows:
        cards = found.get(by.told(key))
        if cards is not None:
            cards.rows.append(row)
            cards.place = places
