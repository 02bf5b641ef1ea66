"""A mail that arrived, judged before any transaction is open, and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from addon.domain.ports.mailbox import MailHead, RawMail
from addon.domain.verdicts import Envelope, Judged, Kind, envelope, identity, judge, telling_sentence

T = TypeVar("T")

CONVERSATION = frozenset(
    {
        Kind.OWN,
        Kind.HUMAN,
        Kind.CALENDAR_ACCEPTED,
        Kind.CALENDAR_DECLINED,
        Kind.CALENDAR_TENTATIVE,
        Kind.CALENDAR_OTHER,
    }
)
"""Kinds in which people talk to each other."""


@dataclass(frozen=True)
class Arrived:
    """A mail of one mailbox with its verdict. Its text lives no longer than this object."""

    gmail_id: str
    thread_id: str
    labels: frozenset[str]
    received_ms: int
    judged: Judged
    telling: tuple[str, int] | None
    """Of a person's mail: the sentence that best shows what it says, and where it begins in the reply text."""

    @property
    def envelope(self) -> Envelope:
        return self.judged.envelope

    @property
    def kind(self) -> Kind:
        return self.judged.facts.kind

    @property
    def is_conversation(self) -> bool:
        return self.kind in CONVERSATION

    @property
    def people(self) -> list[str]:
        """Addresses outside that it came from or, when it is our own, went to."""
        if self.kind is Kind.OWN:
            return list(dict.fromkeys((*self.envelope.to, *self.envelope.cc)))
        return [self.envelope.from_address] if self.envelope.from_address else []

    @property
    def identity(self) -> str:
        """The same for every sighting of one mail (law 9). Without a Message-ID its words must be equal too, and
        without a date it is like no other.
        """
        told = identity(self.envelope)
        if self.envelope.message_id:
            return told
        apart = self.judged.facts.reply_digest if self.envelope.date else self.gmail_id
        return hashlib.sha256(f"{told} {apart}".encode()).hexdigest()

    @property
    def answered_ids(self) -> list[str]:
        """Message-IDs that it answers or speaks of, oldest first, each once."""
        found = (*chain(self.envelope), *self.judged.facts.original_ids)
        return list(dict.fromkeys(found))

    def received_at(self, otherwise: datetime) -> datetime:
        """When Gmail got it."""
        return datetime.fromtimestamp(self.received_ms / 1000, UTC) if self.received_ms else otherwise


def arrived(mail: RawMail, *, own: Collection[str]) -> Arrived:
    """Judge a mail. `own`: addresses of the mailbox and of colleagues. Takes its time; never within a transaction."""
    judged = storable(judge(mail.raw, own=own, labels=mail.labels))
    sentence = telling_sentence(judged) if judged.facts.kind is Kind.HUMAN else ("", 0)
    return Arrived(
        gmail_id=mail.gmail_id,
        thread_id=mail.thread_id,
        labels=mail.labels,
        received_ms=mail.received_ms,
        judged=judged,
        telling=sentence if sentence[0] else None,
    )


def chain(told: Envelope) -> list[str]:
    """References with In-Reply-To last, each once."""
    found = [*told.references, *([told.in_reply_to] if told.in_reply_to else [])]
    return list(dict.fromkeys(reversed(found)))[::-1]


def envelope_of_head(head: MailHead) -> Envelope:
    return storable(envelope([(name, value) for name, values in head.headers.items() for value in values]))


def storable(value: T) -> T:
    """The same without what no database takes as text: NUL, and halves of characters."""
    return cast(T, _storable(value))


def _storable(value: Any) -> Any:
    if type(value) is str:
        return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, tuple):
        return tuple(_storable(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _storable(getattr(value, field.name)) for field in fields(value)})
    return value


@dataclass(frozen=True, kw_only=True)
class Received:
    """What became of an arrived mail; all empty for one of which only its Gmail id was kept."""

    message_id: int | None = None
    deal_id: int | None = None
    proof: bool = False
    """It is a mail of ours that went, noted in the ledger."""
    linked: bool = False
    asked: bool = False
    moved: bool = False
    again: bool = False
    """It was received before; nothing changed."""
