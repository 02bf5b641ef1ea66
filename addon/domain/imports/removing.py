"""Takes away what an import made, by the hundred: as `delete` of each room does one, in a handful of statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.contacts import queries as contacts
from addon.domain.fields.noting import Noted
from addon.domain.imports import noting
from addon.models import Activity, Company, Contact, Deal, Subject

_MODEL: Mapping[Subject, type[Any]] = {Subject.DEAL: Deal, Subject.CONTACT: Contact, Subject.COMPANY: Company}


def remove(session: Session, subject: Subject, births: Sequence[Activity], *, undo: Activity, at: datetime) -> set[int]:
    """Delete what these entries made; the ids of those that were there to be deleted.

    Each is noted as what its entry is undone by.
    """
    undoes = {entry.subject_id: entry.id for entry in births}
    model = _MODEL[subject]
    held = session.scalars(
        select(model)
        .where(model.id.in_(sorted(undoes)), model.deleted_at.is_(None))
        .order_by(model.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    noted = _LETTING_GO[subject](session, held)
    for row in held:
        row.deleted_at = at
    session.flush()
    noting.record(session, subject, "deleted", noted, at=at, cause=undo, undoes=undoes)
    return set(noted)


def _deals(_session: Session, held: Sequence[Deal]) -> dict[int, Noted]:
    return {deal.id: Noted({}, {}, {"title": deal.title}) for deal in held}


def _people(session: Session, held: Sequence[Contact]) -> dict[int, Noted]:
    """Their addresses are let go: who writes from one again is somebody new."""
    addresses = contacts.with_addresses(session, [contact.id for contact in held])
    for contact in held:
        for address in addresses[contact.id]:
            address.contact_id = None
    session.flush()
    for contact in held:
        session.expire(contact, ["addresses"])
    return {
        contact.id: Noted({"addresses": [row.id for row in addresses[contact.id]]}, {}, {"name": contact.name})
        for contact in held
    }


def _companies(session: Session, held: Sequence[Company]) -> dict[int, Noted]:
    """Their domains are free for others."""
    noted = {row.id: Noted({}, {}, {"name": row.name, "domain": row.domain}) for row in held}
    for company in held:
        company.domain = None
    return noted


_LETTING_GO: Mapping[Subject, Callable[[Session, Sequence[Any]], dict[int, Noted]]] = {
    Subject.DEAL: _deals,
    Subject.CONTACT: _people,
    Subject.COMPANY: _companies,
}
