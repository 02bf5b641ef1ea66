"""What is known around a mail: who it is from, what it answers, whether it was seen before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.contacts import addresses
from addon.domain.contacts import queries as contacts
from addon.domain.deals import queries as deals
from addon.domain.inbox.arrival import chain
from addon.domain.inbox.wanting import Known
from addon.domain.outgoing import queries as outgoing
from addon.domain.threads import queries as threads
from addon.domain.verdicts import Envelope
from addon.models import Address, Deal, Mailbox, Message, Outgoing, OutgoingState, Sighting, Thread, ThreadLink, User

_MOST_IDS = 100
_MOST_PEOPLE = 50


def own_addresses(session: Session) -> frozenset[str]:
    """Addresses of everybody in the team, lower case: what they write is no answer from outside."""
    users = session.scalars(select(User.email))
    mailboxes = session.scalars(select(Mailbox.email))
    return frozenset(address.lower() for address in (*users, *mailboxes))


def seen(session: Session, mailbox_id: int, gmail_ids: Sequence[str]) -> set[str]:
    """Which of these mails were looked at before, or are sends of ours that the ledger knows: none is read again."""
    known = outgoing.settled_ids(session, mailbox_id, gmail_ids)
    for start in range(0, len(gmail_ids), 500):
        rows = session.scalars(
            select(Sighting.gmail_id).where(
                Sighting.mailbox_id == mailbox_id, Sighting.gmail_id.in_(gmail_ids[start : start + 500])
            )
        )
        known.update(rows)
    return known


def kept(session: Session, mailbox_id: int, gmail_ids: Sequence[str]) -> set[str]:
    """Which of these mails (500 at most) were read whole, or are sends of ours; the others left no more than an id."""
    rows = session.scalars(
        select(Sighting.gmail_id).where(
            Sighting.mailbox_id == mailbox_id, Sighting.gmail_id.in_(gmail_ids), Sighting.message_id.is_not(None)
        )
    )
    return {*outgoing.settled_ids(session, mailbox_id, gmail_ids), *rows}


def known_thread(session: Session, mailbox_id: int, gmail_thread_id: str) -> bool:
    """Whether a thread is linked, asked about, or holds a mail of a campaign."""
    if outgoing.of_thread(session, mailbox_id, gmail_thread_id) is not None:
        return True
    thread = threads.by_gmail(session, mailbox_id, gmail_thread_id)
    return thread is not None and (
        threads.live_link(session, thread.id) is not None or threads.open_question(session, thread.id) is not None
    )


def known_around(
    session: Session,
    mailbox_id: int,
    gmail_thread_id: str,
    told: Envelope,
    *,
    thread_known: bool,
    sent: bool,
    own: Collection[str],
) -> Known:
    """What is known around a mail, by its header; `thread_known` is what `known_thread` said."""
    people = [*told.to, *told.cc] if sent else [told.from_address]
    return Known(
        thread=thread_known,
        chain=_known_chain(session, mailbox_id, [*chain(told), *([told.message_id] if told.message_id else [])]),
        person=any(_concerns_us(session, mailbox_id, address) for address in _outside(people, own)),
        dismissed=is_settled(session, threads.by_gmail(session, mailbox_id, gmail_thread_id)),
    )


def is_settled(session: Session, thread: Thread | None) -> bool:
    """Whether the question about a thread was answered or dismissed: where it is not linked, it shall not be."""
    asked = threads.question(session, thread.id) if thread is not None else None
    return asked is not None and (asked.dismissed_at is not None or asked.answered_at is not None)


def messages_with_ids(session: Session, ids: Collection[str]) -> Sequence[Message]:
    """Stored mails of these Message-IDs; one id may stand on two different mails."""
    wanted = list(ids)[-_MOST_IDS:]
    return session.scalars(select(Message).where(Message.rfc_message_id.in_(wanted))).all() if wanted else []


def deals_of_messages(session: Session, message_ids: Collection[int]) -> list[int]:
    """Deals to which threads that hold these mails are linked now, whoever's mailbox it is."""
    if not message_ids:
        return []
    rows = session.scalars(
        select(ThreadLink.deal_id)
        .join(Sighting, Sighting.thread_id == ThreadLink.thread_id)
        .join(Deal, Deal.id == ThreadLink.deal_id)
        .where(Sighting.message_id.in_(message_ids), ThreadLink.unlinked_at.is_(None), Deal.deleted_at.is_(None))
        .distinct()
    )
    return sorted(rows)


def open_deals_of(session: Session, people: Iterable[str], *, own: Collection[str]) -> list[int]:
    """Open deals in which somebody with one of these addresses has a part."""
    found: set[int] = set()
    for address in _outside(people, own):
        person = contacts.by_email(session, address)
        if person is not None:
            found.update(deal.id for deal in deals.of_contact(session, person.id, only_open=True))
    return sorted(found)


def newest_to(session: Session, mailbox_id: int, email: str) -> Outgoing | None:
    """The newest mail that we sent from a mailbox to the person behind an address."""
    key = addresses.key_of(session, email)
    if session.scalar(select(Address.id).where(Address.key == key).limit(1)) is None:
        return None
    return session.scalar(
        select(Outgoing)
        .where(Outgoing.mailbox_id == mailbox_id, Outgoing.state == OutgoingState.SENT, Outgoing.address_key == key)
        .order_by(Outgoing.id.desc())
        .limit(1)
    )


def _outside(people: Iterable[str], own: Collection[str]) -> list[str]:
    return [address for address in dict.fromkeys(people) if "@" in address and address not in own][:_MOST_PEOPLE]


def _known_chain(session: Session, mailbox_id: int, ids: Sequence[str]) -> bool:
    if not ids:
        return False
    stored = session.scalar(select(Message.id).where(Message.rfc_message_id.in_(ids[-_MOST_IDS:])).limit(1))
    return stored is not None or sent_with_id(session, mailbox_id, ids) is not None


def sent_with_id(session: Session, mailbox_id: int, ids: Sequence[str]) -> Outgoing | None:
    """The newest mail of ours in this mailbox that Gmail gave one of these Message-IDs."""
    return session.scalar(
        select(Outgoing)
        .where(
            Outgoing.mailbox_id == mailbox_id,
            Outgoing.state == OutgoingState.SENT,
            Outgoing.rfc_message_id.in_(ids[-_MOST_IDS:]),
        )
        .order_by(Outgoing.id.desc())
        .limit(1)
    )


def _concerns_us(session: Session, mailbox_id: int, email: str) -> bool:
    if not contacts.addresses_with_key(session, addresses.key_of(session, email)):
        return False
    return bool(open_deals_of(session, [email], own=())) or newest_to(session, mailbox_id, email) is not None
