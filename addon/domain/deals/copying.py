"""Who else of a deal belongs on a mail, and who of them may not be written to. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from addon.domain.contacts.addresses import canonical
from addon.domain.deals import queries
from addon.domain.suppressions import queries as suppressions
from addon.models import Contact, Deal, SuppressionReason


class LeftOut(StrEnum):
    """Why somebody gets no copy."""

    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    UNWANTED = "unwanted"
    """They complained, or somebody of the team decided it."""
    NO_ADDRESS = "no_address"


@dataclass(frozen=True)
class Copy:
    """Somebody who gets a copy."""

    name: str
    email: str


@dataclass(frozen=True)
class Copies:
    added: Sequence[Copy]
    left_out: Sequence[tuple[str, LeftOut]]
    """Names, with why."""


def copies(session: Session, deal: Deal, present: Collection[str]) -> Copies:
    """The deal's people who are not on the mail yet; `present` are the addresses that are, in any spelling.

    A person is on the mail with any of their addresses. An address that bounced gives way to another one; who wants no
    mail gets none, whatever other addresses they have.
    """
    there = {canonical(email) for email in present}
    people = [
        person
        for person in queries.people(session, deal)
        if person.deleted_at is None and not there & {canonical(address.email) for address in person.addresses}
    ]
    keys = {address.key for person in people for address in person.addresses}
    stopped = suppressions.reasons(session, keys)
    judged = [(person, _usable(person, stopped)) for person in people]
    return Copies(
        added=[Copy(person.name, found) for person, found in judged if not isinstance(found, LeftOut)],
        left_out=[(person.name, found) for person, found in judged if isinstance(found, LeftOut)],
    )


def _usable(person: Contact, stopped: Mapping[str, SuppressionReason]) -> str | LeftOut:
    reasons = {stopped[address.key] for address in person.addresses if address.key in stopped}
    if SuppressionReason.UNSUBSCRIBED in reasons:
        return LeftOut.UNSUBSCRIBED
    if reasons - {SuppressionReason.BOUNCED}:
        return LeftOut.UNWANTED
    reached = (a.email for a in person.addresses if a.key not in stopped and a.bounced_at is None)
    return next(reached, LeftOut.BOUNCED if person.addresses else LeftOut.NO_ADDRESS)
