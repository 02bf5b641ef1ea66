"""The addresses of a person as words: which one mail goes to, and which get none any more, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from addon.domain.contacts import queries as contacts
from addon.domain.suppressions import queries as suppressions
from addon.i18n import Words


@dataclass(frozen=True, kw_only=True)
class Mark:
    state: str
    icon: str
    words: str


@dataclass(frozen=True, kw_only=True)
class AddressView:
    id: int
    email: str
    first: bool
    """Mail goes here."""
    marks: Sequence[Mark]


def addresses_of(session: Session, contact_id: int, say: Words, *, now: datetime) -> list[AddressView]:
    """In their order."""
    held = contacts.addresses_of(session, contact_id)
    stopped = suppressions.reasons(session, {address.key for address in held})
    today, told = say.today(now), []
    for place, address in enumerate(held):
        marks = []
        if address.bounced_at is not None:
            day = say.day(address.bounced_at, today=today)
            marks.append(Mark(state="lost", icon="warning", words=say("people.address.bounced", day=day)))
        reason = stopped.get(address.key)
        if reason is not None and not (reason == "bounced" and marks):
            marks.append(Mark(state="quiet", icon="no", words=say(f"people.address.stopped.{reason}")))
        told.append(AddressView(id=address.id, email=address.email, first=place == 0, marks=marks))
    return told
