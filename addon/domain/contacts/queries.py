"""Finding people."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon.domain.contacts import addresses
from addon.domain.contacts.free_mail import is_free_mail
from addon.domain.errors import NotFound
from addon.models import Activity, Address, Company, Contact


def get(session: Session, contact_id: int) -> Contact:
    """Raises NotFound."""
    contact = session.scalar(select(Contact).where(Contact.id == contact_id, Contact.deleted_at.is_(None)))
    if contact is None:
        raise NotFound(what="contact", given=contact_id)
    return contact


def hold(session: Session, contact_id: int, *, deleted: bool = False) -> Contact:
    """The person as they stand now, held until the transaction ends. Raises NotFound."""
    query = select(Contact).where(Contact.id == contact_id).with_for_update()
    contact = session.scalar(query.execution_options(populate_existing=True))
    if contact is None or (contact.deleted_at is not None and not deleted):
        raise NotFound(what="contact", given=contact_id)
    return contact


def get_company(session: Session, company_id: int) -> Company:
    """Raises NotFound."""
    company = session.scalar(select(Company).where(Company.id == company_id, Company.deleted_at.is_(None)))
    if company is None:
        raise NotFound(what="company", given=company_id)
    return company


def hold_company(session: Session, company_id: int, *, deleted: bool = False) -> Company:
    """The company as it stands now, held until the transaction ends. Raises NotFound."""
    query = select(Company).where(Company.id == company_id).with_for_update()
    company = session.scalar(query.execution_options(populate_existing=True))
    if company is None or (company.deleted_at is not None and not deleted):
        raise NotFound(what="company", given=company_id)
    return company


def companies_named(session: Session, name: str) -> Sequence[Company]:
    """Companies of this name, the oldest first."""
    query = select(Company).where(Company.name == name.strip(), Company.deleted_at.is_(None))
    return session.scalars(query.order_by(Company.id)).all()


def companies(session: Session, *, limit: int = 500) -> Sequence[Company]:
    """Companies by name."""
    query = select(Company).where(Company.deleted_at.is_(None)).order_by(Company.name, Company.id)
    return session.scalars(query.limit(limit)).all()


def of_company(session: Session, company_id: int) -> Sequence[Contact]:
    """The people who work for it, by name."""
    query = select(Contact).where(Contact.company_id == company_id, Contact.deleted_at.is_(None))
    return session.scalars(query.order_by(Contact.name, Contact.id)).all()


def addresses_of(session: Session, contact_id: int) -> Sequence[Address]:
    """A person's addresses; mail goes to the first."""
    return with_addresses(session, [contact_id])[contact_id]


def with_addresses(session: Session, contact_ids: Collection[int]) -> dict[int, list[Address]]:
    """The addresses of each whom the viewer may see, the one that mail goes to first: one statement for 500 people."""
    found: dict[int, list[Address]] = {each: [] for each in contact_ids}
    ordered = sorted(found)
    for start in range(0, len(ordered), 500):
        query = select(Address).join(Contact, Contact.id == Address.contact_id)
        query = query.where(Address.contact_id.in_(ordered[start : start + 500]))
        for address in session.scalars(query.order_by(Address.contact_id, Address.position, Address.id)):
            if address.contact_id is not None:
                found[address.contact_id].append(address)
    return found


def next_position(session: Session, contact_id: int | None) -> int:
    """The place behind all addresses of a person."""
    last = session.scalar(select(func.max(Address.position)).where(Address.contact_id == contact_id))
    return 0 if last is None else last + 1


def deletion_of(session: Session, kind: str, subject_id: int) -> Activity | None:
    """The diary's entry of the last time that this person or company was deleted."""
    query = select(Activity).where(
        Activity.subject_kind == kind, Activity.subject_id == subject_id, Activity.kind == f"{kind}.deleted"
    )
    return session.scalars(query.order_by(Activity.number.desc()).limit(1)).first()


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
    if not domain or is_free_mail(domain):
        return None
    return session.scalar(select(Company).where(Company.domain == domain, Company.deleted_at.is_(None)))


def everybody(session: Session, *, limit: int = 500) -> Sequence[Contact]:
    """People by name."""
    return session.scalars(
        select(Contact).where(Contact.deleted_at.is_(None)).order_by(Contact.name, Contact.id).limit(limit)
    ).all()
