"""Finding people."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.contacts import addresses
from addon.domain.errors import NotFound
from addon.models import Address, Company, Contact


def get(session: Session, contact_id: int) -> Contact:
    """Raises NotFound."""
    contact = session.scalar(select(Contact).where(Contact.id == contact_id, Contact.deleted_at.is_(None)))
    if contact is None:
        raise NotFound(what="contact", given=contact_id)
    return contact


def by_email(session: Session, email: str) -> Contact | None:
    """The person behind a spelling of an address."""
    if not email or "@" not in email:
        return None
    return session.scalar(
        select(Contact)
        .join(Address, Address.contact_id == Contact.id)
        .where(Address.key == addresses.key_of(session, email), Contact.deleted_at.is_(None))
        .order_by(Address.id)
    )


def addresses_with_key(session: Session, key: str) -> Sequence[Address]:
    return session.scalars(select(Address).where(Address.key == key).order_by(Address.id)).all()


def company_by_domain(session: Session, email: str) -> Company | None:
    """A company that a person said owns this domain: a suggestion, never a link."""
    domain = addresses.domain_of(email)
    if not domain or domain in addresses.FREE_MAIL:
        return None
    return session.scalar(select(Company).where(Company.domain == domain))


def everybody(session: Session, *, limit: int = 500) -> Sequence[Contact]:
    """People by name."""
    return session.scalars(
        select(Contact).where(Contact.deleted_at.is_(None)).order_by(Contact.name, Contact.id).limit(limit)
    ).all()
