"""Mail on a person's page: threads of their deals that they wrote in, as the reader may see them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon.i18n import Words
from addon.models import Contact, Deal, Message, Sighting, ThreadLink
from addon.web.deals.thread_view import ThreadView, linked_threads

MOST = 20
"""Threads that a page shows, the newest links first."""


@dataclass(frozen=True)
class PersonThread:
    deal_id: int
    deal: str
    thread: ThreadView


def threads_of(
    session: Session, person: Contact, found: Sequence[Deal], say: Words, *, reader_id: int, now: datetime
) -> list[PersonThread]:
    """Of the deals that are about the person all threads; of the others those that hold a mail of theirs."""
    wrote = _wrote_in(session, [address.email for address in person.addresses])
    linked = _linked(session, [deal.id for deal in found])
    told = []
    for deal in (each for each in found if each.id in linked):
        for thread in linked_threads(session, deal, say, reader_id=reader_id, now=now):
            if deal.contact_id == person.id or thread.id in wrote:
                told.append(PersonThread(deal.id, deal.title, thread))
            if len(told) == MOST:
                return told
    return told


def _linked(session: Session, deal_ids: Sequence[int]) -> set[int]:
    """Those of these deals that have mail at all: most have none, and each costs statements of its own."""
    linked: set[int] = set()
    for start in range(0, len(deal_ids), 500):
        some = ThreadLink.deal_id.in_(deal_ids[start : start + 500])
        linked.update(session.scalars(select(ThreadLink.deal_id).where(some, ThreadLink.unlinked_at.is_(None))))
    return linked


def _wrote_in(session: Session, emails: Collection[str]) -> set[int]:
    """Linked threads with a mail from one of these addresses."""
    if not emails:
        return set()
    query = (
        select(Sighting.thread_id)
        .join(Message, Message.id == Sighting.message_id)
        .join(ThreadLink, ThreadLink.thread_id == Sighting.thread_id)
        .where(ThreadLink.unlinked_at.is_(None))
        .where(func.lower(Message.from_email).in_(sorted(email.lower() for email in emails)))
        .distinct()
    )
    return {thread_id for thread_id in session.scalars(query) if thread_id is not None}
