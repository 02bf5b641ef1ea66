"""Drafts that nobody's permit names: noted when their attempt dies, looked for later, deleted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from addon.domain.access import database_now
from addon.domain.contacts import addresses
from addon.models import Address, DeadAttempt, Outgoing, OutgoingState

WATCH_EVERY = 3600.0
"""Seconds between looks at a draft that may be ours, once the last sweep is done: whether it is still there."""

_other = aliased(DeadAttempt)
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


def may_be_ours(session: Session, mailbox_id: int, draft_id: str, *, to: str, written: datetime) -> int | None:
    """The dead attempt whose draft this one, which lacks our mark, may be: to the same person, no older than its mail.

    None for a draft that a row names, or that is noted already.
    """
    if session.scalar(select(Outgoing.id).where(Outgoing.mailbox_id == mailbox_id, Outgoing.draft_id == draft_id)):
        return None
    return session.scalar(
        select(DeadAttempt.id)
        .join(Outgoing, Outgoing.id == DeadAttempt.outgoing_id)
        .where(
            DeadAttempt.mailbox_id == mailbox_id,
            DeadAttempt.draft_id.is_(None),
            DeadAttempt.unmarked_draft_id.is_(None),
            Outgoing.address_key == addresses.key_of(session, to),
            Outgoing.due_at <= written,
            ~exists().where(_other.mailbox_id == mailbox_id, _other.unmarked_draft_id == draft_id),
        )
        .order_by(DeadAttempt.id)
        .limit(1)
    )


def note_unmarked(session: Session, attempt_id: int, draft_id: str) -> None:
    """This draft lacks our mark and may be this attempt's."""
    session.execute(
        update(DeadAttempt)
        .where(DeadAttempt.id == attempt_id)
        .values(unmarked_draft_id=draft_id)
        .execution_options(synchronize_session=False)
    )


def forget_unmarked(session: Session, mailbox_id: int, there: Collection[str]) -> None:
    """Drafts that were noted as perhaps ours, but are there no more: the rep deleted or sent them."""
    noted = select(DeadAttempt).where(DeadAttempt.mailbox_id == mailbox_id, DeadAttempt.unmarked_draft_id.is_not(None))
    for attempt in session.scalars(noted):
        if attempt.unmarked_draft_id not in there:
            attempt.unmarked_draft_id = None
    session.flush()


def swept(session: Session, attempt_ids: Sequence[int], *, sweeps: Sequence[float]) -> None:
    """A sweep that was due is done: the next one; after the last, none unless a draft that may be ours is watched."""
    now = database_now(session)
    for attempt in session.scalars(select(DeadAttempt).where(DeadAttempt.id.in_(attempt_ids))):
        done = min(attempt.sweeps + 1, len(sweeps))
        attempt.sweeps = done
        watched = now + WATCH_EVERY if attempt.unmarked_draft_id is not None else None
        attempt.next_sweep = attempt.died + sweeps[done] if done < len(sweeps) else watched
    session.flush()


@dataclass(frozen=True)
class StrayDraft:
    """A draft of ours in a rep's mailbox that nobody's permit names. `since`: epoch seconds of real time."""

    email: str
    draft_id: str
    since: float
    marked: bool
    """It carries our mark and will be deleted; else it may be the rep's own, and a person must look."""


def left_behind(session: Session, mailbox_id: int) -> list[StrayDraft]:
    """The stray drafts that are known to lie in a mailbox, oldest first."""
    rows = session.execute(
        select(Address.email, DeadAttempt.draft_id, DeadAttempt.unmarked_draft_id, DeadAttempt.died)
        .join(Outgoing, Outgoing.id == DeadAttempt.outgoing_id)
        .join(Address, Address.id == Outgoing.address_id)
        .where(
            DeadAttempt.mailbox_id == mailbox_id,
            or_(
                DeadAttempt.unmarked_draft_id.is_not(None),
                DeadAttempt.draft_id.is_not(None) & DeadAttempt.next_sweep.is_not(None),
            ),
        )
        .order_by(DeadAttempt.died, DeadAttempt.id)
    )
    return [
        StrayDraft(email, unmarked or known or "", since, marked=unmarked is None)
        for email, known, unmarked, since in rows
    ]
