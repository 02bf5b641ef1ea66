"""Adding people, companies and addresses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.activity import operations as activity
from addon.domain.contacts import addresses
from addon.domain.errors import DomainError
from addon.models import Address, Company, Contact


class NotAnAddress(DomainError):
    code = "contacts.not_an_address"


class NoName(DomainError):
    code = "contacts.no_name"


def create_company(session: Session, name: str, *, at: datetime, domain: str | None = None) -> Company:
    """Add a company; `domain` only where a person says so, and never a free-mail one."""
    name = name.strip()
    if not name:
        raise NoName
    domain = domain.strip().lower() if domain else None
    company = Company(name=name[:300], domain=domain if domain not in addresses.FREE_MAIL else None, created_at=at)
    session.add(company)
    session.flush()
    activity.record(session, "company.created", ("company", company.id), at=at, texts={"name": name})
    return company


def company_named(session: Session, name: str, *, at: datetime) -> Company:
    """The company of this name, added where there is none."""
    found = session.scalar(select(Company).where(Company.name == name.strip()[:300]).order_by(Company.id))
    return found or create_company(session, name, at=at)


def create(
    session: Session,
    email: str,
    *,
    at: datetime,
    name: str = "",
    first_name: str = "",
    last_name: str = "",
    title: str = "",
    phone: str = "",
    locale: str = "",
    company: Company | None = None,
) -> Contact:
    """Add a person with an address, or return the one who has it already. Raises NotAnAddress."""
    address = ensure_address(session, email, at=at)
    if address.contact_id is not None:
        return session.get_one(Contact, address.contact_id)
    name = name.strip() or f"{first_name} {last_name}".strip() or address.email.partition("@")[0]
    contact = Contact(
        name=name[:300],
        first_name=(first_name or name.partition(" ")[0])[:150],
        last_name=(last_name or name.partition(" ")[2])[:150],
        title=title[:300],
        phone=phone[:64],
        locale=locale[:16],
        company_id=company.id if company else None,
        created_at=at,
    )
    session.add(contact)
    session.flush()
    address.contact_id = contact.id
    session.flush()
    activity.record(session, "contact.created", ("contact", contact.id), at=at, texts={"name": contact.name})
    return contact


def ensure_address(session: Session, email: str, *, at: datetime) -> Address:
    """The row of an address, added where there is none; it takes the contact of a row with the same key.

    Another spelling of a known person stands in the diary; a new person's first address does with the person.
    Raises NotAnAddress.
    """
    clean = addresses.clean(email)
    if clean is None:
        raise NotAnAddress(given=email)
    key = addresses.key_of(session, clean)
    same = session.scalars(select(Address).where(Address.key == key).order_by(Address.id)).all()
    for row in same:
        if row.email.casefold() == clean.casefold():
            return row
    owner = next((row.contact_id for row in same if row.contact_id is not None), None)
    address = Address(email=clean, key=key, contact_id=owner, created_at=at)
    session.add(address)
    session.flush()
    if owner is not None:
        subject, texts = ("address", address.id), {"email": address.email}
        activity.record(session, "address.added", subject, at=at, after={"contact_id": owner}, texts=texts)
    return address


def mark_bounced(session: Session, address: Address, *, at: datetime) -> None:
    """A report says that this address does not exist."""
    if address.bounced_at is None:
        address.bounced_at = at
        activity.record(session, "address.bounced", ("address", address.id), at=at)
