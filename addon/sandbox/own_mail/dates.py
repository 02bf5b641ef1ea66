"""When a mail came, as far as it can be told: Gmail sorts by receipt, which an export keeps in several places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from addon.sandbox.gmail.mailbox.mime import Mail

_FIRST = datetime(1980, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)
_LINE = re.compile(
    r"([A-Z][a-z]{2}) +(\d{1,2}) +(\d{1,2}:\d\d)(:\d\d)?(?: +([+-]\d{4}|[A-Z]{1,5}))? +(\d{4})(?: +([+-]\d{4}))?"
)


def receipt(mail: Mail, line: str, *, exact: bool, modified: float, now: datetime) -> datetime:
    """When the mail was received.

    `line` is its line `From ` in an mbox; `exact` says that this line is Gmail's own note of the receipt. `modified`:
    of its file, in epoch seconds. A date that cannot be (before mail was, or in the future) gives way to the next one.
    """
    for told in _told(mail, line, exact=exact, modified=modified):
        if told is not None and _FIRST <= told <= now + _AHEAD:
            return told
    return now


def _told(mail: Mail, line: str, *, exact: bool, modified: float) -> Iterator[datetime | None]:
    if exact:
        yield _of_line(line)
    yield _parsed(mail.first("Received").rpartition(";")[2])
    yield _parsed(mail.first("Date"))
    yield _of_line(line)
    if modified > 0:
        yield datetime.fromtimestamp(modified, UTC)


def _of_line(line: str) -> datetime | None:
    found = _LINE.search(line)
    if found is None:
        return None
    month, day, minutes, seconds, before, year, after = found.groups()
    zone = next((zone for zone in (before, after) if zone), "+0000")
    return _parsed(f"{day} {month} {year} {minutes}{seconds or ':00'} {zone}")


def _parsed(value: str) -> datetime | None:
    if not value.strip():
        return None
    try:
        found = parsedate_to_datetime(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
