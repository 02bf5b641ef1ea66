"""Numbers and amounts as people and files write them. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from babel.numbers import list_currencies

from addon.domain import money
from addon.domain.fields.keys import FieldSpec, Kind
from addon.domain.fields.refusals import NotAnAmount, NotANumber, TooLarge, TooManyPlaces, Unclear
from addon.domain.money import Money

LIMIT = Decimal(10) ** 13
"""Numbers and amounts stay below this, so that the sum of many deals fits too."""

CURRENCIES = frozenset(list_currencies())
"""Codes that a text may name; `12 pcs` is no amount."""

PLACES = {Kind.NUMBER: 4, Kind.MONEY: 2}

_BY_A_SHEET = re.compile(r"(?P<head>\D*?)(?P<number>[+-]?\d+([.,]\d+)?[eE][+-]?\d{1,3})(?P<tail>\D*)", re.ASCII)
_POWER = re.compile(r"\d[eE]\d")
_FRACTION = re.compile(r"(?P<sign>[+-]?)0?(?P<mark>[.,])(?P<digits>\d+)")
_AROUND = re.compile(r"(?P<head>\D*)(?P<figures>\d[\d.,'’]*)(?P<tail>\D*)")
_UNCLEAR = re.compile(r"(?P<ahead>\d+)(?P<mark>[.,])(?P<behind>\d{3})", re.ASCII)
_CODE = re.compile(r"(?P<before>[A-Za-z]{3})[\s.]*(?=[\d+-])|(?<=\d)\s*(?P<after>[A-Za-z]{3})", re.ASCII)
_SIGNS = {"€": "EUR", "£": "GBP", "zł": "PLN", "₹": "INR", "Kč": "CZK", "Rp": "IDR", "US$": "USD", "¥": "JPY"}
"""Signs that mean one currency only."""


def read_number(spec: FieldSpec, text: str, decimal: str, habit: str = "") -> Decimal:
    """`decimal` is the mark before the fraction; empty: it is seen from the number, see `_by_itself`.

    `habit` is the mark that the reader's language has there: it says what 1,250 means and nothing else.
    Raises NotANumber, Unclear, TooLarge, TooManyPlaces.
    """
    try:
        return fits(spec, _bare(spec, text, "", decimal, habit))
    except money.NotAnAmount:
        raise NotANumber(spec, text) from None


def read_amount(
    spec: FieldSpec, text: str, decimal: str, currency: str, habit: str = "", *, alone: bool = False
) -> Money:
    """An amount in the currency it names, else in `currency`; `alone`: it may name no other.

    Raises NotAnAmount, Unclear, TooLarge, TooManyPlaces: nothing is ever rounded.
    """
    for code in (currency, *(() if alone else _named(text))):
        try:
            return Money(fits(spec, _bare(spec, text, code, decimal, habit)), code)
        except (money.NotAnAmount, money.NotACurrency):
            continue
    raise NotAnAmount(spec, text)


def fits(spec: FieldSpec, number: Decimal) -> Decimal:
    """The number in its normal form: as many places as are kept. Raises TooLarge, TooManyPlaces."""
    places = PLACES[spec.kind]
    if abs(number) >= LIMIT:
        raise TooLarge(spec, number)
    kept = number.quantize(Decimal(1).scaleb(-places))
    if kept != number:
        raise TooManyPlaces(spec, number, places=places)
    return kept + Decimal(0)  # no minus before a zero


def _named(text: str) -> list[str]:
    codes = [code.upper() for match in _CODE.finditer(text) for code in match.groups() if code]
    return [*(code for code in codes if code in CURRENCIES), *(code for sign, code in _SIGNS.items() if sign in text)]


def _bare(spec: FieldSpec, text: str, currency: str, decimal: str, habit: str) -> Decimal:
    squeezed = "".join(text.split())
    if by_a_sheet := _BY_A_SHEET.fullmatch(squeezed):
        one = money.parse(f"{by_a_sheet['head']}1{by_a_sheet['tail']}", currency)
        return one * Decimal(by_a_sheet["number"].replace(",", "."))
    if "_" in squeezed or _POWER.search(squeezed):
        raise money.NotAnAmount(given=text)
    fraction = _FRACTION.fullmatch(squeezed)
    if fraction and decimal in ("", fraction["mark"]):
        return Decimal(f"{fraction['sign']}0.{fraction['digits']}")
    if decimal:
        return _by_mark(text, squeezed, currency, decimal)
    return _by_itself(spec, text, squeezed, currency, habit)


def _by_itself(spec: FieldSpec, text: str, squeezed: str, currency: str, habit: str) -> Decimal:
    """Nobody says what the marks mean: most numbers do. One mark before three digits may stand for thousands or not.

    That is the reader's to say, and where a fraction would be longer than what is kept, nobody's: it is asked.
    """
    parts = _AROUND.fullmatch(squeezed)
    unclear = _UNCLEAR.fullmatch(re.sub("['’]", "", parts["figures"])) if parts else None
    if unclear is None:
        return money.parse(text, currency)
    ahead, mark, behind = unclear["ahead"], unclear["mark"], unclear["behind"]
    if len(ahead) > 3 or (habit == mark and PLACES[spec.kind] >= len(behind)):
        return _by_mark(text, squeezed, currency, mark)
    if habit in ("", mark):
        raise Unclear(spec, text, whole=f"{ahead}{behind}", fraction=f"{ahead}.{behind.rstrip('0') or '0'}")
    return money.parse(text, currency)


def _by_mark(text: str, squeezed: str, currency: str, decimal: str) -> Decimal:
    """Strictly: the other mark may only set thousands apart."""
    parts = _AROUND.fullmatch(squeezed)
    if parts is None:
        raise money.NotAnAmount(given=text)
    whole, _, fraction = parts["figures"].partition(decimal)
    groups = re.split("[.,'’]", whole)
    one = money.parse(f"{parts['head']}1{parts['tail']}", currency)
    if abs(one) != 1 or not (fraction or "0").isdigit() or any(len(group) != 3 for group in groups[1:]):
        raise money.NotAnAmount(given=text)
    return one * Decimal(f"{''.join(groups)}.{fraction or 0}")
