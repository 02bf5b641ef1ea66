"""The last mails of a deal, as far as their mailboxes' owners share them (law 10)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon.domain.threads import queries as threads
from addon.domain.threads import sharing
from addon.models import Message, Sharing, Sighting, ThreadLink
from addon.sidebar.cards.views import TouchView
from addon.sidebar.pen import Pen

SHOWN = 5


def of_deal(session: Session, deal_id: int, pen: Pen, *, own: Collection[str]) -> tuple[list[TouchView], int]:
    """The newest few, newest first, and how many there are. `own` are the reader's addresses."""
    ids = (
        select(Sighting.message_id)
        .join(ThreadLink, ThreadLink.thread_id == Sighting.thread_id)
        .where(ThreadLink.deal_id == deal_id, ThreadLink.unlinked_at.is_(None), Sighting.message_id.is_not(None))
    )
    mails = select(Message).where(Message.id.in_(ids)).order_by(Message.received_at.desc(), Message.id.desc())
    newest = session.scalars(mails.limit(SHOWN)).all()
    count = len(newest)
    if count == SHOWN:
        count = session.scalar(select(func.count(Message.id)).where(Message.id.in_(ids))) or 0
    return [_touch(session, mail, pen, own) for mail in newest], count


def _touch(session: Session, mail: Message, pen: Pen, own: Collection[str]) -> TouchView:
    when = pen.say.moment(mail.received_at, now=pen.now)
    if not sharing.allows(threads.level_of_message(session, mail.id), Sharing.SUBJECT):
        return TouchView(pen.say("sidebar.touches.private"), when)
    who = mail.from_name or mail.from_email
    if mail.from_email.lower() in own:
        who = pen.say("sidebar.touches.you")
    return TouchView(mail.subject or pen.say("sidebar.touches.no_subject"), f"{who} · {when}")
