"""The days that a sentence of an absence note names, and where. See `returning` for what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from addon.domain.verdicts.language.words import Words, plain
from addon.domain.verdicts.robots.wording import told

_ISO = re.compile(r"(20\d\d)-(\d{1,2})-(\d{1,2})$")
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})(?:\2(20\d\d|\d\d))?$")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|e|o)?$")
_SPAN = re.compile(r"(\d{1,2})-(\d{1,2})$")
_YEAR = re.compile(r"20\d\d$")
_OF_THE_CLOCK = frozenset({"uhr", "h", "am", "pm", "heures", "heure", "ore", "hrs", "horas", "o", "uur", "wib"})
_YEAR_LONG = 366
_STALE = 31
"""Days for which a day without a year is believed to be over; before that it is next year's."""


@dataclass(frozen=True)
class Day:
    """A day named by the words from `start` to `end` (not included). `ends_span`: it closes a span within one word."""

    start: int
    end: int
    day: date
    ends_span: bool = False


@dataclass(frozen=True)
class Names:
    """Month and weekday names of some languages, plain, with their numbers from 1; those of a stem end in `*`."""

    months: dict[str, int]
    weekdays: dict[str, int]

    def month(self, word: str) -> int | None:
        if word in self.months:
            return self.months[word]
        if len(word) < 3 or not word.isalpha():
            return None
        begun = {number for name, number in self.months.items() if name.startswith(word)}
        return begun.pop() if len(begun) == 1 and len(word) <= 5 else None

    def weekday(self, word: str) -> int | None:
        if word in self.weekdays:
            return self.weekdays[word]
        stems = (n for name, n in self.weekdays.items() if name.endswith("*") and word.startswith(name[:-1]))
        return next(stems, None)


@cache
def names_in(languages: frozenset[str]) -> Names:
    """The names that these languages use."""
    months, weekdays = {}, {}
    for code in sorted(languages):
        away = told()[code]["away"]
        months.update({plain(name): number for number, name in enumerate(away.get("months", ()), start=1)})
        for number, group in enumerate(away.get("weekdays", ()), start=1):
            weekdays.update({plain(name.rstrip("*")) + "*" * name.count("*"): number for name in group})
    return Names(months, weekdays)


def month_comes_first(texts: Iterable[Words]) -> bool | None:
    """Whether 3/14 or 14/3 is written here; None where the text does not show it."""
    for words in texts:
        for word in words.plain:
            numbers = _NUMBERS.match(word)
            if numbers and numbers[2] == "/" and (int(numbers[1]) > 12) != (int(numbers[3]) > 12):
                return int(numbers[3]) > 12
    return None


@dataclass(frozen=True)
class DayReader:
    """Reads days. `written`: the day of the mail, without which only whole dates are read. `month_first`: how 3/4 is
    meant; None where it cannot be told.
    """

    names: Names
    written: date | None
    month_first: bool | None

    def days(self, words: Words) -> list[Day]:
        """The days named, in order. A weekday beside a date is part of it; "3 to 14 August" names two."""
        found: list[Day] = []
        place = 0
        while place < len(words):
            read = list(self._at(words.plain, place))
            found += read
            place = max((day.end for day in read), default=place + 1)
        return found

    def _at(self, words: Sequence[str], place: int) -> Iterator[Day]:
        weekday = self.names.weekday(words[place])
        if weekday is not None:
            behind = next((i for i in (place + 1, place + 2) if self._begins_date(words, i)), None)
            if behind is None:
                numbered = self._numbered(weekday, words[place + 1 : place + 3])
                end = place + 1 if numbered is None else place + 2
                yield from self._made(place, end, numbered or self._next(weekday))
                return
            for day in self._dates(words, behind):
                yield Day(place, day.end, day.day, day.ends_span)
            return
        yield from self._dates(words, place)

    def _begins_date(self, words: Sequence[str], place: int) -> bool:
        return place < len(words) and next(self._dates(words, place), None) is not None

    def _dates(self, words: Sequence[str], place: int) -> Iterator[Day]:
        word = words[place]
        if iso := _ISO.match(word):
            yield from self._made(place, place + 1, _safe(int(iso[1]), int(iso[2]), int(iso[3])))
            return
        month, end = self._month_behind(words, place + 1)
        if month and (span := _SPAN.match(word)):
            year, end = _year_at(words, end)
            yield from self._made(place, end, self._dated(year, month, int(span[1])))
            yield from self._made(place, end, self._dated(year, month, int(span[2])), ends_span=True)
            return
        if month and (day := _DAY.match(word)):
            year, end = _year_at(words, end)
            yield from self._made(place, end, self._dated(year, month, int(day[1])))
            return
        if numbers := _NUMBERS.match(word):
            yield from self._made(place, place + 1, self._numeric(numbers))
            return
        yield from self._month_before(words, place)

    def _month_behind(self, words: Sequence[str], place: int) -> tuple[int | None, int]:
        """`14 March`, `14 of March`, `14 de marzo`."""
        place += place < len(words) and words[place] in ("of", "de", "di")
        return (self.names.month(words[place]), place + 1) if place < len(words) else (None, place)

    def _month_before(self, words: Sequence[str], place: int) -> Iterator[Day]:
        """`March 14, 2025` and `July 10-31`."""
        month = self.names.month(words[place])
        if not month or place + 1 >= len(words):
            return
        number = place + 1 + (words[place + 1] == "the")
        word = words[number] if number < len(words) else ""
        year, end = _year_at(words, number + 1)
        if span := _SPAN.match(word):
            yield from self._made(place, end, self._dated(year, month, int(span[1])))
            yield from self._made(place, end, self._dated(year, month, int(span[2])), ends_span=True)
        elif day := _DAY.match(word):
            yield from self._made(place, end, self._dated(year, month, int(day[1])))

    def _numeric(self, numbers: re.Match[str]) -> date | None:
        first, second = int(numbers[1]), int(numbers[3])
        year = None if numbers[4] is None else int(numbers[4]) + (2000 if len(numbers[4]) == 2 else 0)
        if numbers[2] == "-" and year is None:
            return None
        if numbers[2] == ".":
            return self._dated(year, second, first)
        if first > 12 or second > 12 or first == second:
            return self._dated(year, min(first, second) if first != second else first, max(first, second))
        if self.month_first is None:
            return None
        return self._dated(year, *((first, second) if self.month_first else (second, first)))

    def _made(self, start: int, end: int, day: date | None, *, ends_span: bool = False) -> Iterator[Day]:
        if day is not None:
            yield Day(start, end, day, ends_span)

    def _next(self, weekday: int) -> date | None:
        if self.written is None:
            return None
        return self.written + timedelta(days=(weekday - 1 - self.written.isoweekday()) % 7 + 1)

    def _numbered(self, weekday: int, behind: Sequence[str]) -> date | None:
        """`Monday 26`, `lundi 26`: the next such day, within a year; but not `Monday 9 am`, `Monday 9:00`."""
        number = _DAY.match(behind[0]) if behind else None
        is_hour = len(behind) > 1 and (behind[1].isdigit() or behind[1] in _OF_THE_CLOCK)
        if number is None or is_hour or self.written is None:
            return None
        days = (self.written + timedelta(days=ahead) for ahead in range(1, _YEAR_LONG))
        return next((day for day in days if day.isoweekday() == weekday and day.day == int(number[1])), None)

    def _dated(self, year: int | None, month: int, day: int) -> date | None:
        if year is not None:
            return _safe(year, month, day)
        if self.written is None:
            return None
        this = _safe(self.written.year, month, day)
        if this is not None and (self.written - this).days > _STALE:
            return _safe(self.written.year + 1, month, day)
        return this


def _year_at(words: Sequence[str], place: int) -> tuple[int | None, int]:
    place += place < len(words) and words[place] in ("de", "del")
    if place < len(words) and _YEAR.match(words[place]):
        return int(words[place]), place + 1
    return None, min(place, len(words))


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
