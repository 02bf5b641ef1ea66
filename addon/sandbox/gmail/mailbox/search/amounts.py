"""The dates, spans and sizes that a search names. What makes no sense is None."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from addon import clock

_PACIFIC = ZoneInfo("America/Los_Angeles")
"""Where a day begins for Gmail's API, whatever the person's own time is."""

_SPAN = re.compile(r"(\d{1,6})([hdwmy])")
_SPANS = {"h": 1 / 24, "d": 1, "w": 7, "m": 30, "y": 365}
_DAY = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})")
_AMERICAN_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_SIZE = re.compile(r"(\d{1,12})([kmg]?)b?", re.IGNORECASE)
_BYTES = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


def moment(value: str) -> int | None:
    """Milliseconds of a day's beginning (`2026/11/01`, `11/01/2026`, hyphens too) or of epoch seconds."""
    if value.isascii() and value.isdigit():
        return int(value[:12]) * 1000
    if found := _DAY.fullmatch(value):
        year, month, day = found.groups()
    elif found := _AMERICAN_DAY.fullmatch(value):
        month, day, year = found.groups()
    else:
        return None
    try:
        return int(datetime(int(year), int(month), int(day), tzinfo=_PACIFIC).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def since(value: str) -> int | None:
    """Milliseconds of the moment a span (`2d`, `3m`) before the world's now."""
    found = _SPAN.fullmatch(value.lower())
    if not found:
        return None
    try:
        return int(clock.ago(timedelta(days=int(found[1]) * _SPANS[found[2]])).timestamp() * 1000)
    except OverflowError:
        return 0


def size(value: str) -> int | None:
    """Bytes of `1000000`, `100k`, `10M`."""
    found = _SIZE.fullmatch(value)
    return int(found[1]) * _BYTES[found[2].lower()] if found else None
