"""The columns of a board: how rows fall into them, by any field.

A column is named by a key: the id of a stage, a person, an option; a text in small letters; `2026-03` for a month; ""
for the rows that hold nothing there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    not_,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session, aliased

from addon.domain.access.small_letters import small_letters
from addon.domain.fields.keys import FieldSpec, Kind
from addon.domain.fields.queries import VALUE_OF
from addon.domain.money import Money
from addon.domain.views import days, query
from addon.domain.views.scene import Scene
from addon.models import Address, Contact

CLOSED = frozenset({Kind.STAGE, Kind.PERSON, Kind.SELECT, Kind.MULTI_SELECT, Kind.CHECKBOX, Kind.PIPELINE})
"""Kinds whose columns are known before the rows are."""
LONGEST_KEY = 200
"""Characters of a text by which rows fall together."""
_MOST_MONTHS = 600


@dataclass(frozen=True, eq=False)
class Grouping:
    spec: FieldSpec
    key: Any
    """The expression that says a row's column; NULL or '' for nothing."""
    joined: tuple[Any, ColumnElement[bool]] | None = None
    """A table of values to join, and how."""
    spelled: Any = None
    """Of words: as they are written; the key is in small letters."""

    @property
    def several(self) -> bool:
        """Whether one row may stand in several columns."""
        return self.spec.kind == Kind.MULTI_SELECT

    def join(self, statement: Select[Any]) -> Select[Any]:
        """The statement, with what the key needs."""
        return statement.outerjoin(*self.joined) if self.joined else statement

    def within(self, key: str) -> ColumnElement[bool]:
        """Rows of the column with this key. Raises ValueError for a key that no column can have."""
        if key == "":
            missing: ColumnElement[bool] = self.key.is_(None)
            return or_(missing, self.key == "") if self.is_text else missing
        wanted = self.read(key)
        return and_(self.key == (small_letters(wanted) if self.is_word else wanted))

    @property
    def is_word(self) -> bool:
        return query.is_word(self.spec.kind)

    @property
    def is_text(self) -> bool:
        return query.is_word(self.spec.kind) or self.spec.kind in (Kind.DATE, Kind.MOMENT, Kind.MONEY)

    def read(self, key: str) -> Any:
        """A key as the database holds it. Raises ValueError."""
        if self.is_text:
            if "\0" in key:
                raise ValueError(key)
            key.encode()  # half of a character is a ValueError
            return key
        if self.spec.kind == Kind.NUMBER:
            return decimal_of(key)
        number = int(key) if key.isascii() and key.isdigit() and len(key) < 11 else 0
        if not 0 < number < 2**31:
            raise ValueError(key)
        return bool(number) if self.spec.kind == Kind.CHECKBOX else number

    def readable(self, keys: Collection[str]) -> list[Any]:
        """Those keys that name something, as the database holds them; strange ones are left out."""
        found = []
        for key in keys:
            with suppress(ValueError):
                if key:
                    found.append(self.read(key))
        return found

    def outside(self, scene: Scene, hidden: Collection[str]) -> ColumnElement[bool]:
        """Where a row may stand in several columns: those that stand in one that is not hidden."""
        value = aliased(VALUE_OF[scene.ask.subject])
        column, whose = query.value_column(value, self.spec.kind), query.holder(value, scene.ask.subject)
        mine = (whose == scene.model.id, value.field_id == self.spec.field_id)
        shown = exists().where(*mine, column.not_in(self.readable(hidden)))
        return shown if "" in hidden else or_(shown, not_(exists().where(*mine)))

    def told(self, value: Any) -> str:
        """The key of what the database holds."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return "1" if value else ""
        return key_of_number(value) if isinstance(value, Decimal) else str(value)


def grouping(session: Session, scene: Scene) -> Grouping | None:
    """None where the field is gone."""
    spec = scene.specs.get(scene.ask.grouping)
    if spec is None:
        return None
    if not spec.custom:
        column = _builtin(session, scene, spec)
        return _by_words(spec, column, None) if query.is_word(spec.kind) else Grouping(spec, column)
    value = aliased(VALUE_OF[scene.ask.subject])
    mine = and_(query.holder(value, scene.ask.subject) == scene.model.id, value.field_id == spec.field_id)
    column = query.value_column(value, spec.kind)
    if spec.kind == Kind.MONEY:
        column = _money(value.amount, value.currency)
    elif spec.kind == Kind.DATE:
        column = _month(session, column)
    elif query.is_word(spec.kind):
        return _by_words(spec, func.substr(column, 1, LONGEST_KEY, type_=String), (value, mine))
    return Grouping(spec, column, (value, mine))


def spellings(session: Session, scene: Scene, by: Grouping, rows: Collection[int]) -> dict[int, str]:
    """How these rows write what columns of words are grouped by, each by the row's number."""
    statement = by.join(select(scene.model.id, by.spelled).select_from(scene.model))
    found = session.execute(statement.where(scene.model.id.in_(rows)))
    return {number: text for number, text in found if text}


def spelling(session: Session, scene: Scene, by: Grouping, key: str) -> str:
    """As the first row of a column writes it; the key itself where nothing stands there any more."""
    statement = by.join(select(by.spelled).select_from(scene.model)).where(*scene.where, by.within(key))
    return session.scalar(statement.order_by(scene.model.id).limit(1)) or key


def _by_words(spec: FieldSpec, column: Any, joined: tuple[Any, ColumnElement[bool]] | None) -> Grouping:
    return Grouping(spec, small_letters(column), joined, column)


def amount_of(key: str) -> tuple[Decimal, str]:
    """Amount and currency of a column of a money field. Raises ValueError."""
    cents, _, currency = key.partition(" ")
    return decimal_of(cents).scaleb(-2), currency


def key_of_amount(value: Money) -> str:
    """The column of a money field in which this stands."""
    return f"{value.amount.scaleb(2):.0f} {value.currency}"


def key_of_number(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _builtin(session: Session, scene: Scene, spec: FieldSpec) -> Any:
    if spec.kind == Kind.EMAIL:
        address = aliased(Address)
        mine = select(address.email).where(address.contact_id == Contact.id)
        return mine.order_by(address.position, address.id).limit(1).scalar_subquery()
    columns = [getattr(scene.model, name) for name in spec.columns]
    if spec.kind == Kind.MONEY:
        return _money(*columns)
    if spec.kind == Kind.DATE:
        return _month(session, columns[0])
    if spec.kind == Kind.MOMENT:
        return _month_in_zone(session, scene, columns[0])
    if query.is_word(spec.kind) and spec.longest > LONGEST_KEY:
        return func.substr(columns[0], 1, LONGEST_KEY, type_=String)
    return columns[0]


def _money(amount: Any, currency: Any) -> Any:
    cents = cast(type_coerce(amount, BigInteger), String)
    return cents.concat(" ").concat(currency)


def _month(session: Session, column: Any) -> Any:
    if session.get_bind().dialect.name == "sqlite":
        return func.substr(column, 1, 7, type_=String)
    return func.to_char(column, "YYYY-MM", type_=String)


def _month_in_zone(session: Session, scene: Scene, column: Any) -> Any:
    """Months begin where the team is, summer time and all: their first moments are reckoned here."""
    found = session.execute(select(func.min(column), func.max(column)).where(*scene.where)).one()
    zone = scene.asker.zone
    firsts = _months(*(moment.astimezone(zone).date() if moment else None for moment in found))
    branches = [(column >= _moment(days.in_utc(first, zone)), first.isoformat()[:7]) for first in firsts]
    return case(*branches, else_=None) if branches else cast(None, String)


def _months(first: date | None, last: date | None) -> Sequence[date]:
    """The first days of all months from one day to another, the newest first."""
    if first is None or last is None:
        return []
    month, found = first.replace(day=1), []
    while month <= last:
        found.append(month)
        month = days.month_after(month)
    return [found[0], *found[1:][-_MOST_MONTHS:]][::-1]


def _moment(found: datetime | None) -> datetime:
    if found is None:
        raise ValueError("a month that no clock shows")
    return found


def decimal_of(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        raise ValueError(text) from None
