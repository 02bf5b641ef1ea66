"""C0: a worker takes rows that are due, many in one commit, and raises each one's attempt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from addon.domain.access import database_now
from addon.domain.mailboxes.leases import Lease
from addon.domain.outgoing import stops, sweeping
from addon.models import Mailbox, MailboxLease, MailboxState, Outgoing, OutgoingState, Run, User

DAY = timedelta(hours=24)
"""Gmail counts mails over a rolling day."""
UNDER_WAY = (OutgoingState.CLAIMED, OutgoingState.PERMITTED, OutgoingState.UNCERTAIN)
"""Not known to have gone, but counted as if: each may."""


def claim(session: Session, lease: Lease, *, at_most: int, at: datetime) -> Sequence[Outgoing]:
    """Take the next due rows of the lease's mailbox, oldest first. Stopped rows become so; paused ones wait."""
    now = database_now(session)
    waiting = session.scalars(
        select(Outgoing)
        .join(Run, Run.id == Outgoing.run_id)
        .where(
            Outgoing.mailbox_id == lease.mailbox_id,
            Outgoing.state == OutgoingState.DUE,
            Outgoing.due_at <= at,
            Outgoing.look_at <= now,
            Run.paused_at.is_(None),
            held(lease),
            may_send(lease),
        )
        .order_by(Outgoing.due_at, Outgoing.id)
        .limit(at_most)
        .with_for_update(of=Outgoing, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    claimed = []
    found = stops.stops_of(session, waiting) if waiting else {}
    for row in waiting:
        stop = found.get(row.id)
        if stop in (stops.Stop.SUPPRESSED, stops.Stop.RUN_STOPPED):
            row.state, row.error = OutgoingState.STOPPED, stop
        elif stop is None:
            row.state, row.attempt, row.fence = OutgoingState.CLAIMED, row.attempt + 1, lease.fence
            row.claimed_at = at
            claimed.append(row)
    session.flush()
    return claimed


def give_back(
    session: Session, row_id: int, attempt: int, lease: Lease, *, wait: float, sweeps: Sequence[float]
) -> None:
    """A create got no answer, or was refused for now: due again, not before `wait` seconds, with the next attempt.

    Its draft may exist all the same, so the attempt is noted as dead and its draft looked for.
    """
    now = database_now(session)
    changed = session.scalar(
        update(Outgoing)
        .where(*mine(row_id, attempt, lease))
        .values(state=OutgoingState.DUE, look_at=now + wait)
        .returning(Outgoing.ref)
        .execution_options(synchronize_session=False)
    )
    if changed is not None:
        sweeping.note_dead(session, row_id, attempt, draft_id=None, sweeps=sweeps)


def unclaim(session: Session, lease: Lease, claims: Sequence[tuple[int, int]]) -> None:
    """Claims (row id, attempt) for which nothing was asked of Gmail: due again, with nothing to look for."""
    for row_id, attempt in claims:
        session.execute(
            update(Outgoing)
            .where(*mine(row_id, attempt, lease))
            .values(state=OutgoingState.DUE)
            .execution_options(synchronize_session=False)
        )


def refuse(session: Session, row_id: int, attempt: int, lease: Lease, *, code: str) -> None:
    """Gmail will never take this mail: failed, before any draft of it existed."""
    session.execute(
        update(Outgoing)
        .where(*mine(row_id, attempt, lease))
        .values(state=OutgoingState.FAILED, error=code)
        .execution_options(synchronize_session=False)
    )


def take_over_claims(session: Session, lease: Lease, *, sweeps: Sequence[float]) -> int:
    """Rows that an earlier holder claimed and left: due again, their attempts dead. Returns how many."""
    left = session.execute(
        update(Outgoing)
        .where(
            Outgoing.mailbox_id == lease.mailbox_id,
            Outgoing.state == OutgoingState.CLAIMED,
            Outgoing.fence < lease.fence,
            held(lease),
        )
        .values(state=OutgoingState.DUE)
        .returning(Outgoing.id, Outgoing.attempt)
        .execution_options(synchronize_session=False)
    ).all()
    for row_id, attempt in left:
        sweeping.note_dead(session, row_id, attempt, draft_id=None, sweeps=sweeps)
    return len(left)


def sent_last_day(session: Session, mailbox_id: int, *, at: datetime) -> int:
    """Mails of this mailbox that count against its daily cap: sent in the last 24 hours, or under way."""
    return (
        session.scalar(
            select(func.count(Outgoing.id)).where(
                Outgoing.mailbox_id == mailbox_id,
                (Outgoing.sent_at > at - DAY) | Outgoing.state.in_(UNDER_WAY),
            )
        )
        or 0
    )


def held(lease: Lease) -> ColumnElement[bool]:
    """SQL: the lease is still in force."""
    return (
        select(MailboxLease.id)
        .where(MailboxLease.mailbox_id == lease.mailbox_id, MailboxLease.fence == lease.fence)
        .exists()
    )


def may_send(lease: Lease) -> ColumnElement[bool]:
    """SQL: the mailbox is connected and its owner may act. Asked for at C0 and C1; recall and proof run without."""
    return (
        select(Mailbox.id)
        .join(User, User.id == Mailbox.owner_id)
        .where(Mailbox.id == lease.mailbox_id, Mailbox.state == MailboxState.CONNECTED, User.active)
        .exists()
    )


def mine(row_id: int, attempt: int, lease: Lease) -> tuple[ColumnElement[bool], ...]:
    """SQL over Outgoing: this claim is still the worker's own."""
    return (
        Outgoing.id == row_id,
        Outgoing.state == OutgoingState.CLAIMED,
        Outgoing.attempt == attempt,
        Outgoing.fence == lease.fence,
        held(lease),
    )
