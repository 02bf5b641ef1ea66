"""C2 and every other way in which it becomes known what happened to a permitted mail.

404 is never proof. Proof of sent is a SENT mail of ours; proof of not sent is a 204 to the draft's deletion. A draft
that is gone without proof is uncertain, and becomes `withdrawn` only after a quiet minute and a history read beyond it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from addon.domain.access import database_now
from addon.models import Outgoing, OutgoingState

_OPEN = [OutgoingState.PERMITTED, OutgoingState.UNCERTAIN]
_PROVABLE = {
    OutgoingState.DUE,
    OutgoingState.CLAIMED,
    OutgoingState.PERMITTED,
    OutgoingState.UNCERTAIN,
    OutgoingState.HELD,
    OutgoingState.DRAFTED,
    OutgoingState.WITHDRAWN,
    OutgoingState.STOPPED,
}


def record_sent(session: Session, row_id: int, draft_id: str, *, gmail_id: str, thread_id: str, at: datetime) -> bool:
    """C2: Gmail's ids, where the draft is the one permitted."""
    changed = session.scalar(
        update(Outgoing)
        .where(Outgoing.id == row_id, Outgoing.draft_id == draft_id, Outgoing.state.in_(_OPEN))
        .values(
            state=OutgoingState.SENT,
            gmail_message_id=gmail_id,
            gmail_thread_id=thread_id,
            sent_at=at,
            gone_since=None,
            error="",
        )
        .returning(Outgoing.id)
        .execution_options(synchronize_session=False)
    )
    return changed is not None


def record_proof(session: Session, row: Outgoing, *, gmail_id: str, thread_id: str, at: datetime) -> None:
    """A SENT mail with this row's reference was seen: it went, whatever the row says.

    A row that a restored backup holds as due is settled here before anything goes out again.
    """
    if row.state == OutgoingState.SENT:
        return
    if row.state not in _PROVABLE:
        return
    session.execute(
        update(Outgoing)
        .where(Outgoing.id == row.id)
        .values(
            state=OutgoingState.SENT,
            gmail_message_id=gmail_id,
            gmail_thread_id=thread_id,
            sent_at=at,
            gone_since=None,
            error="",
        )
        .execution_options(synchronize_session=False)
    )
    session.expire(row)


def hold(session: Session, row_id: int, draft_id: str) -> None:
    """The rep changed the permitted draft: it stays theirs, and the rep decides."""
    _settle(session, row_id, draft_id, state=OutgoingState.HELD)


def gone_without_proof(session: Session, row_id: int, draft_id: str, *, look_in: float) -> float:
    """The draft is gone and nothing says why: uncertain. Returns seconds since it was first found gone."""
    now = database_now(session)
    row = session.scalar(select(Outgoing).where(Outgoing.id == row_id, Outgoing.draft_id == draft_id))
    if row is None or row.state not in _OPEN:
        return 0.0
    since = row.gone_since if row.gone_since is not None else now
    _settle(
        session,
        row_id,
        draft_id,
        state=OutgoingState.UNCERTAIN,
        gone_since=since,
        look_at=now + look_in,
        looked=row.looked + 1,
    )
    session.expire(row)
    return now - since


def withdraw(session: Session, row_id: int, draft_id: str) -> None:
    """Gone, a quiet minute past, and history beyond the deletion holds no SENT mail of ours: the rep deleted it."""
    _settle(session, row_id, draft_id, state=OutgoingState.WITHDRAWN)


def look_later(session: Session, row_id: int, draft_id: str, *, seconds: float) -> None:
    """Nothing is known yet; leave the row as it is for so long."""
    _settle(session, row_id, draft_id, look_at=database_now(session) + seconds)


def _settle(session: Session, row_id: int, draft_id: str, **values: object) -> None:
    session.execute(
        update(Outgoing)
        .where(Outgoing.id == row_id, Outgoing.draft_id == draft_id, Outgoing.state.in_(_OPEN))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
