"""Whole mails of linked threads: who may read one, from whose mailbox, and the note of it (law 10).

Nothing of a mail's text is kept: an entrance fetches it with the owner's grant each time somebody asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.access import ViewerKind, viewer_of
from addon.domain.activity import operations as activity
from addon.domain.deals import queries as deals
from addon.domain.errors import NotAllowed, NotFound
from addon.domain.threads import sharing
from addon.models import Activity, Mailbox, MailboxState, Sharing, Sighting, Thread, ThreadLink, User


class NotShared(NotAllowed):
    """The owner of the mailbox shares less than whole mails."""

    code = "threads.not_shared"


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A mail as it lies in a mailbox out of which the viewer may read it."""

    message_id: int
    mailbox_id: int
    gmail_id: str
    owner_id: int
    owner: str
    """The owner's name."""
    own: bool
    """It is the viewer's own mailbox."""
    connected: bool
    """Gmail lets us into it."""


def readable(session: Session, deal_id: int) -> frozenset[int]:
    """Which mails of a deal's threads the viewer may read whole: ids of messages."""
    return frozenset(copy.message_id for copy in _copies(session, deal_id, None))


def copies(session: Session, deal_id: int, message_id: int) -> Sequence[Copy]:
    """From where the viewer may read a mail of a deal: connected mailboxes first, among them the viewer's own.

    Raises NotFound, where the mail is in no thread of the deal; NotShared.
    """
    deals.get(session, deal_id)
    found = _copies(session, deal_id, message_id)
    if found:
        return found
    owner = session.scalars(
        select(User.name)
        .join(Mailbox, Mailbox.owner_id == User.id)
        .join(Sighting, Sighting.mailbox_id == Mailbox.id)
        .join(ThreadLink, ThreadLink.thread_id == Sighting.thread_id)
        .where(Sighting.message_id == message_id, ThreadLink.deal_id == deal_id, ThreadLink.unlinked_at.is_(None))
        .order_by(Mailbox.id)
    ).first()
    if owner is None:
        raise NotFound(what="message", given=message_id)
    raise NotShared(owner=owner)


def note_shown(session: Session, deal_id: int, copy: Copy, *, at: datetime) -> Activity | None:
    """Write down that a colleague reads a mail of somebody else's; None where it is their own.

    Asks again whether they may, as the owner may have said otherwise while Gmail was asked. Raises as `copies` does.
    """
    deals.hold(session, deal_id)
    places = {(each.mailbox_id, each.gmail_id) for each in copies(session, deal_id, copy.message_id)}
    if (copy.mailbox_id, copy.gmail_id) not in places:
        raise NotShared(owner=copy.owner)
    if copy.own:
        return None
    after = {"message_id": copy.message_id, "user_id": copy.owner_id}
    return activity.record(session, "mail.shown", ("deal", deal_id), at=at, after=after)


def _copies(session: Session, deal_id: int, message_id: int | None) -> list[Copy]:
    """Of one mail, or of all in the deal's threads."""
    viewer = viewer_of(session)
    if viewer.kind is not ViewerKind.USER:
        return []
    linked = (
        select(Sighting.message_id)
        .join(ThreadLink, ThreadLink.thread_id == Sighting.thread_id)
        .where(ThreadLink.deal_id == deal_id, ThreadLink.unlinked_at.is_(None))
    )
    rows = session.execute(
        select(Sighting.message_id, Sighting.gmail_id, Mailbox, User, ThreadLink.deal_id, ThreadLink.sharing)
        .join(Mailbox, Mailbox.id == Sighting.mailbox_id)
        .join(User, User.id == Mailbox.owner_id)
        .outerjoin(Thread, Thread.id == Sighting.thread_id)
        .outerjoin(ThreadLink, (ThreadLink.thread_id == Thread.id) & ThreadLink.unlinked_at.is_(None))
        .where(Sighting.message_id.in_(linked) if message_id is None else Sighting.message_id == message_id)
        .where(Sighting.message_id.in_(linked))
    )
    found = [
        Copy(
            message_id=mail,
            mailbox_id=mailbox.id,
            gmail_id=gmail_id,
            owner_id=owner.id,
            owner=owner.name or owner.email,
            own=owner.id == viewer.user_id,
            connected=mailbox.state == MailboxState.CONNECTED,
        )
        for mail, gmail_id, mailbox, owner, linked_to, level in rows
        if mail is not None
        and (owner.id == viewer.user_id or (owner.active and linked_to == deal_id and _shares(mailbox, level)))
    ]
    return sorted(found, key=lambda copy: (not copy.connected, not copy.own, copy.mailbox_id, copy.gmail_id))


def _shares(mailbox: Mailbox, link: str | None) -> bool:
    level = sharing.level(owner_id=mailbox.owner_id, viewer_id=None, mailbox=mailbox.sharing, link=link)
    return sharing.allows(level, Sharing.ALL)
