"""Keeping a mail: one Message however many mailboxes hold it (law 9), its facts, and where it was seen (law 10)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from addon.domain.inbox.arrival import Arrived, chain
from addon.domain.verdicts import to_json
from addon.models import Message, MessageFacts, Outgoing, Sighting, Thread


def sighting(session: Session, mailbox_id: int, gmail_id: str) -> Sighting | None:
    return session.scalar(select(Sighting).where(Sighting.mailbox_id == mailbox_id, Sighting.gmail_id == gmail_id))


def note_sighting(
    session: Session,
    mailbox_id: int,
    gmail_id: str,
    *,
    at: datetime,
    message: Message | None = None,
    thread: Thread | None = None,
) -> Sighting:
    """Remember that a mail was looked at; without a message, its id is all that stays."""
    row = sighting(session, mailbox_id, gmail_id)
    if row is None:
        row = Sighting(mailbox_id=mailbox_id, gmail_id=gmail_id, seen_at=at)
        session.add(row)
    if message is not None:
        row.message_id = message.id
    if thread is not None:
        row.thread_id = thread.id
    session.flush()
    return row


def stored(session: Session, mail: Arrived) -> Message | None:
    """The same mail, where another mailbox brought it before."""
    return session.scalar(select(Message).where(Message.identity == mail.identity))


def store(
    session: Session, mail: Arrived, *, answers: Outgoing | None, asked_only: bool, at: datetime
) -> tuple[Message, bool]:
    """The message of a mail, and whether it is new."""
    message = stored(session, mail)
    if message is None:
        try:
            with session.begin_nested():
                message = _new(session, mail, answers, asked_only=asked_only, at=at)
            return message, True
        except IntegrityError:  # a colleague's mailbox brought it in this very moment
            message = stored(session, mail)
            if message is None:
                raise
    if message.answers_id is None and answers is not None:
        message.answers_id = answers.id
    if not asked_only:
        facts = session.scalar(select(MessageFacts).where(MessageFacts.message_id == message.id))
        if facts is not None and facts.asked_only:
            facts.asked_only = False
    session.flush()
    return message, False


def _new(session: Session, mail: Arrived, answers: Outgoing | None, *, asked_only: bool, at: datetime) -> Message:
    told, facts = mail.envelope, mail.judged.facts
    message = Message(
        identity=mail.identity,
        rfc_message_id=told.message_id[:998],
        references=chain(told)[-100:],
        from_email=told.from_address[:320],
        from_name=told.from_name[:300],
        subject=told.subject[:998],
        sent_at=told.date,
        received_at=mail.received_at(at),
        answers_id=answers.id if answers else None,
    )
    session.add(message)
    session.flush()
    session.add(
        MessageFacts(
            message_id=message.id,
            classifier=facts.classifier,
            kind=facts.kind,
            language=facts.language,
            facts=to_json(facts),
            reply_digest=facts.reply_digest,
            asked_only=asked_only,
            read_at=at,
        )
    )
    session.flush()
    return message
