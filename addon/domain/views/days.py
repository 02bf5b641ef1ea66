"""Which days a question about a date means. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Span = tuple[date | None, date | None]
"""From this day on, and before that one; None: no such bound."""


def span(op: str, value: Any, today: date) -> Span:
    """
    >>> monday = date(2026, 3, 2)
    >>> span("next_days", 7, monday)
    (datetime.date(2026, 3, 2), datetime.date(2026, 3, 10))
    >>> span("overdue", None, monday)
    (None, datetime.date(2026, 3, 2))
    >>> span("last_month", None, monday), span("next_week", None, monday)[0], span("tomorrow", None, monday)[1]
    ((datetime.date(2026, 2, 1), datetime.date(2026, 3, 1)), datetime.date(2026, 3, 9), datetime.date(2026, 3, 4))
    """
    if op in ("is", "before", "after", "between"):
        return _fixed(op, value)
    if op in ("next_days", "last_days", "older_than_days"):
        return _counted(op, int(value), today)
    if op == "overdue":
        return None, today
    first = _first_of(op, today)
    return first, _end_of(op, first)


def in_utc(day: date | None, zone: ZoneInfo) -> datetime | None:
    """When a day begins in a zone; None where no clock shows that."""
    if day is None:
        return None
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError:
        return None


def month_after(day: date) -> date:
    """The first of the month that follows.

    >>> month_after(date(2026, 12, 31))
    datetime.date(2027, 1, 1)
    """
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _fixed(op: str, value: Any) -> Span:
    first, last = (date.fromisoformat(each) for each in (value if op == "between" else (value, value)))
    if op == "before":
        return None, first
    behind = last + timedelta(days=1) if last < date.max else None
    if op == "after":
        return behind or date.max, None if behind else date.max
    return first, behind


def _counted(op: str, days: int, today: date) -> Span:
    if op == "next_days":
        return today, today + timedelta(days=days + 1)
    start = today - timedelta(days=days)
    return (start, today + timedelta(days=1)) if op == "last_days" else (None, start)


def _first_of(op: str, today: date) -> date:
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    return {
        "this_week": monday,
        "next_week": monday + timedelta(days=7),
        "this_month": first,
        "next_month": month_after(today),
        "last_month": (first - timedelta(days=1)).replace(day=1),
        "tomorrow": today + timedelta(days=1),
    }.get(op, today)


def _end_of(op: str, first: date) -> date:
    if op in ("this_week", "next_week"):
        return first + timedelta(days=7)
    return first + timedelta(days=1) if op in ("today", "tomorrow") else month_after(first)
