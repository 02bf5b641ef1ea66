"""What one may ask of a field of each kind, and what a question must say. Pure.

A value is kept as plain JSON holds it: texts, whole numbers, lists of ids. Amounts and days are texts, so that nothing
is rounded on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from addon.domain.fields.keys import Kind
from addon.models import StageKind

ME = "me"
"""Among people: whoever looks."""
LONGEST = 300
"""Characters of a text that is looked for."""
MOST_IDS = 500
LARGEST = Decimal(10) ** 13
MOST_DAYS = 36500

_PRESENCE = ("empty", "filled")
_TEXT = ("contains", "not_contains", "is", "is_not", "begins", *_PRESENCE)
_NUMBER = ("is", "is_not", "lt", "le", "gt", "ge", "between", *_PRESENCE)
_PAST = ("today", "this_week", "this_month", "last_month")
_FUTURE = ("overdue", "tomorrow", "next_week", "next_month")
RELATIVE = (*_PAST, *_FUTURE)
_DAY = ("is", "is_not", "before", "after", "between")
_DATE = (*_DAY, "next_days", "last_days", "older_than_days", *RELATIVE, *_PRESENCE)
_MOMENT = (*_DAY, "last_days", "older_than_days", *_PAST, *_PRESENCE)
"""What was noted when it happened is never still to come, and never late."""
_CHOICE = ("any_of", "none_of", *_PRESENCE)

OPERATORS: Mapping[Kind, tuple[str, ...]] = {
    **dict.fromkeys((Kind.TEXT, Kind.LONG_TEXT, Kind.LINK, Kind.PHONE, Kind.EMAIL), _TEXT),
    **dict.fromkeys((Kind.NUMBER, Kind.MONEY), _NUMBER),
    Kind.DATE: _DATE,
    Kind.MOMENT: _MOMENT,
    **dict.fromkeys((Kind.SELECT, Kind.PERSON, Kind.COMPANY, Kind.CONTACT, Kind.PIPELINE), _CHOICE),
    Kind.STAGE: (*_CHOICE, "kind_is"),
    Kind.MULTI_SELECT: ("has_any", "has_all", "has_none", *_PRESENCE),
    Kind.CHECKBOX: ("yes", "no"),
}

NEGATIVE = frozenset({"not_contains", "is_not", "none_of", "has_none", "empty", "no"})
"""True of what holds nothing, too: a deal without a product is not of product A."""


def checked(kind: Kind, op: str, value: Any) -> Any:
    """The value in its normal form; None where none is taken. Raises ValueError, KeyError for a strange op."""
    if op not in OPERATORS[kind]:
        raise KeyError(op)
    if op in _PRESENCE or op in RELATIVE or op in ("yes", "no"):
        return None
    return _reader(kind, op)(value)


def amount(value: str) -> tuple[Decimal, str]:
    """The parts of `1000.00 EUR`; the currency may be missing."""
    number, _, currency = value.partition(" ")
    return Decimal(number), currency


def _reader(kind: Kind, op: str) -> Callable[[Any], Any]:
    if op == "kind_is":
        return _stage_kinds
    if op in ("next_days", "last_days", "older_than_days"):
        return _days
    if op == "between":
        return _both(_single(kind), kind)
    if op in ("any_of", "none_of") or op.startswith("has_"):
        return _people if kind == Kind.PERSON else _ids
    return _single(kind)


def _single(kind: Kind) -> Callable[[Any], str]:
    if kind == Kind.NUMBER:
        return lambda value: _number(value, 4)
    if kind == Kind.MONEY:
        return _money
    return _day if kind in (Kind.DATE, Kind.MOMENT) else _text


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST or "\0" in value:
        raise ValueError
    value.encode()  # half of a character is a ValueError
    return value.strip()


def _number(value: Any, places: int) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal) or len(str(value)) > 40:
        raise ValueError
    try:
        number = Decimal(value)
        fits = number.is_finite() and abs(number) < LARGEST and number == round(number, places)
    except InvalidOperation:
        raise ValueError from None
    if not fits:
        raise ValueError
    return format(number, "f")


def _money(value: Any) -> str:
    if not isinstance(value, str):
        return _number(value, 2)
    number, _, currency = value.strip().partition(" ")
    if not currency:
        return _number(number, 2)
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha() and currency.isupper()):
        raise ValueError
    return f"{_number(number, 2)} {currency}"


def _day(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError
    return date.fromisoformat(value).isoformat()


def _days(value: Any) -> int:
    days = _id(value)
    if days > MOST_DAYS:
        raise ValueError
    return days


def _both(single: Callable[[Any], str], kind: Kind) -> Callable[[Any], tuple[str, str]]:
    def read(value: Any) -> tuple[str, str]:
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise ValueError
        low, high = single(value[0]), single(value[1])
        if kind == Kind.MONEY and amount(low)[1] != amount(high)[1]:
            raise ValueError
        return low, high

    return read


def _ids(value: Any) -> tuple[int, ...]:
    return tuple(_id(each) for each in _listed(value))


def _people(value: Any) -> tuple[int | str, ...]:
    return tuple(ME if each == ME else _id(each) for each in _listed(value))


def _stage_kinds(value: Any) -> tuple[str, ...]:
    return tuple(StageKind(each).value for each in _listed(value))


def _listed(value: Any) -> list[Any]:
    if isinstance(value, str | int):
        value = [value]
    if not isinstance(value, list | tuple) or not 0 < len(value) <= MOST_IDS:
        raise ValueError
    return list(dict.fromkeys(value))


def _id(value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 10:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**31:
        raise ValueError
    return value
