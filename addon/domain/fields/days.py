"""Dates as people and files write them. Pure."""

from __future__ import annotations

import re
from datetime import date

_ISO = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})([T ].*)?", re.ASCII)
_PACKED = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})", re.ASCII)
_DOTTED = re.compile(r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4}|\d{2})", re.ASCII)
_PARTED = re.compile(r"(?P<first>\d{1,2})[/-](?P<second>\d{1,2})[/-](?P<y>\d{4}|\d{2})", re.ASCII)


def read_day(text: str, *, month_first: bool = False) -> date | None:
    """A day, or None where this is none. With dots the day always comes first; with strokes the reader says which.

    >>> read_day("2026-03-09"), read_day("9.3.26"), read_day("3/9/2026", month_first=True), read_day("31/2/2026")
    (datetime.date(2026, 3, 9), datetime.date(2026, 3, 9), datetime.date(2026, 3, 9), None)
    """
    text = text.strip()
    found = _ISO.fullmatch(text) or _PACKED.fullmatch(text) or _DOTTED.fullmatch(text) or _PARTED.fullmatch(text)
    if found is None:
        return None
    parts = found.groupdict()
    first, second = parts.get("first"), parts.get("second")
    month = parts.get("m") or (first if month_first else second) or ""
    day = parts.get("d") or (second if month_first else first) or ""
    year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None
