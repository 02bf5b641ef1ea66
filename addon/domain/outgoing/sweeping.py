"""Drafts that nobody's permit names: noted when their attempt dies, looked for later, deleted."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from addon.domain.access import database_now
from addon.models import DeadAttempt, Outgoing, OutgoingState

_KEEPS_DRAFT = {OutgoingState.PERMITTED, OutgoingState.HELD, OutgoingState.DRAFTED, OutgoingState.UNCERTAIN}


def note_dead(
    session: Session, outgoing_id: int, attempt: int, *, draft_id: str | None, sweeps: Sequence[float]
) -> None:
    """This attempt can no longer become a permit; a draft of it may exist, or may appear later."""
    known = session.scalar(
        select(DeadAttempt).where(DeadAttempt.outgoing_id == outgoing_id, DeadAttempt.attempt == attempt)
    )
    if known is not None:
        known.draft_id = known.draft_id or draft_id
        session.flush()
        return
    row = session.scalar(select(Outgoing).where(Outgoing.id == outgoing_id))
    if row is None:
        return
    now = database_now(session)
    session.add(
        DeadAttempt(
            outgoing_id=outgoing_id,
            mailbox_id=row.mailbox_id,
            ref=f"{row.ref}.{attempt}",
            attempt=attempt,
            draft_id=draft_id,
            died=now,
            next_sweep=now + sweeps[0],
        )
    )
    session.flush()


def open_attempts(session: Session, mailbox_id: int, *, only_due: bool) -> Sequence[DeadAttempt]:
    """Dead attempts whose drafts are still to be looked for."""
    query = select(DeadAttempt).where(DeadAttempt.mailbox_id == mailbox_id, DeadAttempt.next_sweep.is_not(None))
    if only_due:
        query = query.where(DeadAttempt.next_sweep <= database_now(session))
    return session.scalars(query.order_by(DeadAttempt.id)).all()


def is_stray(session: Session, mailbox_id: int, draft_id: str, ref: str) -> bool:
    """Whether a draft with this X-Dealthread-Ref is ours and may be deleted: its attempt is dead in the database.

    Drafts of another installation, or of a row that still claims, permits or holds them, are not touched.
    """
    row_ref, _, number = ref.partition(".")
    row = session.scalar(select(Outgoing).where(Outgoing.ref == row_ref, Outgoing.mailbox_id == mailbox_id))
    if row is None or not number.isdigit():
        return False
    if row.draft_id == draft_id and row.state in _KEEPS_DRAFT:
        return False
    return not (row.state == OutgoingState.CLAIMED and row.attempt == int(number))


def draft_deleted(session: Session, ref: str) -> None:
    """Its draft was found and deleted; a create that Gmail took once makes no second draft."""
    session.execute(delete(DeadAttempt).where(DeadAttempt.ref == ref))


def swept(session: Session, attempt_ids: Sequence[int], *, sweeps: Sequence[float]) -> None:
    """A sweep that was due is done: the next one, or none after the last."""
    for attempt in session.scalars(select(DeadAttempt).where(DeadAttempt.id.in_(attempt_ids))):
        done = attempt.sweeps + 1
        attempt.sweeps = done
        attempt.next_sweep = attempt.died + sweeps[done] if done < len(sweeps) else None
    session.flush()


def close_claim(session: Session, outgoing_id: int, attempt: int) -> None:
    """Before its draft is deleted: a row that still claims this attempt goes back to due."""
    session.execute(
        update(Outgoing)
        .where(Outgoing.id == outgoing_id, Outgoing.state == OutgoingState.CLAIMED, Outgoing.attempt == attempt)
        .values(state=OutgoingState.DUE)
        .execution_options(synchronize_session=False)
    )
