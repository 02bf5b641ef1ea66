"""Adding and changing people, and the addresses that mail brings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.activity import operations as activity
from addon.domain.contacts import addresses, companies, queries
from addon.domain.contacts.naming import whole_name, with_names
from addon.domain.errors import DomainError
from addon.domain.fields import editing, stored
from addon.domain.teams import queries as teams
from addon.models import Activity, Address, Company, Contact, Subject


class NotAnAddress(DomainError):
    code = "contacts.not_an_address"


class AddressTakenUnseen(DomainError):
    """It belongs to somebody whom the viewer may not see. Params: email, as it was typed.

    What one may not see exists in no refusal. An address is one person's in a team, so a second person cannot have it,
    and making one without it would lose what was typed: it must be refused. The refusal says only that the address
    cannot be used here and who can help: not that it is somebody's, not whose, not how it is written there. (An import
    leaves such a row unchanged, as every row that brings nothing new.)
    """

    code = "contacts.address_refused"


def create_company(session: Session, name: str, *, at: datetime, domain: str | None = None) -> Company:
    """Add a company; `domain` only where a person says so. Raises as `companies.create` does."""
    return companies.create(session, name, domain=domain or "", at=at)


def company_named(session: Session, name: str, *, at: datetime) -> Company:
    """The company of this name, added where there is none. Raises NoName, Refused."""
    found = queries.companies_named(session, name)
    return found[0] if found else companies.create(session, name, at=at)


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
    owner_id: int | None = None,
    values: Mapping[str, Any] | None = None,
    cause: Activity | None = None,
) -> Contact:
    """Add a person with an address, or return the one who has it already, unchanged. `values` are custom fields.

    Raises NotAnAddress, AddressTakenUnseen, Refused, UnknownField, NotFound.
    """
    address = ensure_address(session, email, at=at)
    if address.contact_id is not None:
        known = session.scalar(select(Contact).where(Contact.id == address.contact_id))
        if known is None:
            raise AddressTakenUnseen(email=email.strip()[:320])
        return known
    name = whole_name(name, first_name, last_name) or address.email.partition("@")[0]
    contact = Contact(
        name=name[:300],
        first_name=(first_name or name.partition(" ")[0])[:150],
        last_name=(last_name or name.partition(" ")[2])[:150],
        title=title[:300],
        phone=phone[:64],
        locale=locale[:16],
        company_id=company.id if company else None,
        owner_id=teams.get_user(session, owner_id).id if owner_id else None,
        created_at=at,
    )
    session.add(contact)
    session.flush()
    address.contact_id = contact.id
    session.flush()
    if values:
        stored.set_values(session, Subject.CONTACT, contact.id, values)
    texts = {"name": contact.name}
    activity.record(session, "contact.created", ("contact", contact.id), at=at, texts=texts, cause=cause)
    return contact


def create_unaddressed(
    session: Session, changes: Mapping[str, Any], *, at: datetime, cause: Activity | None = None
) -> Contact:
    """Add a person of whom no address is known; keys as for `edit`. Raises Refused (without a name too), NotFound."""
    found = with_names(None, editing.columns(Subject.CONTACT, {"name": _called(changes), **changes}))
    _check_ids(session, found)
    contact = Contact(created_at=at, **found)
    session.add(contact)
    session.flush()
    editing.write(session, Subject.CONTACT, contact, {}, changes)
    texts = {"name": contact.name}
    activity.record(session, "contact.created", ("contact", contact.id), at=at, texts=texts, cause=cause)
    return contact


def edit(
    session: Session,
    contact_id: int,
    changes: Mapping[str, Any],
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """Change built-in and custom fields, by key, in one act; None where nothing differs.

    Keys: name, first_name, last_name, job, phone, locale (texts), company, owner (ids or None), f<id> (typed values).
    A new name is parted into first and last where these are not given, and the other way round. Raises NotFound,
    Refused, UnknownField.
    """
    contact = queries.hold(session, contact_id)
    found = with_names(contact, editing.columns(Subject.CONTACT, changes))
    _check_ids(session, {name: value for name, value in found.items() if value != getattr(contact, name)})
    noted = editing.write(session, Subject.CONTACT, contact, found, changes)
    if noted is None:
        return None
    session.expire(contact, ["company"])
    return activity.record(
        session,
        "contact.edited",
        ("contact", contact.id),
        at=at,
        before=noted.before,
        after=noted.after,
        texts=noted.texts,
        cause=cause,
        undoes=undoes,
    )


def edits_of(session: Session, entry: Activity) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a `contact.edited` entry changed: before and after, as `changes` for `edit`."""
    return editing.edits_of(session, Subject.CONTACT, entry)


def delete(
    session: Session, contact_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity:
    """Take a person away. Raises NotFound.

    Their addresses are let go, so that who writes from one again is somebody new. The rows stay, for who must not be
    mailed must never be.
    """
    contact = queries.hold(session, contact_id)
    held = queries.addresses_of(session, contact_id)
    for address in held:
        address.contact_id = None
    contact.deleted_at = at
    session.flush()
    session.expire(contact, ["addresses"])
    return activity.record(
        session,
        "contact.deleted",
        ("contact", contact.id),
        at=at,
        before={"addresses": [address.id for address in held]},
        texts={"name": contact.name},
        cause=cause,
        undoes=undoes,
    )


def restore(
    session: Session, contact_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity | None:
    """Bring a deleted person back with those of their addresses that are nobody else's now; None where they are there.

    Raises NotFound.
    """
    contact = queries.hold(session, contact_id, deleted=True)
    if contact.deleted_at is None:
        return None
    gone = queries.deletion_of(session, "contact", contact_id)
    wanted = gone.before.get("addresses", []) if gone else []
    free = select(Address).where(Address.id.in_(wanted), Address.contact_id.is_(None)).order_by(Address.position)
    back = session.scalars(free).all()
    for address in back:
        address.contact_id = contact.id
    contact.deleted_at = None
    session.flush()
    session.expire(contact, ["addresses"])
    return activity.record(
        session,
        "contact.restored",
        ("contact", contact.id),
        at=at,
        after={"addresses": [address.id for address in back]},
        texts={"name": contact.name},
        cause=cause,
        undoes=undoes,
    )


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
    place = queries.next_position(session, owner) if owner is not None else 0
    address = Address(email=clean, key=key, contact_id=owner, position=place, created_at=at)
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


def _called(changes: Mapping[str, Any]) -> str:
    return whole_name("", str(changes.get("first_name") or ""), str(changes.get("last_name") or ""))


def _check_ids(session: Session, found: Mapping[str, Any]) -> None:
    if found.get("owner_id"):
        teams.get_user(session, found["owner_id"])
    if found.get("company_id"):
        queries.get_company(session, found["company_id"])
