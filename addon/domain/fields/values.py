"""Values as a person or a file writes them, read into typed ones, and written so that they can be read again. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from addon.domain.fields.checking import Typed, check, names_of_options
from addon.domain.fields.days import read_day
from addon.domain.fields.figures import read_amount, read_number
from addon.domain.fields.folding import fold
from addon.domain.fields.keys import FieldSpec, Kind
from addon.domain.fields.refusals import NobodySuch, NoSuchOption, NotADay, NotYesOrNo, SeveralSuch
from addon.domain.money import Money

YES = frozenset(
    {
        *("yes", "y", "true", "1", "x", "on", "checked", "ok", "✓", "✔", "☑"),
        *("ya", "benar", "si", "s", "vero", "tak", "t", "prawda", "ja", "j", "wahr", "verdadero", "oui", "o", "vrai"),
    }
)
NO = frozenset(
    {
        *("no", "n", "false", "0", "off", "unchecked", "-", "☐", "✗"),
        *("tidak", "salah", "falso", "nie", "falsz", "nein", "falsch", "non", "faux"),
    }
)
"""Folded, in the languages that the product speaks."""

_ID = re.compile(r"#([1-9]\d{0,9})", re.ASCII)
_BETWEEN = (r"[;\n|]", r"[;\n|,]")
"""What parts the options of a multi-select, tried in this order: an option's name may hold a comma."""


class Finder(Protocol):
    """Finds whom or what a name means."""

    def find(self, kind: Kind, text: str) -> Sequence[int]:
        """Ids of those who are called so (or have this mail address or domain) and whom the viewer may see."""


class Nobody:
    """Knows nobody: for fields that name none."""

    def find(self, kind: Kind, text: str) -> Sequence[int]:
        return ()


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a person or a file writes."""

    currency: str = "EUR"
    """Of amounts that name none."""
    decimal: str = ""
    """The mark before a fraction; empty where it is to be seen from each number."""
    habit: str = ""
    """The mark before a fraction in the reader's language: it decides where a number can be read in two ways."""
    month_first: bool = False
    """3/9/2026 is in March."""
    find: Finder = field(default_factory=Nobody)


def read(spec: FieldSpec, text: str, reading: Reading) -> Typed | None:
    """What is meant, in its normal form; None for an empty text. Raises Refused, which names the field."""
    bare = text.strip()
    return check(spec, _READERS.get(spec.kind, _as_written)(spec, bare, reading) if bare else None)


def amount_in(spec: FieldSpec, text: str, reading: Reading) -> Money | None:
    """An amount whose currency is said beside it: the text names that one or none. Raises Refused."""
    bare = text.strip()
    return read_amount(spec, bare, reading.decimal, reading.currency, reading.habit, alone=True) if bare else None


def token(spec: FieldSpec, value: Typed | None) -> str:
    """A text that `read` reads back as exactly this value, whatever options and people are called."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset):
        return ";".join(f"#{each}" for each in sorted(value))
    if isinstance(value, Money):
        return f"{value.currency} {_exact(value.amount)}"
    if isinstance(value, Decimal):
        return _exact(value)
    if isinstance(value, date):
        return value.isoformat()
    return f"#{value}" if isinstance(value, int) else value


def _exact(number: Decimal) -> str:
    """As a sheet writes it where a mark before three digits could be taken for one between thousands."""
    text = f"{number:f}"
    return f"{text}E+0" if "." in text else text


def _as_written(spec: FieldSpec, text: str, reading: Reading) -> Typed:
    return text


def _number(spec: FieldSpec, text: str, reading: Reading) -> Typed:
    return read_number(spec, text, reading.decimal, reading.habit)


def _money(spec: FieldSpec, text: str, reading: Reading) -> Typed:
    return read_amount(spec, text, reading.decimal, reading.currency, reading.habit)


def _day(spec: FieldSpec, text: str, reading: Reading) -> Typed:
    day = read_day(text, month_first=reading.month_first)
    if day is None:
        raise NotADay(spec, text)
    return day


def _checkbox(spec: FieldSpec, text: str, reading: Reading) -> Typed:
    word = fold(text)
    if word not in YES | NO:
        raise NotYesOrNo(spec, text)
    return word in YES


def _select(spec: FieldSpec, text: str, reading: Reading) -> Typed:
    chosen = _option(spec, text)
    if chosen is None:
        raise NoSuchOption(spec, text, options=names_of_options(spec))
    return chosen


def _multi_select(spec: FieldSpec, text: str, reading: Reading) -> Typed:
    whole = _option(spec, text)
    if whole is not None:
        return frozenset({whole})
    for between in _BETWEEN:
        parts = [part.strip() for part in re.split(between, text) if part.strip()]
        chosen = [_option(spec, part) for part in parts]
        if None not in chosen:
            return frozenset(each for each in chosen if each is not None)
    unknown = next(part for part, found in zip(parts, chosen, strict=True) if found is None)
    raise NoSuchOption(spec, unknown, options=names_of_options(spec))


def _option(spec: FieldSpec, text: str) -> int | None:
    """By name, else by `#id`; one that was deleted only by its id, so that a form can keep what stands there."""
    wanted = fold(text)
    named = [option.id for option in spec.choices if fold(option.name) == wanted]
    if len(named) > 1:
        exact = [option.id for option in spec.choices if option.name == text]
        named = exact if len(exact) == 1 else named
    if named:
        return named[0]
    by_id = _ID.fullmatch(text)
    return int(by_id[1]) if by_id and int(by_id[1]) in {option.id for option in spec.options} else None


def _somebody(spec: FieldSpec, text: str, reading: Reading) -> Typed:
    by_id = _ID.fullmatch(text)
    if by_id:
        return int(by_id[1])
    found = reading.find.find(spec.kind, text)
    if not found:
        raise NobodySuch(spec, text)
    if len(found) > 1:
        raise SeveralSuch(spec, text, n=len(found))
    return found[0]


_READERS: Mapping[Kind, Callable[[FieldSpec, str, Reading], Typed]] = {
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.DATE: _day,
    Kind.CHECKBOX: _checkbox,
    Kind.SELECT: _select,
    Kind.MULTI_SELECT: _multi_select,
    Kind.PERSON: _somebody,
    Kind.COMPANY: _somebody,
    Kind.CONTACT: _somebody,
    Kind.STAGE: _somebody,
    Kind.PIPELINE: _somebody,
}
