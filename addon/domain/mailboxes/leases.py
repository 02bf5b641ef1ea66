"""Who attends a mailbox. Times are the database's. A lease paces; the committed draft id is what makes sending safe."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from addon.domain.access import database_now
from addon.models import MailboxLease


@dataclass(frozen=True)
class Lease:
    mailbox_id: int
    holder: str
    fence: int


def take(session: Session, mailbox_id: int, holder: str, *, seconds: float, dead: str | None = None) -> Lease | None:
    """Attend this mailbox, if nobody does. `dead` is a holder whose process is known to be gone.

    The fence rises, so that whatever an earlier holder still has in hand commits nothing any more.
    """
    now = database_now(session)
    free = MailboxLease.ends <= now
    if dead is not None:
        free = free | (MailboxLease.holder == dead)
    taken = session.execute(
        update(MailboxLease)
        .where(MailboxLease.mailbox_id == mailbox_id, free)
        .values(holder=holder, fence=MailboxLease.fence + 1, ends=now + seconds, wanted=False)
        .returning(MailboxLease.fence)
    ).scalar()
    return Lease(mailbox_id, holder, taken) if taken is not None else None


def renew(session: Session, lease: Lease, *, seconds: float) -> bool:
    """Hold it for so long from now; False where somebody else took it."""
    renewed = session.execute(
        update(MailboxLease)
        .where(MailboxLease.mailbox_id == lease.mailbox_id, MailboxLease.fence == lease.fence)
        .values(ends=database_now(session) + seconds)
        .returning(MailboxLease.id)
    ).scalar()
    return renewed is not None


def release(session: Session, lease: Lease) -> None:
    """Let somebody else attend it at once."""
    session.execute(
        update(MailboxLease)
        .where(MailboxLease.mailbox_id == lease.mailbox_id, MailboxLease.fence == lease.fence)
        .values(ends=0.0, holder=None)
    )


def holder_of(session: Session, mailbox_id: int) -> str | None:
    """Whoever holds it now, expired or not."""
    return session.scalar(select(MailboxLease.holder).where(MailboxLease.mailbox_id == mailbox_id))
