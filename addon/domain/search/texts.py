"""What can be searched for: the words of deals, people and companies."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.search.words import MOST, phone_words, words_in
from addon.models import (
    Address,
    Company,
    CompanyValue,
    Contact,
    ContactValue,
    Deal,
    DealValue,
    Field,
    Subject,
)

Words = dict[int, set[str]]
_InOrder = dict[int, dict[str, None]]
"""By what one looks for first, so that nobody's long notes take its place: `MOST` are kept."""


def words_of(session: Session, subject: Subject, ids: Collection[int]) -> Words:
    """The words by which each of these is found; none for what is deleted or gone."""
    found = _READERS[subject](session, ids)
    _add_values(session, subject, found)
    return {key: set(islice(words, MOST)) for key, words in found.items()}


def _of_deals(session: Session, ids: Collection[int]) -> _InOrder:
    """With the names of whom it is about, for people remember those rather than a title."""
    rows = session.execute(
        select(
            *(Deal.id, Deal.title, Contact.name, Company.name),
            *(Deal.product, Deal.channel, Deal.next_step, Deal.lost_reason),
        )
        .outerjoin(Contact, (Contact.id == Deal.contact_id) & Contact.deleted_at.is_(None))
        .outerjoin(Company, (Company.id == Deal.company_id) & Company.deleted_at.is_(None))
        .where(Deal.id.in_(ids), Deal.deleted_at.is_(None))
    )
    return {row[0]: words_in(row[1:]) for row in rows}


def _of_contacts(session: Session, ids: Collection[int]) -> _InOrder:
    rows = session.execute(
        select(
            *(Contact.id, Contact.phone, Contact.name, Contact.first_name, Contact.last_name),
            *(Company.name, Contact.title),
        )
        .outerjoin(Company, (Company.id == Contact.company_id) & Company.deleted_at.is_(None))
        .where(Contact.id.in_(ids), Contact.deleted_at.is_(None))
    )
    found = {row[0]: words_in(row[2:]) | phone_words(row[1]) for row in rows}
    for contact_id, email in session.execute(
        select(Address.contact_id, Address.email).where(Address.contact_id.in_(ids)).order_by(Address.id)
    ):
        if contact_id in found:
            found[contact_id] |= words_in([email])
    return found


def _of_companies(session: Session, ids: Collection[int]) -> _InOrder:
    rows = session.execute(
        select(Company.id, Company.name, Company.domain).where(Company.id.in_(ids), Company.deleted_at.is_(None))
    )
    return {row[0]: words_in(row[1:]) for row in rows}


_READERS = {Subject.DEAL: _of_deals, Subject.CONTACT: _of_contacts, Subject.COMPANY: _of_companies}
VALUES: dict[Subject, tuple[Any, str]] = {
    Subject.DEAL: (DealValue, "deal_id"),
    Subject.CONTACT: (ContactValue, "contact_id"),
    Subject.COMPANY: (CompanyValue, "company_id"),
}
"""The table of custom values of each, and its column that says whose they are."""


def _add_values(session: Session, subject: Subject, found: _InOrder) -> None:
    """Text that stands in custom fields."""
    if not found:
        return
    table, holder = VALUES[subject]
    rows = session.execute(
        select(getattr(table, holder), table.text)
        .join(Field, Field.id == table.field_id)
        .where(getattr(table, holder).in_(found), table.text.is_not(None), Field.deleted_at.is_(None))
        .order_by(Field.id, table.id)
    )
    for key, text in rows:
        found[key] |= words_in([text])
