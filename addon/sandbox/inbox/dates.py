"""When a mail came, as a mail list says it: the time today, the weekday this week, the day before that."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from addon.i18n import Words


def listed(when: datetime, *, now: datetime, zone: ZoneInfo, words: Words) -> str:
    """13:58 · Mon · 18 Nov · 4 Jan 2027."""
    local, today = when.astimezone(zone), now.astimezone(zone).date()
    days = (today - local.date()).days
    if days == 0:
        return str(format_time(local, "HH:mm", locale=words.locale))
    pattern = "EEE" if 0 < days < 7 else "d MMM" if local.year == today.year else "d MMM y"
    return str(format_date(local.date(), pattern, locale=words.locale))


def whole(when: datetime, *, zone: ZoneInfo, words: Words) -> str:
    """Tue 24 Nov 2026, 14:02."""
    local = when.astimezone(zone)
    day = format_date(local.date(), "EEE d MMM y", locale=words.locale)
    return f"{day}, {format_time(local, 'HH:mm', locale=words.locale)}"


def on_the_clock(now: datetime, *, zone: ZoneInfo, words: Words) -> str:
    """Tue 24 Nov, 14:02."""
    local = now.astimezone(zone)
    day = format_date(local.date(), "EEE d MMM", locale=words.locale)
    return f"{day}, {format_time(local, 'HH:mm', locale=words.locale)}"
