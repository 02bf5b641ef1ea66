"""C1, the permit: the draft in the row, and no other, may be sent. And taking a permit back.

The permit is one UPDATE: it names the draft where the row is claimed, attempt and fence are the worker's, and nothing
stops the mail. No row changed means: delete your own draft and go.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from addon.domain.mailboxes.leases import Lease
from addon.domain.outgoing import stops, sweeping
from addon.domain.outgoing.claiming import held, may_send, mine
from addon.domain.ports.mailbox import Draft
from addon.models import Outgoing, OutgoingState


class Permit(StrEnum):
    GRANTED = "granted"
    REFUSED = "refused"
    """Stopped, paused, or somebody else's by now: the draft is not to be sent, and has been noted for deletion."""


class Go(StrEnum):
    """What to do with a permitted row that one takes over."""

    SEND = "send"
    STOP = "stop"
    TAKE_BACK = "take_back"


def permit(
    session: Session, row_id: int, attempt: int, lease: Lease, draft: Draft, *, at: datetime, sweeps: Sequence[float]
) -> Permit:
    """C1. Raises nothing: a refusal leaves the row stopped, due again, or as somebody else has it."""
    row = session.scalar(select(Outgoing).where(Outgoing.id == row_id))
    if row is None:
        return Permit.REFUSED
    stops.hold_still(session, row)
    permitted = session.scalar(
        update(Outgoing)
        .where(*mine(row_id, attempt, lease), may_send(lease), stops.none_holds())
        .values(
            state=OutgoingState.PERMITTED,
            draft_id=draft.draft_id,
            draft_message_id=draft.message_id,
            draft_thread_id=draft.thread_id,
            permitted_at=at,
            gone_since=None,
            gone_told=None,
            doubted=False,
            look_at=0.0,
            looked=0,
            error="",
        )
        .returning(Outgoing.id)
        .execution_options(synchronize_session=False)
    )
    if permitted is not None:
        return Permit.GRANTED
    stop = stops.stop_of(session, row)
    if stop is not None:
        state = OutgoingState.DUE if stop is stops.Stop.PAUSED else OutgoingState.STOPPED
        session.execute(
            update(Outgoing)
            .where(*mine(row_id, attempt, lease))
            .values(state=state, error="" if stop is stops.Stop.PAUSED else stop)
            .execution_options(synchronize_session=False)
        )
    sweeping.note_dead(session, row_id, attempt, draft_id=draft.draft_id, sweeps=sweeps)
    return Permit.REFUSED


def take_over(session: Session, row_id: int, draft_id: str, lease: Lease) -> Go | None:
    """Whoever finds a permitted row checks the stops again, in this commit of its own. None: not ours to touch."""
    taken = session.scalar(
        update(Outgoing)
        .where(
            Outgoing.id == row_id,
            Outgoing.draft_id == draft_id,
            Outgoing.state.in_([OutgoingState.PERMITTED, OutgoingState.UNCERTAIN]),
            Outgoing.fence <= lease.fence,
            held(lease),
        )
        .values(fence=lease.fence)
        .returning(Outgoing.id)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        return None
    row = session.scalars(select(Outgoing).where(Outgoing.id == row_id)).one()
    stop = stops.stop_of(session, row)
    if stop is None:
        return Go.SEND
    return Go.TAKE_BACK if stop is stops.Stop.PAUSED else Go.STOP


def taken_back(session: Session, row_id: int, draft_id: str, *, into: OutgoingState, error: str = "") -> bool:
    """Gmail answered 204 to the deletion of this draft, which proves that it was not sent: due, stopped or failed."""
    changed = session.scalar(
        update(Outgoing)
        .where(
            Outgoing.id == row_id,
            Outgoing.draft_id == draft_id,
            Outgoing.state.in_([OutgoingState.PERMITTED, OutgoingState.UNCERTAIN]),
        )
        .values(
            state=into,
            error=error,
            draft_id=None,
            draft_message_id=None,
            draft_thread_id=None,
            gone_since=None,
            gone_told=None,
            look_at=0.0,
        )
        .returning(Outgoing.id)
        .execution_options(synchronize_session=False)
    )
    return changed is not None
