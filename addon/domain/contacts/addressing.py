"""The addresses of a person: several, in an order, of which mail goes to the first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.access import WHOLE_TEAM
from addon.domain.activity import operations as activity
from addon.domain.contacts import addresses, queries
from addon.domain.contacts.operations import AddressTakenUnseen, NotAnAddress
from addon.domain.errors import DomainError, NotFound
from addon.models import Activity, Address, Contact


class AddressTaken(DomainError):
    """It is somebody else's. Params: email, name, contact_id."""

    code = "contacts.address_taken"


def add(
    session: Session,
    contact_id: int,
    email: str,
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """Give a person one more address, behind the others; None where it is theirs.

    Raises NotFound, NotAnAddress, AddressTaken, AddressTakenUnseen.
    """
    contact = queries.hold(session, contact_id)
    clean = addresses.clean(email)
    if clean is None:
        raise NotAnAddress(given=email[:320])
    key = addresses.key_of(session, clean)
    query = select(Address).where(Address.key == key).order_by(Address.id).execution_options(**WHOLE_TEAM)
    same = session.scalars(query).all()
    _check_free(session, clean, [row.contact_id for row in same], contact.id)
    address = next((row for row in same if row.email.casefold() == clean.casefold()), None)
    if address is not None and address.contact_id == contact.id:
        return None
    before = _ids(session, contact.id)
    if address is None:
        address = Address(email=clean, key=key, created_at=at)
        session.add(address)
    address.contact_id, address.position = contact.id, queries.next_position(session, contact.id)
    session.flush()
    return _note(session, "contact.address_added", contact, address, before, at=at, cause=cause, undoes=undoes)


def make_first(
    session: Session,
    contact_id: int,
    address_id: int,
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """Mail goes to this address from now on; None where it does. Raises NotFound."""
    held = _ids(session, contact_id)
    wanted = [address_id, *(each for each in held if each != address_id)]
    return put_in_order(session, contact_id, wanted, at=at, cause=cause, undoes=undoes)


def put_in_order(
    session: Session,
    contact_id: int,
    address_ids: Sequence[int],
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """All addresses of a person in this order; None where they stand so. Raises NotFound, for another's address too."""
    contact = queries.hold(session, contact_id)
    held = {address.id: address for address in queries.addresses_of(session, contact.id)}
    wanted = list(address_ids)
    if sorted(wanted) != sorted(held):
        raise NotFound(what="address", given=wanted)
    if list(held) == wanted:
        return None
    before = _ids(session, contact.id)
    for position, address_id in enumerate(wanted):
        held[address_id].position = position
    session.flush()
    first = held[wanted[0]]
    return _note(session, "contact.addresses_ordered", contact, first, before, at=at, cause=cause, undoes=undoes)


def take_away(
    session: Session,
    contact_id: int,
    address_id: int,
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity:
    """The address is nobody's from now on; its row stays, with what holds of it. Raises NotFound."""
    contact = queries.hold(session, contact_id)
    address = next((row for row in queries.addresses_of(session, contact.id) if row.id == address_id), None)
    if address is None:
        raise NotFound(what="address", given=address_id)
    before = _ids(session, contact.id)
    address.contact_id = None
    session.flush()
    return _note(session, "contact.address_removed", contact, address, before, at=at, cause=cause, undoes=undoes)


def _check_free(session: Session, email: str, owners: Sequence[int | None], contact_id: int) -> None:
    other = next((owner for owner in owners if owner not in (None, contact_id)), None)
    if other is None:
        return
    seen = session.scalar(select(Contact).where(Contact.id == other))
    if seen is None:
        raise AddressTakenUnseen(email=email)
    raise AddressTaken(email=email, name=seen.name, contact_id=seen.id)


def _ids(session: Session, contact_id: int) -> list[int]:
    return [address.id for address in queries.addresses_of(session, contact_id)]


def _note(
    session: Session,
    kind: str,
    contact: Contact,
    address: Address,
    before: list[int],
    *,
    at: datetime,
    cause: Activity | None,
    undoes: Activity | None,
) -> Activity:
    session.expire(contact, ["addresses"])
    return activity.record(
        session,
        kind,
        ("contact", contact.id),
        at=at,
        before={"address_id": address.id, "order": before},
        after={"address_id": address.id, "order": _ids(session, contact.id)},
        texts={"email": address.email},
        cause=cause,
        undoes=undoes,
    )
