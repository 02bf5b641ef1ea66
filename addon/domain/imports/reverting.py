"""Takes back what an import did to one deal, person or company, by the rooms that keep them, or leaves it whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from addon.domain.access import WHOLE_TEAM
from addon.domain.activity import queries as diary
from addon.domain.contacts import companies
from addon.domain.contacts import operations as contacts
from addon.domain.deals import operations as deals
from addon.domain.errors import DomainError
from addon.domain.ladder import operations as ladder
from addon.models import Activity, Contact, Deal, DealContact, Subject

_Delete = Callable[..., Activity]
_Edit = Callable[..., Activity | None]
_EditsOf = Callable[[Session, Activity], tuple[dict[str, Any], dict[str, Any]]]

_ROOM: Mapping[Subject, tuple[_Delete, _Edit, _EditsOf]] = {
    Subject.DEAL: (deals.delete, deals.edit, deals.edits_of),
    Subject.CONTACT: (contacts.delete, contacts.edit, contacts.edits_of),
    Subject.COMPANY: (companies.delete, companies.edit, companies.edits_of),
}


def take_back(
    session: Session, subject: Subject, subject_id: int, *, act: Activity, undo: Activity, at: datetime
) -> bool:
    """False where it stays as it is: somebody changed it since, it is in use, or its room refuses.

    What the import never changed, but a row only spoke of, stays too, and that is True.
    """
    entries = _entries(session, subject, subject_id)
    own = [entry for entry in entries if entry.cause_id == act.id]
    if not own:
        return True
    if any(entry.number > own[0].number and entry.cause_id not in (act.id, undo.id) for entry in entries):
        return False
    made = own[0].kind == f"{subject}.created"
    if made and _in_use(session, subject, subject_id):
        return False
    try:
        with session.begin_nested():
            for entry in [own[0]] if made else reversed(own):
                if diary.undone_by(session, entry) is None:
                    _revert(session, subject, entry, undo=undo, at=at)
    except DomainError:
        return False
    return True


def _revert(session: Session, subject: Subject, entry: Activity, *, undo: Activity, at: datetime) -> None:
    delete, edit, edits_of = _ROOM[subject]
    if entry.kind == f"{subject}.created":
        delete(session, entry.subject_id, at=at, cause=undo, undoes=entry)
    elif entry.kind == f"{subject}.edited":
        before, _ = edits_of(session, entry)
        edit(session, entry.subject_id, before, at=at, cause=undo, undoes=entry)
    elif entry.kind == "deal.moved":
        since = entry.before.get("entered_at")
        ladder.move(
            session,
            entry.subject_id,
            entry.before["stage_id"],
            seen=None,
            at=at,
            cause=undo,
            undoes=entry,
            quietly=True,
            entered_at=datetime.fromisoformat(since) if since else None,
        )


def _entries(session: Session, subject: Subject, subject_id: int) -> Sequence[Activity]:
    return session.scalars(
        select(Activity)
        .where(Activity.subject_kind == subject, Activity.subject_id == subject_id)
        .order_by(Activity.number)
        .execution_options(**WHOLE_TEAM)
    ).all()


def _in_use(session: Session, subject: Subject, subject_id: int) -> bool:
    """Whether a live deal is about this person, or a live deal or person belongs to this company."""
    live = select(Deal.id).where(Deal.deleted_at.is_(None)).limit(1)
    ways: list[Select[Any]] = []
    if subject is Subject.CONTACT:
        part = select(DealContact.deal_id).where(DealContact.contact_id == subject_id)
        ways = [live.where(Deal.contact_id == subject_id), live.where(Deal.id.in_(part))]
    elif subject is Subject.COMPANY:
        staff = select(Contact.id).where(Contact.company_id == subject_id, Contact.deleted_at.is_(None)).limit(1)
        ways = [live.where(Deal.company_id == subject_id), staff]
    return any(session.scalar(way.execution_options(**WHOLE_TEAM)) is not None for way in ways)
