"""Putting mails into the ledger, and stopping the ones that have not gone."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from addon.domain.activity import operations as activity
from addon.domain.errors import DomainError, NotFound
from addon.domain.mailboxes import queries as mailboxes
from addon.domain.outgoing import proving
from addon.models import Outgoing, OutgoingState, Run, RunKind


class NotUncertain(DomainError):
    """What became of this mail is known by now; nothing was changed."""

    code = "outgoing.not_uncertain"


@dataclass(frozen=True, kw_only=True)
class Due:
    """A mail to be sent: to whom, from which mailbox, not before when."""

    address_id: int
    address_key: str
    mailbox_id: int
    due_at: datetime
    step: int = 1
    recipient_id: int | None = None


def begin_run(session: Session, kind: RunKind, *, at: datetime) -> Run:
    """What mails belong to: exactly-once is per run, step and address key."""
    run = Run(kind=kind, ref=str(uuid.uuid4()), created_at=at)
    session.add(run)
    session.flush()
    return run


def put_due(session: Session, run: Run, mails: Iterable[Due]) -> int:
    """Add mails, a slice of some hundred, that the run does not have yet; returns how many. Again changes nothing."""
    have = {
        (step, key)
        for step, key in session.execute(select(Outgoing.step, Outgoing.address_key).where(Outgoing.run_id == run.id))
    }
    fresh: list[Outgoing] = []
    for mail in mails:
        if (mail.step, mail.address_key) in have:
            continue
        have.add((mail.step, mail.address_key))
        fresh.append(
            Outgoing(
                run_id=run.id,
                step=mail.step,
                address_key=mail.address_key,
                address_id=mail.address_id,
                mailbox_id=mail.mailbox_id,
                recipient_id=mail.recipient_id,
                ref=str(uuid.uuid4()),
                due_at=mail.due_at,
            )
        )
    session.add_all(fresh)
    session.flush()
    return len(fresh)


def pause_run(session: Session, run_id: int, *, at: datetime) -> None:
    """Nothing more is permitted; the worker takes permitted drafts back."""
    session.execute(update(Run).where(Run.id == run_id, Run.paused_at.is_(None)).values(paused_at=at))


def resume_run(session: Session, run_id: int) -> None:
    session.execute(update(Run).where(Run.id == run_id).values(paused_at=None))


def stop_run(session: Session, run_id: int, *, at: datetime) -> int:
    """Nothing more is permitted, for good. What is due becomes stopped at once: returns how many."""
    session.execute(update(Run).where(Run.id == run_id, Run.stopped_at.is_(None)).values(stopped_at=at))
    return _stop(session, Outgoing.run_id == run_id)


def stop_key(session: Session, address_key: str, run_ids: Sequence[int] | None = None) -> int:
    """Mails to this address key that are due become stopped; those under way are seen to at their permit."""
    condition = Outgoing.address_key == address_key
    return _stop(session, condition if run_ids is None else condition & Outgoing.run_id.in_(run_ids))


def _stop(session: Session, which: ColumnElement[bool]) -> int:
    stopped = session.scalars(
        update(Outgoing)
        .where(which, Outgoing.state.in_([OutgoingState.DUE, OutgoingState.DRAFTED]))
        .values(state=OutgoingState.STOPPED)
        .returning(Outgoing.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(stopped)


def look_again(session: Session, outgoing_id: int, *, at: datetime) -> None:
    """A person asks us to look for proof once more. Raises NotFound, NotAllowed, NotUncertain."""
    row = _uncertain(session, outgoing_id)
    row.look_at = 0.0
    _note(session, row, "outgoing.looked_for", at=at)


def treat_as_sent(session: Session, outgoing_id: int, *, at: datetime) -> None:
    """A person says that it went. Raises NotFound, NotAllowed, NotUncertain."""
    row = _uncertain(session, outgoing_id)
    row.state, row.by_hand, row.sent_at = OutgoingState.SENT, True, at
    _note(session, row, "outgoing.treated_as_sent", at=at)


def send_anyway(session: Session, outgoing_id: int, *, at: datetime) -> None:
    """A person read what that means and wants it sent, even if twice. Raises NotFound, NotAllowed, NotUncertain."""
    row = _uncertain(session, outgoing_id)
    row.state, row.by_hand = OutgoingState.DUE, True
    row.draft_id = row.draft_message_id = row.draft_thread_id = row.gone_since = row.gone_told = None
    row.look_at = 0.0
    _note(session, row, "outgoing.sent_anyway", at=at)


def note_sent_seen(session: Session, *, mailbox_id: int, gmail_id: str, thread_id: str, ref: str, at: datetime) -> bool:
    """Sync saw a SENT mail that carries this X-Dealthread-Ref: proof that one of ours went. True where it is ours.

    It settles what a killed worker, a lost answer or a restored backup left open.
    """
    row_ref, _, attempt = ref.partition(".")
    row = session.scalar(select(Outgoing).where(Outgoing.ref == row_ref, Outgoing.mailbox_id == mailbox_id))
    if row is None or not attempt.isdigit():
        return False
    proving.record_proof(session, row, gmail_id=gmail_id, thread_id=thread_id, at=at)
    return True


def _uncertain(session: Session, outgoing_id: int) -> Outgoing:
    """The row, ours until the transaction ends, if the viewer may send from its mailbox."""
    row = session.scalar(select(Outgoing).where(Outgoing.id == outgoing_id).with_for_update())
    if row is None:
        raise NotFound(what="outgoing", given=outgoing_id)
    mailboxes.to_send_from(session, row.mailbox_id)
    if row.state != OutgoingState.UNCERTAIN:
        raise NotUncertain(state=row.state)
    return row


def _note(session: Session, row: Outgoing, kind: str, *, at: datetime) -> None:
    session.flush()
    activity.record(
        session, kind, ("outgoing", row.id), at=at, before={"state": "uncertain"}, after={"state": row.state}
    )
