"""A mail as another mail of its kind: other boundaries, other Message-IDs, other dates. Nothing that it says changes.

Whoever judges by what a mail says judges the copy alike; whoever knows the mail by heart does not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

_BOUNDARY = re.compile(rb"boundary\s*=\s*(?:\"([^\"\r\n]{1,200})\"|([^\s\";]{1,200}))", re.IGNORECASE)
_ID_FIELD = re.compile(
    rb"^(?:message-id|references|in-reply-to|original-message-id):(?:.*(?:\r?\n[ \t].*)*)", re.I | re.M
)
_ID = re.compile(rb"<([^<>\s@]{1,300})@([^<>\s@]{1,300})>")
_DATE_FIELD = re.compile(
    rb"^((?:date|arrival-date|last-attempt-date):[ \t]*)([^\r\n]{6,60})", re.IGNORECASE | re.MULTILINE
)


def rewritten(raw: bytes) -> bytes:
    """The copy; the same for the same bytes."""
    salt = hashlib.sha256(raw).hexdigest()
    for number, boundary in enumerate(_longest_first(one or other for one, other in _BOUNDARY.findall(raw))):
        raw = raw.replace(boundary, f"=_part.{number}.{salt[:20]}".encode())
    ids = {found for told in _ID_FIELD.findall(raw) for found in _ID.findall(told)}
    for number, (local, domain) in enumerate(sorted(ids)):
        raw = raw.replace(b"<" + local + b"@" + domain + b">", f"<{number}.{salt[20:40]}@".encode() + domain + b">")
    return _DATE_FIELD.sub(lambda date: date[1] + _later(date[2]), raw)


def _longest_first(found: Iterable[bytes]) -> list[bytes]:
    boundaries = {one for one in found if len(one) > 5}
    return sorted(boundaries, key=lambda boundary: (-len(boundary), boundary))


def _later(date: bytes) -> bytes:
    """The same date, 400 days and some hours on; what is no date stays."""
    try:
        moved = parsedate_to_datetime(date.decode("ascii")) + timedelta(days=400, hours=5, minutes=7)
    except (ValueError, TypeError, OverflowError):
        return date
    return format_datetime(moved).encode("ascii")
