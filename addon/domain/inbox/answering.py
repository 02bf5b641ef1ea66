"""Which mail of ours an arrived mail reacts to: a reply, a bounce, an absence note.

Found by the reference in returned headers, by the thread, or by the Message-ID. Gmail gives a sent mail its Message-ID
and tells it only to those who read the mail again, so it is read when a reply could not be found otherwise.
"""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from addon.domain.contacts import addresses
from addon.domain.inbox import queries
from addon.domain.inbox.arrival import Arrived
from addon.domain.outgoing import queries as outgoing
from addon.domain.verdicts import Kind, Severity, What
from addon.models import Outgoing, OutgoingState

_MOST_READ_AGAIN = 3


def answered(session: Session, mailbox_id: int, mail: Arrived) -> Outgoing | None:
    """The mail of ours that this one reacts to."""
    if mail.kind is Kind.OWN:
        return None
    found = _by_reference(session, mailbox_id, mail) or outgoing.of_thread(session, mailbox_id, mail.thread_id)
    if found is None and mail.answered_ids:
        found = queries.sent_with_id(session, mailbox_id, mail.answered_ids)
    if found is None and asks_to_be_left_alone(mail):
        found = queries.newest_to(session, mailbox_id, mail.envelope.from_address)
    return found


def _by_reference(session: Session, mailbox_id: int, mail: Arrived) -> Outgoing | None:
    """The mail whose reference came back. A report may go to another mailbox than the one that sent: of an alias, or
    the one that a provider sends complaints to. There it must be a complaint, or name the address that was mailed.
    """
    ref = mail.judged.facts.original_ref
    found = outgoing.by_ref(session, ref) if ref else None
    if found is None or found.mailbox_id == mailbox_id or mail.kind is Kind.COMPLAINT:
        return found
    return found if names(session, mail, found) else None


def names(session: Session, mail: Arrived, row: Outgoing, *severities: Severity) -> bool:
    """Whether a report is about the address that a mail of ours went to; with one of these severities, if any."""
    return any(
        addresses.key_of(session, recipient.address) == row.address_key
        and (not severities or recipient.severity in severities)
        for recipient in mail.judged.facts.recipients
    )


def asks_to_be_left_alone(mail: Arrived) -> bool:
    """Whether somebody unsubscribed by mail, or a person said so in words."""
    if not mail.envelope.from_address:
        return False
    if mail.kind is Kind.UNSUBSCRIBE:
        return True
    return mail.kind is Kind.HUMAN and any(hit.what is What.REMOVE_ME for hit in mail.judged.facts.said)


def to_read_again(session: Session, mailbox_id: int, mail: Arrived) -> list[tuple[int, str]]:
    """(row, gmail id) of the newest mails of ours to these people whose Message-ID nobody read yet.

    Empty where the mail was found otherwise, or answers nothing.
    """
    if not mail.answered_ids or mail.kind is Kind.OWN or answered(session, mailbox_id, mail) is not None:
        return []
    people = [*mail.people, *(recipient.address for recipient in mail.judged.facts.recipients)]
    keys = {addresses.key_of(session, address) for address in people if "@" in address}
    rows = session.execute(
        select(Outgoing.id, Outgoing.gmail_message_id)
        .where(
            Outgoing.mailbox_id == mailbox_id,
            Outgoing.state == OutgoingState.SENT,
            Outgoing.address_key.in_(keys),
            Outgoing.rfc_message_id == "",
            Outgoing.gmail_message_id.is_not(None),
        )
        .order_by(Outgoing.id.desc())
        .limit(_MOST_READ_AGAIN)
    )
    return [(row_id, gmail_id) for row_id, gmail_id in rows if gmail_id]


def note_message_id(session: Session, outgoing_id: int, rfc_message_id: str) -> None:
    """Gmail's Message-ID of a mail of ours, read from the mail itself."""
    session.execute(
        update(Outgoing)
        .where(Outgoing.id == outgoing_id, Outgoing.rfc_message_id == "")
        .values(rfc_message_id=rfc_message_id[:998])
    )
