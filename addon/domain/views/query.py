"""A filter as conditions of a database statement.

Everything is said with models, so that the team's and the viewer's bounds come by themselves, also within subqueries.
What a custom field holds is looked for in its table of values, by the index of its kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, or_, select, true
from sqlalchemy.orm import aliased

from addon.domain.access.small_letters import lowered, small_letters
from addon.domain.fields.folding import fold
from addon.domain.fields.keys import FieldSpec, Kind
from addon.domain.fields.queries import COLUMN, HOLDER, VALUE_OF
from addon.domain.views import days, filters, operators
from addon.domain.views.asking import Ask, kinds
from addon.domain.views.filters import Condition, Node
from addon.models import (
    Address,
    Company,
    Contact,
    Deal,
    Pipeline,
    Stage,
    Subject,
)

MODEL: Mapping[Subject, Any] = {Subject.DEAL: Deal, Subject.CONTACT: Contact, Subject.COMPANY: Company}
_OPPOSITE = {
    "not_contains": "contains",
    "is_not": "is",
    "none_of": "any_of",
    "has_none": "has_any",
    "empty": "filled",
    "no": "yes",
}
_FOLDED = 100
"""Characters of a value's beginning that are kept without case and accents."""


@dataclass(frozen=True)
class Asker:
    me: int | None
    today: date
    zone: ZoneInfo
    currency: str
    """What an amount is compared in that names none: two currencies are never compared without a rate."""


def where(ask: Ask, specs: Mapping[str, FieldSpec], asker: Asker) -> list[ColumnElement[bool]]:
    """Conditions on `MODEL[ask.subject]`: not deleted, in the pipeline, and what the filter says."""
    model = MODEL[ask.subject]
    found = [model.deleted_at.is_(None)]
    if ask.pipeline_id is not None:
        found.append(Deal.pipeline_id == ask.pipeline_id)
    elif ask.subject == Subject.DEAL:
        found.append(Deal.pipeline_id.in_(live_pipelines()))
    if ask.filter.parts:
        found.append(_Translation(ask.subject, specs, asker).said(ask.filter))
    return found


def live_pipelines() -> Select[int]:
    """Ids of the pipelines that are meant where none is named."""
    live = aliased(Pipeline)
    return select(live.id).where(live.archived_at.is_(None))


def value_column(value: Any, kind: Kind) -> Any:
    """Where a table of values, or an alias of it, keeps what a field of this kind holds."""
    return getattr(value, COLUMN[kind])


def holder(value: Any, subject: Subject) -> Any:
    """The column of a table of values that says whose value it is."""
    return getattr(value, HOLDER[subject])


def is_word(kind: Kind) -> bool:
    return operators.OPERATORS[kind][0] == "contains"


class _Translation:
    def __init__(self, subject: Subject, specs: Mapping[str, FieldSpec], asker: Asker) -> None:
        self._subject, self._specs, self._asker = subject, specs, asker
        self._kinds = kinds(specs)
        self._model = MODEL[subject]

    def said(self, node: Node) -> ColumnElement[bool]:
        if isinstance(node, Condition):
            return self._condition(node)
        parts = [self.said(part) for part in node.parts]
        return or_(false(), *parts) if node.any else and_(true(), *parts)

    def _condition(self, condition: Condition) -> ColumnElement[bool]:
        if not filters.fits(condition, self._kinds):
            return false()  # its field is gone: see `filters`
        spec = self._specs[condition.field]
        op = _OPPOSITE.get(condition.op)
        if spec.custom:
            return self._custom(spec, condition, op)
        if spec.kind == Kind.EMAIL:
            address = aliased(Address)
            test = self._test(spec.kind, op or condition.op, condition.value, [address.email])
            some = exists().where(address.contact_id == Contact.id, test)
            return not_(some) if op else some
        columns = [getattr(self._model, name) for name in spec.columns]
        test = self._test(spec.kind, op or condition.op, condition.value, columns)
        return not_(func.coalesce(test, false())) if op else test

    def _custom(self, spec: FieldSpec, condition: Condition, opposite: str | None) -> ColumnElement[bool]:
        if condition.op == "has_all":
            ones = (Condition(condition.field, "has_any", (option,)) for option in condition.value)
            return and_(true(), *(self._custom(spec, one, None) for one in ones))
        value = aliased(VALUE_OF[self._subject])
        whose = holder(value, self._subject)
        column = value_column(value, spec.kind)
        columns = [column, value.currency] if spec.kind == Kind.MONEY else [column]
        op = opposite or condition.op
        tests = [value.field_id == spec.field_id, self._test(spec.kind, op, condition.value, columns)]
        if op == "is" and is_word(spec.kind):
            tests.append(value.folded == fold(condition.value)[:_FOLDED])
        if opposite:  # NOT IN would be slow on PostgreSQL, and IN lets SQLite begin with the values
            return not_(exists().where(whose == self._model.id, *tests))
        found: ColumnElement[bool] = self._model.id.in_(select(whose).where(*tests))
        return found

    def _test(self, kind: Kind, op: str, value: Any, columns: Sequence[Any]) -> Any:
        column = columns[0]
        if op == "filled":
            return and_(column.is_not(None), column != "") if is_word(kind) else column.is_not(None)
        if is_word(kind):
            return _words(op, value, column)
        if kind in (Kind.NUMBER, Kind.MONEY):
            return _numbers(kind, op, value, columns, self._asker.currency)
        if kind in (Kind.DATE, Kind.MOMENT):
            return self._days(kind, op, value, column)
        if kind == Kind.CHECKBOX:
            return column.is_(True)
        if op == "kind_is":
            stage = aliased(Stage)
            return column.in_(select(stage.id).where(stage.kind.in_(value)))
        ids = [self._asker.me if each == operators.ME else each for each in value]
        return column.in_([each for each in ids if each is not None])

    def _days(self, kind: Kind, op: str, value: Any, column: Any) -> ColumnElement[bool]:
        low, high = days.span(op, value, self._asker.today)
        bounds = [low, high]
        if kind == Kind.MOMENT:
            bounds = [days.in_utc(bound, self._asker.zone) for bound in bounds]
        tests = [column >= bounds[0]] if bounds[0] is not None else []
        tests += [column < bounds[1]] if bounds[1] is not None else []
        return and_(column.is_not(None), *tests)


def _words(op: str, value: str, column: Any) -> ColumnElement[bool]:
    if op == "is":  # as boards are grouped: what one column holds is what this finds
        return and_(small_letters(column) == small_letters(value))
    wanted = lowered(value)
    text = func.lower(column)
    for letter in sorted(set(wanted)):  # SQLite knows the capitals of ASCII alone
        capital = letter.upper()
        if not letter.isascii() and len(capital) == 1 and capital.lower() == letter and capital != letter:
            text = func.replace(text, capital, letter)
    escaped = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return text.like(f"{'' if op == 'begins' else '%'}{escaped}%", escape="\\")


_COMPARED = {
    "lt": lambda column, number: column < number,
    "le": lambda column, number: column <= number,
    "gt": lambda column, number: column > number,
    "ge": lambda column, number: column >= number,
    "is": lambda column, number: column == number,
}


def _numbers(kind: Kind, op: str, value: Any, columns: Sequence[Any], usual: str) -> ColumnElement[bool]:
    column = columns[0]
    given = value if op == "between" else (value,)
    numbers = [operators.amount(each)[0] if kind == Kind.MONEY else Decimal(each) for each in given]
    test = and_(column >= numbers[0], column <= numbers[1]) if op == "between" else _COMPARED[op](column, numbers[0])
    return and_(test, columns[1] == (operators.amount(given[0])[1] or usual)) if kind == Kind.MONEY else test
