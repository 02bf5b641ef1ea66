"""Takes back what an import did to deals, people or companies, by the rooms that keep them, or leaves one whole."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from addon.domain.access import WHOLE_TEAM
from addon.domain.contacts import addressing, companies
from addon.domain.contacts import operations as contacts
from addon.domain.deals import operations as deals
from addon.domain.errors import DomainError
from addon.domain.imports import removing
from addon.domain.ladder import operations as ladder
from addon.models import Activity, Contact, Deal, DealContact, Subject

_Edit = Callable[..., Activity | None]
_EditsOf = Callable[[Session, Activity], tuple[dict[str, Any], dict[str, Any]]]

_ROOM: Mapping[Subject, tuple[_Edit, _EditsOf]] = {
    Subject.DEAL: (deals.edit, deals.edits_of),
    Subject.CONTACT: (contacts.edit, contacts.edits_of),
    Subject.COMPANY: (companies.edit, companies.edits_of),
}


def take_back(
    session: Session, subject: Subject, ids: Collection[int], *, act: Activity, undo: Activity, at: datetime
) -> set[int]:
    """Ids of those that stay as they are: somebody changed them since, they are in use, or their room refuses.

    What the import never changed, but a row only spoke of, is left alone and not among them.
    """
    entries = _entries(session, subject, ids)
    about: dict[int, list[Activity]] = {}
    for entry in entries:
        about.setdefault(entry.subject_id, []).append(entry)
    taken_back = _taken_back(session, entries)
    used = _in_use(session, subject, ids)
    stays: set[int] = set()
    births: list[Activity] = []
    for each in ids:
        own = [entry for entry in about.get(each, ()) if entry.cause_id == act.id]
        if not own:
            continue
        made = own[0].kind == f"{subject}.created"
        changed = any(entry.number > own[0].number and entry.cause_id not in (act.id, undo.id) for entry in about[each])
        back = [entry for entry in (own[:1] if made else own[::-1]) if entry.id not in taken_back]
        if changed or (made and each in used):
            stays.add(each)
        elif made:
            births += back
        elif not _revert_all(session, subject, back, undo=undo, at=at):
            stays.add(each)
    gone = removing.remove(session, subject, births, undo=undo, at=at) if births else set()
    return stays | ({entry.subject_id for entry in births} - gone)


def _revert_all(session: Session, subject: Subject, back: Sequence[Activity], *, undo: Activity, at: datetime) -> bool:
    """False where the room refuses one of them: then none is taken back."""
    try:
        with session.begin_nested():
            for entry in back:
                _revert(session, subject, entry, undo=undo, at=at)
    except DomainError:
        return False
    return True


def _revert(session: Session, subject: Subject, entry: Activity, *, undo: Activity, at: datetime) -> None:
    edit, edits_of = _ROOM[subject]
    if entry.kind == f"{subject}.edited":
        before, _ = edits_of(session, entry)
        edit(session, entry.subject_id, before, at=at, cause=undo, undoes=entry)
    elif entry.kind == "contact.address_added":
        address = entry.after["address_id"]
        addressing.take_away(session, entry.subject_id, address, at=at, cause=undo, undoes=entry)
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


def _entries(session: Session, subject: Subject, ids: Collection[int]) -> Sequence[Activity]:
    return session.scalars(
        select(Activity)
        .where(Activity.subject_kind == subject, Activity.subject_id.in_(sorted(ids)))
        .order_by(Activity.number)
        .execution_options(**WHOLE_TEAM)
    ).all()


def _taken_back(session: Session, entries: Sequence[Activity]) -> set[int]:
    """Ids of those of these entries that some act took back."""
    query = select(Activity.undoes_id).where(Activity.undoes_id.in_([entry.id for entry in entries]))
    return {each for each in session.scalars(query.execution_options(**WHOLE_TEAM)) if each is not None}


def _in_use(session: Session, subject: Subject, ids: Collection[int]) -> set[int]:
    """Persons whom a live deal is about, companies to whom a live deal or person belongs."""
    some, ways = sorted(ids), list[Select[Any]]()
    if subject is Subject.CONTACT:
        part = select(DealContact.contact_id).join(Deal, Deal.id == DealContact.deal_id)
        ways = [
            select(Deal.contact_id).where(Deal.contact_id.in_(some), Deal.deleted_at.is_(None)),
            part.where(DealContact.contact_id.in_(some), Deal.deleted_at.is_(None)),
        ]
    elif subject is Subject.COMPANY:
        ways = [
            select(Deal.company_id).where(Deal.company_id.in_(some), Deal.deleted_at.is_(None)),
            select(Contact.company_id).where(Contact.company_id.in_(some), Contact.deleted_at.is_(None)),
        ]
    return {each for way in ways for each in session.scalars(way.distinct().execution_options(**WHOLE_TEAM))}
