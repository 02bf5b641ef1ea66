"""From which day on somebody is back, where an absence note says it plainly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from addon.domain.verdicts.language import likely
from addon.domain.verdicts.lexicon import folded

_REACH = 45
_ISO = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")
_NUMBERS = re.compile(r"\b(\d{1,2})[./](\d{1,2})(?:[./](20\d\d|\d\d)\b)?")


def return_date(text: str, language: str, written: date | None) -> date | None:
    """The latest day behind a word such as "until" or "back on"; a missing year is the next to come.

    `written` is the day of the mail. None where no day is named, or it cannot be told which (3/4 in English).
    """
    plain = folded(text[:3_000])
    days: list[date] = []
    for spoken in likely(language):
        for word in spoken.until.finditer(plain):
            behind = plain[word.end() : word.end() + _REACH].split("\n\n")[0]
            days += _days(behind, spoken.months, written, month_first=spoken.code == "en")
    plausible = [day for day in days if written is None or 0 <= (day - written).days <= 400]
    return max(plausible, default=None)


def _days(text: str, months: tuple[str, ...], written: date | None, *, month_first: bool) -> Iterator[date]:
    for found in _ISO.finditer(text):
        yield from _day(int(found[1]), int(found[2]), int(found[3]), written)
    for found in _NUMBERS.finditer(text):
        day, month = int(found[1]), int(found[2])
        if month_first and "/" in found[0]:
            if day <= 12 and month <= 12 and day != month:
                continue
            day, month = (month, day) if month > 12 else (day, month)
        yield from _day(_year(found[3]), month, day, written)
    names = "|".join(f"{re.escape(name[:3])}(?:{re.escape(name[3:])}|\\w{{0,2}}\\.?)" for name in months)
    ordinal = r"(\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?"
    for pattern in (
        rf"{ordinal}\s+(?:of\s+|de\s+)?({names})\b(?:,?\s+(?:de\s+)?(20\d\d))?",
        rf"({names})\s+{ordinal}\b(?:,?\s+(20\d\d))?",
    ):
        for found in re.finditer(pattern, text):
            number, name = (found[1], found[2]) if found[1].isdigit() else (found[2], found[1])
            month = next((i for i, known in enumerate(months, start=1) if known.startswith(name[:3])), 0)
            yield from _day(_year(found[3]), _exact(months, name) or month, int(number), written)


def _exact(months: tuple[str, ...], name: str) -> int:
    """June and July, juin and juillet share their first letters."""
    return next(
        (i for i, known in enumerate(months, start=1) if known == name or known.startswith(name.rstrip("."))), 0
    )


def _year(text: str | None) -> int | None:
    return None if not text else int(text) + (2000 if len(text) == 2 else 0)


def _day(year: int | None, month: int, day: int, written: date | None) -> Iterator[date]:
    if year is None and written is None:
        return
    try:
        if year is not None:
            yield date(year, month, day)
        elif written is not None:
            this = date(written.year, month, day)
            yield this if this >= written else date(written.year + 1, month, day)
    except ValueError:
        return
