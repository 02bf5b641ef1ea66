"""The last mails of a deal, as far as their mailboxes' owners share them (law 10), and what campaigns sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon.domain.threads import queries as threads
from addon.domain.threads import sharing
from addon.models import (
    Campaign,
    Contact,
    Message,
    Outgoing,
    OutgoingState,
    Recipient,
    Sharing,
    Sighting,
    ThreadLink,
)
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
    touched = [(mail.received_at, _touch(session, mail, pen, own)) for mail in newest]
    campaigns, sent = _campaign_mails(session, deal_id, pen)
    touched = sorted([*touched, *campaigns], key=lambda touch: touch[0], reverse=True)
    return [touch for _, touch in touched[:SHOWN]], count + sent


def _campaign_mails(session: Session, deal_id: int, pen: Pen) -> tuple[list[tuple[datetime, TouchView]], int]:
    """What campaigns sent to the deal's people, newest first, and how many; none of it stands among the messages."""
    sent = (
        select(Outgoing.sent_at, Campaign.name, Contact.name)
        .join(Recipient, Recipient.id == Outgoing.recipient_id)
        .join(Campaign, Campaign.id == Recipient.campaign_id)
        .outerjoin(Contact, (Contact.id == Recipient.contact_id) & Contact.deleted_at.is_(None))
        .where(Recipient.deal_id == deal_id, Outgoing.state == OutgoingState.SENT, Outgoing.sent_at.is_not(None))
    )
    rows = session.execute(sent.order_by(Outgoing.sent_at.desc(), Outgoing.id.desc()).limit(SHOWN)).all()
    count = len(rows)
    if count == SHOWN:
        count = session.scalar(select(func.count()).select_from(sent.subquery())) or 0
    somebody = pen.say("sidebar.touches.somebody")
    return [
        (at, TouchView(_campaign_words(pen, campaign, who or somebody), pen.say.moment(at, now=pen.now)))
        for at, campaign, who in rows
        if at is not None
    ], count


def _campaign_words(pen: Pen, campaign: str, who: str) -> str:
    return pen.say("sidebar.touches.campaign", campaign=campaign, who=who)


def _touch(session: Session, mail: Message, pen: Pen, own: Collection[str]) -> TouchView:
    when = pen.say.moment(mail.received_at, now=pen.now)
    if not sharing.allows(threads.level_of_message(session, mail.id), Sharing.SUBJECT):
        return TouchView(pen.say("sidebar.touches.private"), when)
    who = mail.from_name or mail.from_email
    if mail.from_email.lower() in own:
        who = pen.say("sidebar.touches.you")
    return TouchView(mail.subject or pen.say("sidebar.touches.no_subject"), f"{who} · {when}")
