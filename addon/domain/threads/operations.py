"""Linking threads to deals and taking links away, asking where several deals fit, choosing what colleagues see.

An act that moves a thread from one deal to another is one entry, `thread.linked` in the diary of the new deal; its echo
in the diary of the old one, `thread.unlinked`, names it (`after.by`) and is taken back with it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from addon.domain.access import WHOLE_TEAM, ViewerKind, viewer_of
from addon.domain.activity import operations as activity
from addon.domain.deals import queries as deals
from addon.domain.errors import DomainError, NotAllowed, NotFound
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.threads import forgetting, queries
from addon.models import Activity, Deal, LinkedHow, LinkQuestion, Mailbox, Sharing, Thread, ThreadLink


class NotLinked(DomainError):
    """The thread belongs to no deal."""

    code = "threads.not_linked"


def ensure_thread(session: Session, mailbox_id: int, gmail_thread_id: str, *, at: datetime) -> Thread:
    """The row of a Gmail thread, added where there is none. `gmail_thread_id` is Gmail's own (hex). Raises NotFound."""
    if session.scalar(select(Mailbox.id).where(Mailbox.id == mailbox_id)) is None:
        raise NotFound(what="mailbox", given=mailbox_id)
    thread = queries.by_gmail(session, mailbox_id, gmail_thread_id)
    if thread is not None:
        return thread
    # Two entrances may meet the same thread at once; the second takes the row of the first.
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {
        "team_id": viewer_of(session).team_id,
        "mailbox_id": mailbox_id,
        "gmail_thread_id": gmail_thread_id,
        "created_at": at,
    }
    session.execute(insert(Thread).on_conflict_do_nothing(), row)
    thread = queries.by_gmail(session, mailbox_id, gmail_thread_id)
    if thread is None:
        raise NotFound(what="thread", given=gmail_thread_id)
    return thread


def link(
    session: Session,
    thread: Thread,
    deal_id: int,
    *,
    how: LinkedHow,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
    sharing: str | None = None,
) -> Activity | None:
    """Say to which deal a thread belongs. None where it is linked to that deal already: nothing changes.

    A link to another deal ends first, in the same act. An open question about the thread is answered by this, and the
    answer is remembered. Where a person says it, the mailbox is wanted: what is in the thread is read soon.
    Raises NotFound (also for a deleted deal), NotAllowed.
    """
    deal = deals.get(session, deal_id)
    _hold(session, thread)
    _check_may_link(session, thread)
    old = queries.live_link(session, thread.id)
    if old is None:
        _check_free(session, thread)
    _hold_deals(session, {deal.id, old.deal_id if old else deal.id})
    if old is not None and old.deal_id == deal.id:
        return None
    if old is not None:
        old.unlinked_at = at
        session.flush()
    new = ThreadLink(thread_id=thread.id, deal_id=deal.id, how=how, sharing=sharing, linked_at=at)
    session.add(new)
    session.flush()
    _answer(session, thread, at=at)
    if how is LinkedHow.EXPLICIT:
        mailboxes.want(session, thread.mailbox_id)
    entry = activity.record(
        session,
        "thread.linked",
        ("deal", deal.id),
        at=at,
        before={"thread_id": thread.id, **_as_it_was(old)},
        after={"thread_id": thread.id, "link_id": new.id, "deal_id": deal.id, "how": how},
        cause=cause,
        undoes=undoes,
    )
    if old is not None:
        _note_unlinked(session, old, at=at, cause=entry, by=entry.id)
    return entry


def unlink(
    session: Session,
    thread: Thread,
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity:
    """Take a thread away from its deal; only a person links it to that deal again. Raises NotLinked, NotAllowed."""
    _hold(session, thread)
    _check_may_link(session, thread)
    old = queries.live_link(session, thread.id)
    if old is None:
        raise NotLinked(thread_id=thread.id)
    _hold_deals(session, {old.deal_id})
    old.unlinked_at = at
    session.flush()
    return _note_unlinked(session, old, at=at, cause=cause, undoes=undoes)


def ask(
    session: Session, thread: Thread, message_id: int | None, candidates: Sequence[int], *, at: datetime
) -> LinkQuestion | None:
    """Ask the mailbox's owner which of these deals fits. None where a person answered or dismissed this before.

    An open question takes the newer candidates.
    """
    asked = queries.question(session, thread.id)
    if asked is not None and (asked.answered_at or asked.dismissed_at):
        return None
    if asked is not None:
        if asked.candidates != list(candidates):
            asked.candidates = list(candidates)
            session.flush()
        return asked
    asked = LinkQuestion(thread_id=thread.id, message_id=message_id, candidates=list(candidates), asked_at=at)
    session.add(asked)
    session.flush()
    activity.record(session, "thread.asked", ("thread", thread.id), at=at, after={"candidates": list(candidates)})
    return asked


def dismiss_question(session: Session, thread: Thread, *, at: datetime) -> Activity | None:
    """Say that a thread belongs to no deal: what was kept of its mails is erased, and nobody is asked again.

    None where no question is open. Raises NotAllowed.
    """
    _check_may_link(session, thread)
    asked = queries.open_question(session, thread.id)
    if asked is None:
        return None
    asked.dismissed_at = at
    forgetting.forget_mails(session, thread)
    return activity.record(session, "thread.question_dismissed", ("thread", thread.id), at=at)


def share(session: Session, thread_link: ThreadLink, level: Sharing | None, *, at: datetime) -> Activity | None:
    """What colleagues see of a linked thread; None as level means what the mailbox says. None where nothing changes.

    Only the mailbox's owner chooses. Raises NotAllowed.
    """
    thread = queries.get(session, thread_link.thread_id)
    if viewer_of(session).user_id != session.get_one(Mailbox, thread.mailbox_id).owner_id:
        raise NotAllowed
    before = thread_link.sharing
    if before == level:
        return None
    thread_link.sharing = level
    session.flush()
    return activity.record(
        session,
        "thread.shared",
        ("deal", thread_link.deal_id),
        at=at,
        before={"link_id": thread_link.id, "sharing": before},
        after={"link_id": thread_link.id, "sharing": level},
    )


def _hold(session: Session, thread: Thread) -> None:
    """Two who link the same thread take turns."""
    session.scalar(select(Thread.id).where(Thread.id == thread.id).with_for_update())


def _hold_deals(session: Session, deal_ids: Collection[int]) -> None:
    """Their diaries are written next, and whoever else writes them waits."""
    session.scalars(select(Deal.id).where(Deal.id.in_(deal_ids)).order_by(Deal.id).with_for_update()).all()


def _check_may_link(session: Session, thread: Thread) -> None:
    """A colleague may correct a link that is there to see, not reach into a mailbox that shows nothing yet."""
    viewer = viewer_of(session)
    if viewer.kind is not ViewerKind.USER:
        return
    owner_id = session.get_one(Mailbox, thread.mailbox_id).owner_id
    if viewer.user_id != owner_id and not queries.links_ever(session, thread.id):
        raise NotAllowed


def _check_free(session: Session, thread: Thread) -> None:
    """A thread of a deal that the viewer may not see stays there."""
    if viewer_of(session).sees is None:
        return
    linked = select(ThreadLink.id).where(ThreadLink.thread_id == thread.id, ThreadLink.unlinked_at.is_(None))
    if session.scalar(linked.execution_options(**WHOLE_TEAM)) is not None:
        raise NotAllowed


def _answer(session: Session, thread: Thread, *, at: datetime) -> None:
    asked = queries.question(session, thread.id)
    if asked is not None and asked.answered_at is None:
        asked.answered_at, asked.dismissed_at = at, None
    forgetting.keep_mails(session, thread)


def _as_it_was(link: ThreadLink | None) -> dict[str, object]:
    if link is None:
        return {"deal_id": None}
    return {"deal_id": link.deal_id, "link_id": link.id, "how": link.how, "sharing": link.sharing}


def _note_unlinked(
    session: Session,
    link: ThreadLink,
    *,
    at: datetime,
    cause: Activity | None,
    undoes: Activity | None = None,
    by: int | None = None,
) -> Activity:
    return activity.record(
        session,
        "thread.unlinked",
        ("deal", link.deal_id),
        at=at,
        before={"thread_id": link.thread_id, **_as_it_was(link)},
        after={"thread_id": link.thread_id, "deal_id": None, "by": by},
        cause=cause,
        undoes=undoes,
    )
