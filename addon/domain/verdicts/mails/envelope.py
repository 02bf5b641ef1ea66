"""Who wrote to whom, when, about what, answering what; and which mails are the same mail (law 9)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime

from addon.domain.verdicts.mails.headers import LONGEST_HEAD, Headers, beginning, decode_words, parse_headers

REF_HEADER = "X-Dealthread-Ref"
_IDS = re.compile(r"<[^<>\s]{1,900}>")
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:@]{1,200}@[^\s<>()\"',;:@\\]{1,250}")
_PREFIX = re.compile(
    r"\s*(?:re|fwd?|fw|aw|wg|antw|odp|pd|r|i|rif|rv|res|enc|tr|ref|sv|vs|vl|bls|trs)"
    r"(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s*[:：]\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What the header says. Addresses are in lower case, ids in angle brackets; what is missing is "" or empty.

    `normalised_subject` is without Re:, Fwd:, AW:, Odp: and their like, blanks collapsed, case folded.
    `date` knows its zone (UTC where the mail named none), or is None. `ref` is the X-Dealthread-Ref.
    """

    message_id: str = ""
    references: tuple[str, ...] = ()
    in_reply_to: str = ""
    from_address: str = ""
    from_name: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    subject: str = ""
    normalised_subject: str = ""
    date: datetime | None = None
    ref: str = ""


def envelope(source: bytes | Mapping[str, str] | Iterable[tuple[str, str]]) -> Envelope:
    """The envelope of a raw mail, or of its headers (a mapping, or pairs in their order). Never raises."""
    if isinstance(source, bytes):
        raw, start = beginning(source)
        return of_headers(parse_headers(raw[start : start + LONGEST_HEAD])[0])
    return of_headers(Headers(source.items() if isinstance(source, Mapping) else source))


def of_headers(headers: Headers) -> Envelope:
    """The envelope that parsed fields tell."""
    senders = _people(headers, "from") or _people(headers, "sender")
    name, address = senders[0] if senders else ("", "")
    subject = " ".join(headers.get("subject").split())[:1000]
    return Envelope(
        message_id=_message_id(headers.get("message-id")),
        references=tuple(_IDS.findall(headers.get("references")))[-200:],
        in_reply_to=next(iter(_IDS.findall(headers.get("in-reply-to"))), ""),
        from_address=address,
        from_name=name,
        to=tuple(address for _, address in _people(headers, "to")),
        cc=tuple(address for _, address in _people(headers, "cc")),
        subject=subject,
        normalised_subject=normalised(subject),
        date=_date(headers.get("date")),
        ref=headers.get(REF_HEADER)[:200],
    )


def normalised(subject: str) -> str:
    """A subject as threads know it.

    >>> normalised("Re: AW: Odp: Fwd: RE[2]:  Your  Offer")
    'your offer'
    """
    return bare(subject).casefold()


def bare(subject: str) -> str:
    """What a conversation is about, without what mail programs put before it.

    >>> bare("AW: Re: Your  Offer")
    'Your Offer'
    """
    while prefix := _PREFIX.match(subject):
        subject = subject[prefix.end() :]
    return " ".join(subject.split())


def identity(envelope: Envelope) -> str:
    """The same for every sighting of one mail: SHA-256, hex, of Message-ID, From, Date and normalised subject."""
    date = envelope.date.astimezone(UTC).isoformat() if envelope.date else ""
    told = [envelope.message_id, envelope.from_address, date, envelope.normalised_subject]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def addresses_in(text: str) -> list[str]:
    """Whatever looks like an address in a text, lower case, each once, in order."""
    found = (address.rstrip(".>-").lower() for address in _ADDRESS.findall(text))
    return list(dict.fromkeys(address for address in found if "." in address.partition("@")[2]))


def _message_id(value: str) -> str:
    found = _IDS.search(value)
    return found[0] if found else (f"<{value.strip()[:500]}>" if value.strip() else "")


def _people(headers: Headers, name: str) -> list[tuple[str, str]]:
    """(name, address) pairs; those without an @ are no one."""
    values = [value[:20_000] for value in headers.all(name)][:20]
    try:
        pairs = getaddresses(values)
    except Exception:  # comments nested a thousand deep, for one
        pairs = []
    people = [(_name(said), address.strip().strip("<>").lower()) for said, address in pairs if "@" in address]
    if people or not values:
        return people
    return [("", address) for address in addresses_in(" ".join(map(decode_words, values)))]


def _name(text: str) -> str:
    return " ".join(decode_words(text).split()).strip("\"' ")[:200]


def _date(value: str) -> datetime | None:
    try:
        said = parsedate_to_datetime(value[:200])
        aware = said if said.tzinfo else said.replace(tzinfo=UTC)
        aware.astimezone(UTC)
    except Exception:  # months named Foo, zones of a hundred hours, the year 0
        return None
    return aware
