"""C2 and every other way in which it becomes known what happened to a permitted mail.

404 is never proof. Proof of sent is a SENT mail of ours; proof of not sent is a 204 to the draft's deletion. A draft
that is gone without proof is uncertain, and becomes `withdrawn` only after a quiet minute and a history read beyond it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from addon.domain.access import database_now
from addon.domain.activity import operations as activity
from addon.domain.contacts import addresses
from addon.models import Activity, Outgoing, OutgoingState, Recipient

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
    return _sent(
        session,
        (Outgoing.id == row_id, Outgoing.draft_id == draft_id, Outgoing.state.in_(_OPEN)),
        gmail_id=gmail_id,
        thread_id=thread_id,
        at=at,
    )


def record_proof(session: Session, row: Outgoing, *, gmail_id: str, thread_id: str, at: datetime) -> None:
    """A SENT mail with this row's reference was seen: it went, whatever the row says.

    A row that a restored backup holds as due is settled here before anything goes out again.
    """
    if row.state == OutgoingState.SENT:
        return
    if row.state not in _PROVABLE:
        return
    provable = (Outgoing.id == row.id, Outgoing.state.in_(_PROVABLE))
    _sent(session, provable, gmail_id=gmail_id, thread_id=thread_id, at=at)
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


def note_gone(session: Session, mailbox_id: int, message_ids: Collection[str] | None) -> None:
    """History told that these messages are gone. Rows whose drafts are among them are looked at again soon.

    None: a look-back has listed everything up to now, and the history before it will never be read.
    """
    now = database_now(session)
    rows = session.execute(
        select(Outgoing.id, Outgoing.draft_message_id).where(
            Outgoing.mailbox_id == mailbox_id, Outgoing.state.in_(_OPEN), Outgoing.gone_told.is_(None)
        )
    )
    told = [row_id for row_id, message_id in rows if message_ids is None or message_id in message_ids]
    for start in range(0, len(told), 500):
        session.execute(
            update(Outgoing)
            .where(Outgoing.id.in_(told[start : start + 500]), Outgoing.state.in_(_OPEN))
            .values(gone_told=now, look_at=0.0)
            .execution_options(synchronize_session=False)
        )


def note_doubt(session: Session, mailbox_id: int, recipients: Collection[str]) -> None:
    """The mailbox sent these people a mail without our mark: what is permitted for them may have gone as that mail."""
    keys = {addresses.key_of(session, email) for email in recipients if "@" in email}
    session.execute(
        update(Outgoing)
        .where(Outgoing.mailbox_id == mailbox_id, Outgoing.address_key.in_(keys), Outgoing.state.in_(_OPEN))
        .values(doubted=True)
        .execution_options(synchronize_session=False)
    )


def withdraw(session: Session, row_id: int, draft_id: str) -> None:
    """Gone, a quiet minute past, and history beyond the deletion holds no SENT mail of ours: the rep deleted it."""
    _settle(session, row_id, draft_id, state=OutgoingState.WITHDRAWN)


def look_later(session: Session, row_id: int, draft_id: str, *, seconds: float) -> None:
    """Nothing is known yet; leave the row as it is for so long."""
    _settle(session, row_id, draft_id, look_at=database_now(session) + seconds)


def _sent(
    session: Session, which: tuple[ColumnElement[bool], ...], *, gmail_id: str, thread_id: str, at: datetime
) -> bool:
    """Whoever makes the row sent writes the diary, so two that learn of it at once write it once."""
    changed = session.execute(
        update(Outgoing)
        .where(*which)
        .values(
            state=OutgoingState.SENT,
            gmail_message_id=gmail_id,
            gmail_thread_id=thread_id,
            sent_at=at,
            gone_since=None,
            error="",
        )
        .returning(Outgoing.id, Outgoing.run_id, Outgoing.recipient_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if changed is None:
        return False
    if changed.recipient_id is not None:
        ids = {"run_id": changed.run_id, "outgoing_id": changed.id, "gmail_id": gmail_id}
        _note_sent(session, changed.recipient_id, ids, at=at)
    return True


def _note_sent(session: Session, recipient_id: int, ids: Mapping[str, object], *, at: datetime) -> None:
    """In the diaries of the deal and the person that the mail was for. Ids only: names are looked up by readers."""
    query = select(Recipient.deal_id, Recipient.contact_id).where(Recipient.id == recipient_id)
    deal_id, contact_id = session.execute(query).one()
    cause: Activity | None = None
    for kind, subject_id in (("deal", deal_id), ("contact", contact_id)):
        if subject_id is not None:
            noted = activity.record(session, "mail.sent", (kind, subject_id), at=at, after=ids, cause=cause)
            cause = cause or noted


def _settle(session: Session, row_id: int, draft_id: str, **values: object) -> None:
    session.execute(
        update(Outgoing)
        .where(Outgoing.id == row_id, Outgoing.draft_id == draft_id, Outgoing.state.in_(_OPEN))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
