"""Finding threads, their links and the open questions about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from addon.domain.access import ViewerKind, viewer_of
from addon.domain.errors import NotFound
from addon.domain.threads import sharing
from addon.models import Deal, LinkedHow, LinkQuestion, Mailbox, Sharing, Sighting, Thread, ThreadLink


def get(session: Session, thread_id: int) -> Thread:
    """Raises NotFound."""
    thread = session.scalar(select(Thread).where(Thread.id == thread_id))
    if thread is None:
        raise NotFound(what="thread", given=thread_id)
    return thread


def by_gmail(session: Session, mailbox_id: int, gmail_thread_id: str) -> Thread | None:
    """The thread that Gmail knows by this id (hex) in this mailbox, where we know it too."""
    return session.scalar(
        select(Thread).where(Thread.mailbox_id == mailbox_id, Thread.gmail_thread_id == gmail_thread_id)
    )


def live_link(session: Session, thread_id: int) -> ThreadLink | None:
    """The deal's link of a thread; a thread has one at most."""
    return session.scalar(
        select(ThreadLink)
        .where(ThreadLink.thread_id == thread_id, ThreadLink.unlinked_at.is_(None))
        .options(joinedload(ThreadLink.deal))
    )


def links_ever(session: Session, thread_id: int) -> Sequence[ThreadLink]:
    """Live and past, oldest first."""
    return session.scalars(select(ThreadLink).where(ThreadLink.thread_id == thread_id).order_by(ThreadLink.id)).all()


def of_deal(session: Session, deal_id: int) -> Sequence[ThreadLink]:
    """The live links of a deal, newest first, each with its thread."""
    return session.scalars(
        select(ThreadLink)
        .where(ThreadLink.deal_id == deal_id, ThreadLink.unlinked_at.is_(None))
        .order_by(ThreadLink.id.desc())
        .options(joinedload(ThreadLink.thread))
    ).all()


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A thread that a person linked and of which no mail was read yet."""

    mailbox_id: int
    gmail_thread_id: str
    link_id: int
    linked_at: datetime


def unread(session: Session, mailbox_id: int, *, limit: int) -> list[Unread]:
    """Threads of a mailbox that were linked before anybody read what is in them, newest link first."""
    is_read = select(Sighting.id).where(Sighting.thread_id == Thread.id, Sighting.message_id.is_not(None)).exists()
    rows = session.execute(
        select(Thread.gmail_thread_id, ThreadLink.id, ThreadLink.linked_at)
        .join(ThreadLink, ThreadLink.thread_id == Thread.id)
        .where(
            Thread.mailbox_id == mailbox_id,
            ThreadLink.how == LinkedHow.EXPLICIT,
            ThreadLink.unlinked_at.is_(None),
            ~is_read,
        )
        .order_by(ThreadLink.id.desc())
        .limit(limit)
    )
    return [
        Unread(mailbox_id=mailbox_id, gmail_thread_id=gmail_thread_id, link_id=link_id, linked_at=linked_at)
        for gmail_thread_id, link_id, linked_at in rows
    ]


def open_question(session: Session, thread_id: int) -> LinkQuestion | None:
    """The question about a thread that nobody answered or dismissed yet."""
    return session.scalar(
        select(LinkQuestion).where(
            LinkQuestion.thread_id == thread_id,
            LinkQuestion.answered_at.is_(None),
            LinkQuestion.dismissed_at.is_(None),
        )
    )


def question(session: Session, thread_id: int) -> LinkQuestion | None:
    """The question about a thread, whatever became of it."""
    return session.scalar(select(LinkQuestion).where(LinkQuestion.thread_id == thread_id))


def fitting(session: Session, question: LinkQuestion) -> int:
    """How many of the deals that a question names are there and may be seen: a machine, which sees all, named them."""
    there = select(func.count(Deal.id)).where(Deal.id.in_(question.candidates), Deal.deleted_at.is_(None))
    return session.scalar(there) or 0


def open_questions(session: Session) -> Sequence[LinkQuestion]:
    """Newest first. A person is asked about the own mailboxes only: it may be private mail."""
    query = (
        select(LinkQuestion)
        .join(Thread, Thread.id == LinkQuestion.thread_id)
        .join(Mailbox, Mailbox.id == Thread.mailbox_id)
        .where(LinkQuestion.answered_at.is_(None), LinkQuestion.dismissed_at.is_(None))
        .order_by(LinkQuestion.id.desc())
    )
    viewer = viewer_of(session)
    if viewer.kind is not ViewerKind.OPERATOR:
        query = query.where(Mailbox.owner_id == viewer.user_id)
    return session.scalars(query).all()


def level_of_link(session: Session, link: ThreadLink) -> Sharing:
    """What the viewer may see of the mails of a link."""
    mailbox = session.get_one(Mailbox, session.get_one(Thread, link.thread_id).mailbox_id)
    return sharing.level(
        owner_id=mailbox.owner_id,
        viewer_id=viewer_of(session).user_id,
        mailbox=mailbox.sharing,
        link=link.sharing,
    )


def level_of_message(session: Session, message_id: int) -> Sharing:
    """What the viewer may see of a mail, wherever it was seen: also for a quote of it in a deal's diary.

    A link that was taken away says what its mails show for as long as no other replaces it; mail that never was linked
    shows colleagues no more than that it happened.
    """
    rows = session.execute(
        select(Mailbox.owner_id, Mailbox.sharing, ThreadLink.sharing, func.coalesce(ThreadLink.id, 0))
        .select_from(Sighting)
        .join(Mailbox, Mailbox.id == Sighting.mailbox_id)
        .outerjoin(ThreadLink, ThreadLink.thread_id == Sighting.thread_id)
        .where(Sighting.message_id == message_id)
        .order_by(Mailbox.id, ThreadLink.id.desc())
    ).all()
    viewer_id = viewer_of(session).user_id
    levels: dict[int, Sharing] = {}
    for owner_id, mailbox, link, link_id in rows:
        if link_id or owner_id == viewer_id:
            levels.setdefault(
                owner_id, sharing.level(owner_id=owner_id, viewer_id=viewer_id, mailbox=mailbox, link=link)
            )
    return sharing.widest(list(levels.values()))
