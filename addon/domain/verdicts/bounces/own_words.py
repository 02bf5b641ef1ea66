"""What a mail system wrote itself, without the mail that it sends back beneath; and what of it is about one address."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ORIGINAL_BEGINS = re.compile(
    r"^[-= *>]{0,12}(?:original message|this is a copy of (?:the|your) message|"
    r"a copy of the (?:original )?(?:message|mail)|returned message|"
    r"message (?:header|text|body)s? follow|below this line is|your original message|the (?:header|"
    r"text) of (?:the|your) (?:original )?message|"
    r"unsent message|copy of your message|forwarded message|undelivered message|received: ?from|return-path:|"
    r"original mail|"
    r"----- ?message header|original headers|headers (?:of|follow)|message-id:|begin returned|start of message).*$",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST = 20_000
_BEFORE, _AFTER = 200, 700


def own_words(text: str) -> str:
    """The text above the mail that is sent back."""
    text = text[:_LONGEST]
    begins = _ORIGINAL_BEGINS.search(text, 40) if len(text) > 40 else None
    return text[: begins.start()] if begins else text


def about(text: str, address: str, others: Iterable[str] = ()) -> tuple[str, ...]:
    """What own words say about an address: what follows it up to another address, what stands before it, and all."""
    plain = text.lower()
    place = plain.find(address) if address else -1
    if place < 0:
        return (text[:1_500],)
    end = place + _AFTER
    for other in others:
        at = plain.find(other, place + len(address), end) if other != address else -1
        end = at if at >= 0 else end
    return (text[place:end], text[max(0, place - _BEFORE) : place], text[:1_500])
