"""Linked threads as a colleague may see them: that it happened, the subject, or more (the owner's choice)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from addon.domain.threads import queries as threads
from addon.domain.threads import sharing, whole_mails
from addon.i18n import Words
from addon.models import Deal, Mailbox, Message, Sharing, Sighting, ThreadLink
from addon.web.deals.verdict_view import VerdictView, verdicts

_SHOWN = 10
"""Mails of one thread that stand open, the newest."""


@dataclass(frozen=True, kw_only=True)
class MailLine:
    id: int
    who: str
    when: str
    verdict: VerdictView | None
    whole: bool
    """The reader may have it shown."""


@dataclass(frozen=True, kw_only=True)
class ThreadView:
    id: int
    subject: str
    """Empty where the owner shares only that it happened."""
    hidden: str
    """What is said instead."""
    who: str
    when: str
    details: str
    mails: Sequence[MailLine]
    """Newest first: what was made of each, and those that the reader may read whole."""
    older: Sequence[MailLine]
    """The rest, folded."""


def linked_threads(session: Session, deal: Deal, say: Words, *, reader_id: int, now: datetime) -> list[ThreadView]:
    """The live links of a deal, newest first."""
    whole, links = whole_mails.readable(session, deal.id), threads.of_deal(session, deal.id)
    return [_thread(session, link, say, reader_id, now, whole) for link in links]


def _thread(
    session: Session, link: ThreadLink, say: Words, reader_id: int, now: datetime, whole: Collection[int]
) -> ThreadView:
    mails = _mails(session, link.thread_id)
    mailbox = session.get_one(Mailbox, link.thread.mailbox_id)
    level = threads.level_of_link(session, link)
    shows = sharing.allows(level, Sharing.SUBJECT)
    subject = mails[0].subject if mails else ""
    last = mails[-1].received_at if mails else link.linked_at
    names = _names(mails, mailbox, say, reader_id)
    how = say(f"web.deal.linked.{link.how}")
    judged = verdicts(mails, level, say, owner=mailbox.owner.name, now=now)
    lines = [
        MailLine(
            id=mail.id,
            who=mail.from_name or mail.from_email,
            when=say.moment(mail.received_at, now=now),
            verdict=judged.get(mail.id),
            whole=mail.id in whole,
        )
        for mail in reversed(mails)
        if mail.id in whole or mail.id in judged
    ]
    return ThreadView(
        id=link.thread_id,
        subject=(subject or say("web.deal.no_subject")) if shows else "",
        hidden="" if shows else say("web.deal.hidden_mail", owner=mailbox.owner.name),
        who=names,
        when=say.day(last, today=say.today(now)),
        details=" · ".join([names, say("web.deal.mails", n=len(mails)), how] if names else [how])
        if shows
        else say("web.deal.hidden_why", owner=mailbox.owner.name),
        mails=lines[:_SHOWN],
        older=lines[_SHOWN:],
    )


def _mails(session: Session, thread_id: int) -> Sequence[Message]:
    return session.scalars(
        select(Message)
        .join(Sighting, Sighting.message_id == Message.id)
        .where(Sighting.thread_id == thread_id)
        .order_by(Message.received_at, Message.id)
        .options(selectinload(Message.facts))
    ).all()


def _names(mails: Sequence[Message], mailbox: Mailbox, say: Words, reader_id: int) -> str:
    """Who wrote, each once, in the order they joined in."""
    found: dict[str, str] = {}
    for mail in mails:
        own = mail.from_email.lower() == mailbox.email
        mine = say("web.acts.who.you_object") if own and mailbox.owner_id == reader_id else mailbox.owner.name
        found.setdefault(mail.from_email.lower(), mine if own else (mail.from_name or mail.from_email))
    return ", ".join(found.values())
