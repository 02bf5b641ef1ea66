"""What it means to drop a card into a column: the field that the board is grouped by changes."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from addon.domain.fields.folding import fold
from addon.domain.fields.keys import Kind
from addon.domain.money import Money
from addon.domain.views import groups
from addon.domain.views.asking import Ask
from addon.domain.views.groups import Grouping
from addon.domain.views.refusals import CannotDrop
from addon.domain.views.scene import set_up

_IDS = frozenset({Kind.PERSON, Kind.COMPANY, Kind.CONTACT, Kind.SELECT})


@dataclass(frozen=True)
class Move:
    """The ladder moves the deal to this stage."""

    stage_id: int


@dataclass(frozen=True)
class Edit:
    """The field of this key holds this from now on, typed as `domain.fields` has it; None: nothing."""

    key: str
    value: Any


Change = Move | Edit


def change_for(session: Session, ask: Ask, column: str, *, at: datetime, left: str = "", held: Any = None) -> Change:
    """What dropping a card into a column changes.

    `left` is the column that the card came from, `held` what the card's field holds now: of several options the one of
    the column it left goes and the new one comes; a date keeps its day in the new month. Raises CannotDrop.
    """
    scene = set_up(session, ask, at)
    by = groups.grouping(session, scene)
    if by is None or not (by.spec.editable or by.spec.kind == Kind.STAGE):
        raise CannotDrop(field=ask.grouping, column=column[:100])
    try:
        change = _change(by, column, left, held)
        if by.is_word and column:
            return Edit(by.spec.key, groups.spelling(session, scene, by, column))
        return change
    except ValueError:
        raise CannotDrop(field=ask.grouping, column=column[:100]) from None


def stands_in(column: str, held: Any) -> bool:
    """Whether a card stands in this column whose field holds this, typed as `domain.fields` has it.

    Whoever drops a card says which column it left; where it stands there no more, somebody else was first.
    """
    if isinstance(held, str):
        return fold(held[: groups.LONGEST_KEY]) == fold(column)
    return column in columns_of(held)


def columns_of(held: Any) -> frozenset[str]:
    """Where it stands, unless words are held: only the database knows how they are called.

    >>> sorted(columns_of(frozenset({3, 12}))), columns_of(date(2026, 3, 9)), columns_of(Decimal("4.50"))
    (['12', '3'], frozenset({'2026-03'}), frozenset({'4.5'}))
    >>> columns_of(Money(Decimal("99"), "EUR")), columns_of(True), columns_of(None)
    (frozenset({'9900 EUR'}), frozenset({'1'}), frozenset({''}))
    """
    if isinstance(held, frozenset):
        return frozenset(str(each) for each in held) or frozenset({""})
    return frozenset({_column_of(held)})


def _column_of(held: Any) -> str:
    if held is None or held is False:
        return ""
    if held is True:
        return "1"
    if isinstance(held, Money):
        return groups.key_of_amount(held)
    if isinstance(held, Decimal):
        return groups.key_of_number(held)
    return held.isoformat()[:7] if isinstance(held, date) else str(held)


def _change(by: Grouping, column: str, left: str, held: Any) -> Change:
    kind, key = by.spec.kind, by.spec.key
    if kind == Kind.STAGE:
        return Move(by.read(column))
    if kind == Kind.MULTI_SELECT:
        return Edit(key, _swapped(by, column, left, held))
    if column == "":
        if by.spec.required:
            raise ValueError(column)
        return Edit(key, None)
    if kind in _IDS:
        return Edit(key, _live(by, by.read(column)))
    if kind == Kind.CHECKBOX:
        return Edit(key, True)
    return Edit(key, _plain(kind, column, held))


def _plain(kind: Kind, column: str, held: Any) -> str | Decimal | Money | date:
    if kind == Kind.DATE:
        return _in_month(column, held)
    if kind == Kind.MONEY:
        return Money(*groups.amount_of(column))
    if kind == Kind.NUMBER:
        return groups.decimal_of(column)
    if len(column) >= groups.LONGEST_KEY:
        raise ValueError(column)  # the column's key is only the beginning of what its cards say
    return column


def _live(by: Grouping, option: int) -> int:
    if by.spec.kind == Kind.SELECT and all(choice.id != option for choice in by.spec.choices):
        raise ValueError(option)
    return option


def _swapped(by: Grouping, column: str, left: str, held: Any) -> frozenset[int] | None:
    """Into the column of nothing: all options go, for only then the card stands there."""
    if column == "":
        return None
    entered = by.read(column)
    if all(choice.id != entered for choice in by.spec.choices):
        raise ValueError(column)
    return (frozenset(held or ()) - frozenset(by.readable([left]))) | {entered}


def _in_month(column: str, held: Any) -> date:
    """The same day of the month where the card has one, its last where not: what is due in March is due by its end."""
    first = date.fromisoformat(f"{column}-01")
    last = calendar.monthrange(first.year, first.month)[1]
    return first.replace(day=min(held.day, last) if isinstance(held, date) else last)
