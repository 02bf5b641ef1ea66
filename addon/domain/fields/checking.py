"""What may stand in a field: a typed value is brought into its normal form, or refused by name. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from addon.domain.fields.figures import fits
from addon.domain.fields.keys import LONGEST, FieldSpec, Kind
from addon.domain.fields.refusals import (
    Missing,
    NoSuchOption,
    NotALink,
    NotAPhone,
    NotEditable,
    NotOfItsKind,
    OddCharacters,
    TooLarge,
    TooLong,
)
from addon.domain.money import Money

Typed = str | Decimal | Money | date | int | frozenset[int] | bool
"""A value by its field's kind: words are str; number Decimal; money Money; date date; select, person, company and
contact the id; multi-select a frozenset of ids; a ticked checkbox True. Nothing, and an unticked box, is None."""

_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE | re.ASCII)
_HOST = re.compile(r"(?=.{1,253}$)[^\s/@:.]+(\.[^\s/@:.]+)+\.?|localhost|\[[0-9a-f:.]+\]", re.IGNORECASE)
_PHONE = re.compile(r"[+(]?[\d\s().+/#*,;-]*\d[\d\s().+/#*,;-]*([a-z.:]{1,10}\s?\d{1,8})?", re.IGNORECASE)


def check(spec: FieldSpec, value: object) -> Typed | None:
    """The value as it is kept. Raises Refused, which names the field."""
    if not spec.editable:
        raise NotEditable(spec, value)
    kept = None if value is None else _CHECKS.get(spec.kind, _an_id)(spec, value)
    if kept is False or kept in (None, "", frozenset()):  # a zero equals False, and is a number
        if spec.required:
            raise Missing(spec)
        return None
    return kept


def _words(spec: FieldSpec, value: object) -> str:
    if not isinstance(value, str):
        raise NotOfItsKind(spec, value)
    text = _tidy(value, lines=spec.kind is Kind.LONG_TEXT)
    if _ODD.search(text):
        raise OddCharacters(spec, _ODD.sub("�", text))
    limit = spec.longest or LONGEST[spec.kind]
    if len(text) > limit:
        raise TooLong(spec, text, limit=limit, length=len(text))
    return text


def _tidy(text: str, *, lines: bool) -> str:
    """One line but for long texts, which keep their lines however the lines were ended."""
    if lines:
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return " ".join(text.split("\n")).replace("\r", " ").replace("\t", " ").strip()


def _link(spec: FieldSpec, value: object) -> str:
    text = _words(spec, value)
    if not text:
        return ""
    if not _SCHEME.match(text) or re.match(r"[^:/]+:\d", text):
        text = _words(spec, f"https://{text}")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise NotALink(spec, value) from None
    bracketed = f"[{host}]" if ":" in host else host
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(bracketed) or re.search(r"[\s<>\"\\]", text):
        raise NotALink(spec, value)
    return text


def _phone(spec: FieldSpec, value: object) -> str:
    text = _words(spec, value)
    if text and (not _PHONE.fullmatch(text) or not 3 <= sum(letter.isdigit() for letter in text) <= 32):
        raise NotAPhone(spec, value)
    return text


def _number(spec: FieldSpec, value: object) -> Decimal:
    if not isinstance(value, Decimal | int) or isinstance(value, bool) or not Decimal(value).is_finite():
        raise NotOfItsKind(spec, value)
    return fits(spec, Decimal(value))


def _money(spec: FieldSpec, value: object) -> Money:
    if not isinstance(value, Money):
        raise NotOfItsKind(spec, value)
    return Money(fits(spec, value.amount), value.currency)


def _day(spec: FieldSpec, value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise NotOfItsKind(spec, value)
    return value


def _an_id(spec: FieldSpec, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise NotOfItsKind(spec, value)
    if not 0 < value < 2**31:
        raise TooLarge(spec, value)
    return value


def _option(spec: FieldSpec, value: object) -> int:
    chosen = _an_id(spec, value)
    if chosen not in {option.id for option in spec.options}:
        raise NoSuchOption(spec, chosen, options=names_of_options(spec))
    return chosen


def _options(spec: FieldSpec, value: object) -> frozenset[int]:
    if not isinstance(value, frozenset | set | list | tuple):
        raise NotOfItsKind(spec, value)
    return frozenset(_option(spec, each) for each in value)


def _checkbox(spec: FieldSpec, value: object) -> bool:
    if not isinstance(value, bool):
        raise NotOfItsKind(spec, value)
    return value


def names_of_options(spec: FieldSpec) -> str:
    """For a refusal: what can be chosen."""
    names = [option.name for option in spec.choices]
    return ", ".join(names[:20]) + (", …" if len(names) > 20 else "")


_CHECKS: Mapping[Kind, Callable[[FieldSpec, Any], Typed]] = {
    Kind.TEXT: _words,
    Kind.LONG_TEXT: _words,
    Kind.LINK: _link,
    Kind.PHONE: _phone,
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.DATE: _day,
    Kind.SELECT: _option,
    Kind.MULTI_SELECT: _options,
    Kind.CHECKBOX: _checkbox,
}
"""By kind; the others hold an id."""
