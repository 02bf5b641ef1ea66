"""Between Gmail's JSON and mails: base64url, ids in both their forms, headers. Tolerant of whatever is missing."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

from addon.domain.ports.mailbox import Draft, MailHead, RawMail

_NOT_IN_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_EVENT_ID = re.compile(r"(?:msg|thread)-f:([0-9]+)")


def encoded(raw: bytes) -> str:
    """A mail's bytes as Gmail takes them."""
    return base64.urlsafe_b64encode(raw).decode("ascii")


def decoded(text: str) -> bytes:
    """Bytes out of base64, in the usual or the URL's alphabet, padded or not, folded or not.

    >>> decoded("YWJjZA"), decoded("YWJj\\r\\nZA=="), decoded("-_8"), decoded("+/8=")
    (b'abcd', b'abcd', b'\\xfb\\xff', b'\\xfb\\xff')
    """
    plain = text.encode("ascii", "ignore").translate(bytes.maketrans(b"-_", b"+/"))
    plain = _NOT_IN_BASE64.sub(b"", plain)
    if len(plain) % 4 == 1:
        plain = plain[:-1]  # one letter holds six bits: not a byte, so it was cut off
    return base64.b64decode(plain + b"=" * (-len(plain) % 4))


def rest_id(event_id: str) -> str:
    """The id that Gmail's API uses, where the add-on's event names the mail in its own way.

    Ids of mails made in the browser (`msg-a:`) cannot be computed and are left as they are, like ids that are in the
    API's form already: only what an answer carries is sure.

    >>> rest_id("thread-f:1784256312533705459"), rest_id("18c2f3a9b0d1e2f3"), rest_id("msg-a:r-12")
    ('18c2f3a9b0d1e2f3', '18c2f3a9b0d1e2f3', 'msg-a:r-12')
    """
    found = _EVENT_ID.fullmatch(event_id.strip())
    return format(int(found.group(1)), "x") if found else event_id.strip()


def head(message: Mapping[str, Any]) -> MailHead:
    """A message resource as a head."""
    return MailHead(
        gmail_id=text(message, "id"),
        thread_id=text(message, "threadId"),
        labels=labels(message),
        headers=headers(message),
        received_ms=number(message, "internalDate"),
    )


def raw_mail(message: Mapping[str, Any]) -> RawMail:
    """A message resource in the raw format as a mail."""
    return RawMail(
        gmail_id=text(message, "id"),
        thread_id=text(message, "threadId"),
        labels=labels(message),
        raw=decoded(text(message, "raw")),
        received_ms=number(message, "internalDate"),
    )


def draft(resource: Mapping[str, Any]) -> Draft:
    """A draft resource: its own id and those of the message inside."""
    inside = part(resource, "message")
    return Draft(text(resource, "id"), text(inside, "id"), text(inside, "threadId"))


def headers(message: Mapping[str, Any]) -> dict[str, list[str]]:
    """Lower-case names, each with its values in order of appearance."""
    found: dict[str, list[str]] = {}
    for header in parts(part(message, "payload"), "headers"):
        found.setdefault(text(header, "name").lower(), []).append(text(header, "value"))
    return found


def labels(message: Mapping[str, Any]) -> frozenset[str]:
    """The label ids; none where the answer names none."""
    return frozenset(str(label) for label in message.get("labelIds") or ())


def text(resource: Mapping[str, Any], name: str) -> str:
    """A field's text, or an empty one."""
    value = resource.get(name)
    return "" if value is None else str(value)


def number(resource: Mapping[str, Any], name: str, otherwise: int = 0) -> int:
    """Gmail writes 64-bit numbers as strings; some fakes and proxies write numbers."""
    try:
        return int(resource.get(name, otherwise))
    except (TypeError, ValueError):
        return otherwise


def part(resource: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A resource inside, or an empty one."""
    value = resource.get(name)
    return value if isinstance(value, Mapping) else {}


def parts(resource: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The resources of a list; Gmail leaves empty lists out."""
    value = resource.get(name)
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
