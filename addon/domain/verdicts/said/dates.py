"""Times that a sentence names, counted from the day of the mail: "after 15 March", "next quarter", "in two weeks".

Each language's ways of saying so stand in its file `times.toml`. A span of days is told by its first day; "after" a
day begins with the next one. What names no day that can be told ("after the holidays") is found all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from addon.domain.verdicts.language.words import Words, plain
from addon.domain.verdicts.said.phrasing import Hit, PhraseBook, Slot
from addon.domain.verdicts.said.reading import Reader

_MOST_KNOWN = 20_000
_FARTHEST = 800
"""Days ahead beyond which a date is not believed."""
_NEAR = frozenset({"date", "weekday", "next_week", "in_days", "in_weeks"})
_SLOTS = frozenset({"day", "year", "month", "weekday", "number", "date"})
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|o|a|e|te|ten|ter)?$")
_YEAR = re.compile(r"20\d\d$")
_NUMBERS = re.compile(r"(\d{1,2})[./-](\d{1,2})(?:[./-](20\d\d|\d\d))?$")
_ISO = re.compile(r"(20\d\d)[-./](\d{1,2})[-./](\d{1,2})$")


@dataclass(frozen=True)
class When:
    """A time named by the words from `start` to `end` (not included); `day` is its first, None if none can be told."""

    start: int
    end: int
    day: date | None
    is_near: bool = False
    """It is a day, or days or weeks away: a time for meeting rather than for waiting."""


class Calendar:
    """How one language names times. `told` is what its `times.toml` holds."""

    def __init__(self, told: Mapping[str, Any], *, month_first: bool = False) -> None:
        self._book = PhraseBook()
        reader = Reader(told.get("words", {}), _SLOTS)
        self._known: dict[str, dict[str, Any]] = {}
        self._month_first = month_first
        self._months = _names(told.get("months", ()))
        self._weekdays = _names(told.get("weekdays", ()))
        self._numbers = {plain(name): int(number) for name, number in told.get("numbers", {}).items()}
        for number, phrases in enumerate(told.get("quarters", ()), start=1):
            self._book.add(phrases, ("quarter", number), reader)
        for kind in _KINDS:
            self._book.add(told.get(kind, ()), (kind, 0), reader)

    def times(self, words: Words, written: date | None) -> list[When]:
        """The times that the words name, in order, the longer first where two begin at one word."""
        found = [self._when(hit, written) for hit in self._book.find(words, self._slots(words))]
        found.sort(key=lambda when: (when.start, -when.end, when.day is None))
        return found

    def _when(self, hit: Hit, written: date | None) -> When:
        kind, number = hit.tag
        day = None
        if written is not None or _names_year(hit.read):
            day = _day(kind, number, hit.read, written or date(2000, 1, 1))
        if day is not None and written is not None and not 0 <= (day - written).days <= _FARTHEST:
            day = None
        return When(hit.start, hit.end, day, is_near=kind in _NEAR)

    def _slots(self, words: Words) -> dict[str, Slot]:
        told = [self._told(word) for word in words.plain]

        def slot(name: str) -> Slot:
            return lambda place: (place + 1, told[place][name]) if name in told[place] else None

        return {name: slot(name) for name in self._readers}

    def _told(self, word: str) -> dict[str, Any]:
        """What a word may stand for, by the slots that it fits."""
        known = self._known.get(word)
        if known is None:
            known = {name: told for name, read in self._readers.items() if (told := read(word)) is not None}
            if len(self._known) < _MOST_KNOWN:
                self._known[word] = known
        return known

    def _number(self, word: str) -> int | None:
        """`two`, `2`, and of `2-3` the less."""
        first = word.partition("-")[0]
        return int(first) if first.isdigit() and len(first) < 4 else self._numbers.get(word)

    @cached_property
    def _readers(self) -> dict[str, Callable[[str], Any]]:
        return {
            "day": _day_of_month,
            "year": lambda word: ("year", int(word)) if _YEAR.match(word) else None,
            "month": lambda word: _tagged("month", _named(self._months, word)),
            "weekday": lambda word: _tagged("weekday", _named(self._weekdays, word)),
            "number": lambda word: _tagged("number", self._number(word)),
            "date": lambda word: _tagged("date", _numeric(word, month_first=self._month_first)),
        }


def _names_year(read: Sequence[tuple[str, Any]]) -> bool:
    return any(name == "year" or (name == "date" and value[0] is not None) for name, value in read)


def _tagged(name: str, value: Any) -> tuple[str, Any] | None:
    return None if value is None else (name, value)


def _names(groups: Sequence[Sequence[str]]) -> list[tuple[str, int]]:
    """Names with their numbers, from 1; `stycz*` stands for every word that begins so."""
    return [(plain(name.rstrip("*")) + "*" * name.count("*"), i) for i, group in enumerate(groups, 1) for name in group]


def _named(names: Sequence[tuple[str, int]], word: str) -> int | None:
    for name, number in names:
        if word == name or (name[-1] == "*" and word.startswith(name[:-1])):
            return number
    return None


def _day_of_month(word: str) -> tuple[str, int] | None:
    told = _DAY.match(word)
    return ("day", int(told[1])) if told and 1 <= int(told[1]) <= 31 else None


def _numeric(word: str, *, month_first: bool) -> tuple[int | None, int, int] | None:
    """Year, month and day of `15.3.2027` or `2027-03-15`; None where either may be either (3/4 in English)."""
    if told := _ISO.match(word):
        return int(told[1]), int(told[2]), int(told[3])
    told = _NUMBERS.match(word)
    if not told:
        return None
    day, month = int(told[1]), int(told[2])
    if month_first and "/" in word:
        if day <= 12 and month <= 12 and day != month:
            return None
        day, month = (month, day) if month > 12 else (day, month)
    year = None if told[3] is None else int(told[3]) + (2000 if len(told[3]) == 2 else 0)
    return (year, month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _day(kind: str, number: int, read: Sequence[tuple[str, Any]], written: date) -> date | None:
    said = dict(read)
    try:
        return _KINDS[kind](said, written) if kind in _KINDS else _quarter(number, said.get("year"), written)
    except (ValueError, OverflowError):
        return None


def _on_day(said: Mapping[str, Any], written: date) -> date:
    if "date" in said:
        year, month, day = said["date"]
    else:
        year, month, day = said.get("year"), said["month"], said["day"]
    if year is not None:
        return date(year, month, day)
    this = date(written.year, month, day)
    return this if this >= written else date(written.year + 1, month, day)


def _in_month(said: Mapping[str, Any], written: date, *, day: int = 1) -> date:
    year, month = said.get("year"), said["month"]
    return date(year or written.year + (month <= written.month), month, day)


def _after_month(said: Mapping[str, Any], written: date) -> date:
    year, month = said.get("year"), said["month"]
    return _months_on(date(year or written.year + (month < written.month), month, 1), 1)


def _quarter(number: int, year: int | None, written: date) -> date:
    first = date(year or written.year, 3 * number - 2, 1)
    return first if year or first > written else date(written.year + 1, first.month, 1)


def _on_weekday(said: Mapping[str, Any], written: date) -> date:
    return written + timedelta(days=(said["weekday"] - 1 - written.isoweekday()) % 7 + 1)


def _months_on(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError


def _next_quarter(written: date) -> date:
    return _months_on(written.replace(day=1), 3 - (written.month - 1) % 3)


_KINDS: dict[str, Callable[[Mapping[str, Any], date], date | None]] = {
    "date": _on_day,
    "after_date": lambda said, written: _on_day(said, written) + timedelta(days=1),
    "month": _in_month,
    "middle_of_month": lambda said, written: _in_month(said, written, day=15),
    "end_of_month": lambda said, written: _in_month(said, written, day=25),
    "after_month": _after_month,
    "weekday": _on_weekday,
    "next_week": lambda _, written: written + timedelta(days=8 - written.isoweekday()),
    "next_month": lambda _, written: _months_on(written.replace(day=1), 1),
    "next_quarter": lambda _, written: _next_quarter(written),
    "next_half": lambda _, written: date(written.year + (written.month > 6), 7 if written.month <= 6 else 1, 1),
    "next_year": lambda _, written: date(written.year + 1, 1, 1),
    "after_new_year": lambda _, written: date(written.year + 1, 1, 2),
    "in_year": lambda said, _: date(said["year"], 1, 1),
    "in_days": lambda said, written: written + timedelta(days=said.get("number", 1)),
    "in_weeks": lambda said, written: written + timedelta(weeks=said.get("number", 1)),
    "in_months": lambda said, written: _months_on(written, said.get("number", 1)),
    "in_half_a_year": lambda _, written: _months_on(written, 6),
    "in_years": lambda said, written: _months_on(written, 12 * said.get("number", 1)),
    "some_time": lambda _said, _written: None,
}

KINDS = tuple(_KINDS)
"""The names under which a language's ways of naming times are listed."""
