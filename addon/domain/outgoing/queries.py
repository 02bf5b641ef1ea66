"""What the ledger holds: what is under way, what is open, what a run has come to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon.domain.access import database_now
from addon.models import Outgoing, OutgoingState

UNDER_WAY = (OutgoingState.DUE, OutgoingState.CLAIMED, OutgoingState.PERMITTED)
UNSETTLED = (*UNDER_WAY, OutgoingState.UNCERTAIN)


def permitted(session: Session, mailbox_id: int) -> Sequence[Outgoing]:
    """Permitted rows that somebody left and that it is time to see to."""
    return session.scalars(
        select(Outgoing)
        .where(
            Outgoing.mailbox_id == mailbox_id,
            Outgoing.state == OutgoingState.PERMITTED,
            Outgoing.look_at <= database_now(session),
        )
        .order_by(Outgoing.id)
    ).all()


def to_look_at(session: Session, mailbox_id: int) -> Sequence[Outgoing]:
    """Uncertain rows that it is time to look at again."""
    return session.scalars(
        select(Outgoing)
        .where(
            Outgoing.mailbox_id == mailbox_id,
            Outgoing.state == OutgoingState.UNCERTAIN,
            Outgoing.look_at <= database_now(session),
        )
        .order_by(Outgoing.id)
    ).all()


def counts(session: Session, run_id: int) -> dict[OutgoingState, int]:
    """How many mails of a run are in each state."""
    rows = session.execute(
        select(Outgoing.state, func.count(Outgoing.id)).where(Outgoing.run_id == run_id).group_by(Outgoing.state)
    )
    return {OutgoingState(state): number for state, number in rows}


def of_thread(session: Session, mailbox_id: int, gmail_thread_id: str) -> Outgoing | None:
    """The newest mail of ours in a thread of this mailbox."""
    return session.scalar(
        select(Outgoing)
        .where(Outgoing.mailbox_id == mailbox_id, Outgoing.gmail_thread_id == gmail_thread_id)
        .order_by(Outgoing.id.desc())
    )


def by_ref(session: Session, ref: str) -> Outgoing | None:
    """The mail of an X-Dealthread-Ref."""
    return session.scalar(select(Outgoing).where(Outgoing.ref == ref.partition(".")[0]))


def is_ours(session: Session, mailbox_id: int, gmail_id: str) -> bool:
    """Whether this SENT mail is one that the ledger knows already."""
    return (
        session.scalar(
            select(Outgoing.id).where(Outgoing.mailbox_id == mailbox_id, Outgoing.gmail_message_id == gmail_id)
        )
        is not None
    )


def settled_ids(session: Session, mailbox_id: int, gmail_ids: Sequence[str]) -> set[str]:
    """Which of these SENT mails the ledger knows already."""
    found: set[str] = set()
    for start in range(0, len(gmail_ids), 500):
        rows = session.scalars(
            select(Outgoing.gmail_message_id).where(
                Outgoing.mailbox_id == mailbox_id, Outgoing.gmail_message_id.in_(gmail_ids[start : start + 500])
            )
        )
        found.update(gmail_id for gmail_id in rows if gmail_id)
    return found
