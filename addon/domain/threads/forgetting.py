"""Keeping little (law 10): what is stored of a mail only because a question is open goes when the question goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from addon.models import LinkQuestion, Message, MessageFacts, Sighting, Thread, ThreadLink

UNANSWERED = timedelta(days=30)


def keep_mails(session: Session, thread: Thread) -> None:
    """The thread belongs to a deal: what was kept for a question stays for good."""
    session.execute(
        update(MessageFacts)
        .where(MessageFacts.message_id.in_(_message_ids(session, thread)), MessageFacts.asked_only)
        .values(asked_only=False)
    )


def forget_mails(session: Session, thread: Thread) -> None:
    """Erase what was kept of a thread's mails only because of a question; their Gmail ids stay, to be passed over.

    A mail that a colleague's linked or asked-about thread holds too is theirs to keep, and so is one that answers a
    campaign.
    """
    needed = or_(
        select(ThreadLink.id).where(ThreadLink.thread_id == Sighting.thread_id).exists(),
        select(LinkQuestion.id)
        .where(LinkQuestion.thread_id == Sighting.thread_id, LinkQuestion.dismissed_at.is_(None))
        .exists(),
    )
    for message_id in _message_ids(session, thread):
        elsewhere = session.scalar(
            select(Sighting.id).where(Sighting.message_id == message_id, Sighting.thread_id != thread.id, needed)
        )
        kept_for_it = session.scalar(
            select(MessageFacts.id).where(MessageFacts.message_id == message_id, MessageFacts.asked_only)
        )
        if elsewhere is None and kept_for_it is not None:
            _erase(session, message_id)
    session.expire_all()


def forget_unanswered(session: Session, mailbox_id: int, *, at: datetime) -> int:
    """Close the questions of a mailbox that nobody answered in 30 days and erase what was kept for them: how many."""
    stale = session.scalars(
        select(LinkQuestion)
        .join(Thread, Thread.id == LinkQuestion.thread_id)
        .where(
            Thread.mailbox_id == mailbox_id,
            LinkQuestion.answered_at.is_(None),
            LinkQuestion.dismissed_at.is_(None),
            LinkQuestion.asked_at < at - UNANSWERED,
        )
    ).all()
    for question in stale:
        question.dismissed_at = at
        session.flush()
        forget_mails(session, session.get_one(Thread, question.thread_id))
    return len(stale)


def _erase(session: Session, message_id: int) -> None:
    session.execute(update(LinkQuestion).where(LinkQuestion.message_id == message_id).values(message_id=None))
    session.execute(update(Sighting).where(Sighting.message_id == message_id).values(message_id=None))
    session.execute(delete(MessageFacts).where(MessageFacts.message_id == message_id))
    session.execute(delete(Message).where(Message.id == message_id))


def _message_ids(session: Session, thread: Thread) -> Sequence[int]:
    found = session.scalars(
        select(Sighting.message_id).where(Sighting.thread_id == thread.id, Sighting.message_id.is_not(None)).distinct()
    )
    return [message_id for message_id in found if message_id is not None]
