"""What the columns of a board are called, and which filter says what one column holds."""

from __future__ import annotations

import calendar
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal

from addon.domain.fields.keys import FieldSpec, Kind
from addon.domain.views.filters import Condition
from addon.domain.views.groups import LONGEST_KEY, amount_of
from addon.i18n import Words
from addon.web.fields.field_words import label

_CHOSEN = frozenset({Kind.STAGE, Kind.PERSON, Kind.SELECT, Kind.COMPANY, Kind.CONTACT, Kind.PIPELINE})
_MONTHS = frozenset({Kind.DATE, Kind.MOMENT})


def column_name(spec: FieldSpec, key: str, name: str, say: Words) -> str:
    """`name` is what the domain knows it by; it has none for what is empty, a tick, a month or an amount."""
    if key == "":
        called = label(spec, say)
        called = called if spec.custom else called[:1].lower() + called[1:]
        return say("board.column.no" if spec.kind == Kind.CHECKBOX else "board.column.without", field=called)
    if spec.kind == Kind.CHECKBOX:
        return say("board.column.yes", field=label(spec, say))
    if spec.kind in _MONTHS:
        return _month(key, say)
    if spec.kind == Kind.MONEY:
        return say.money(*amount_of(key))
    if spec.kind == Kind.NUMBER:
        return str(format_decimal(Decimal(key), format="#,##0.####", locale=say.locale))
    return name or say("board.column.unseen")


def condition(spec: FieldSpec, key: str) -> Condition | None:
    """The condition that holds for what stands in a column; None where no filter says that."""
    kind = spec.kind
    if kind == Kind.CHECKBOX:
        return Condition(spec.key, "yes" if key else "no")
    if key == "":
        return Condition(spec.key, "empty")
    if kind in _CHOSEN:
        return Condition(spec.key, "any_of", (int(key),))
    if kind == Kind.MULTI_SELECT:
        return Condition(spec.key, "has_any", (int(key),))
    if kind in _MONTHS:
        first = date.fromisoformat(f"{key}-01")
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        return Condition(spec.key, "between", (first.isoformat(), last.isoformat()))
    if kind == Kind.MONEY:
        amount, currency = amount_of(key)
        return Condition(spec.key, "is", f"{amount:f} {currency}")
    whole = kind == Kind.NUMBER or len(key) < LONGEST_KEY
    return Condition(spec.key, "is" if whole else "begins", key)


def _month(key: str, say: Words) -> str:
    try:
        return str(format_date(date.fromisoformat(f"{key}-01"), "LLLL y", locale=say.locale))
    except ValueError:
        return key
