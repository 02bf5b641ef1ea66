"""Whether a mail comes from the customer's side: an answer is judged by who wrote it, not by its thread alone."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.contacts import addresses
from addon.domain.contacts.free_mail import is_free_mail
from addon.domain.deals import queries as deals
from addon.models import Address, Deal, LinkedHow, Mailbox, Message, Outgoing, Sighting, ThreadLink, User


def is_from_their_side(session: Session, message: Message, deal: Deal) -> bool:
    """Whether its writer has a part in the deal, was mailed by us, or works where such a person does.

    Where a person linked the thread, whoever outside writes in it counts: that was said by linking it. A colleague
    never does, whether or not they have a seat.
    """
    if not message.from_email or addresses.domain_of(message.from_email) in own_domains(session):
        return False
    known = _known(session, message, deal)
    if addresses.key_of(session, message.from_email) in {address.key for address in known}:
        return True
    firms = _firms(address.email for address in known)
    return addresses.domain_of(message.from_email) in firms or _linked_by_hand(session, message, deal)


def own_domains(session: Session) -> frozenset[str]:
    """The domains at which the team itself has its addresses, lower case; free mail is nobody's own."""
    emails = (*session.scalars(select(User.email)), *session.scalars(select(Mailbox.email)))
    return _firms(emails)


def _firms(emails: Iterable[str]) -> frozenset[str]:
    return frozenset(domain for email in emails if not is_free_mail(domain := addresses.domain_of(email)))


def _known(session: Session, message: Message, deal: Deal) -> list[Address]:
    people = [person.id for person in deals.people(session, deal)]
    found = list(session.scalars(select(Address).where(Address.contact_id.in_(people))))
    if message.answers_id is not None:
        mailed = select(Address).join(Outgoing, Outgoing.address_id == Address.id)
        found += session.scalars(mailed.where(Outgoing.id == message.answers_id))
    return found


def _linked_by_hand(session: Session, message: Message, deal: Deal) -> bool:
    link = session.scalar(
        select(ThreadLink.id)
        .join(Sighting, Sighting.thread_id == ThreadLink.thread_id)
        .where(
            Sighting.message_id == message.id,
            ThreadLink.deal_id == deal.id,
            ThreadLink.how == LinkedHow.EXPLICIT,
            ThreadLink.unlinked_at.is_(None),
        )
        .limit(1)
    )
    return link is not None
