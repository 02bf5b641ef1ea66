"""Adding people by the hundred: a handful of statements a slice, however many rows it has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.activity import many as activity
from addon.models import Activity, Address, Contact

SLICE = 500
"""Parameters of one statement."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody to be known by this address; names count only where the person is new."""

    email: str
    """In one spelling, as `addresses.clean` gives it."""
    key: str
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    title: str = ""
    phone: str = ""
    locale: str = ""


@dataclass(frozen=True)
class Known:
    address_id: int
    contact_id: int


def with_keys(session: Session, keys: Collection[str]) -> dict[str, list[Address]]:
    """All addresses of these keys, oldest first."""
    found: dict[str, list[Address]] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), SLICE):
        rows = session.scalars(
            select(Address).where(Address.key.in_(ordered[start : start + SLICE])).order_by(Address.id)
        )
        for row in rows:
            found.setdefault(row.key, []).append(row)
    return found


def ensure(
    session: Session, people: Sequence[Person], *, at: datetime, cause: Activity | None = None
) -> dict[str, Known]:
    """The address and the contact of each, added where there is none; by address key. `people` have distinct keys."""
    known = with_keys(session, [person.key for person in people])
    owners = {key: next((row.contact_id for row in rows if row.contact_id), None) for key, rows in known.items()}
    strangers = [person for person in people if owners.get(person.key) is None]
    owners.update(zip((p.key for p in strangers), _add_contacts(session, strangers, at=at, cause=cause), strict=True))
    places = {
        person.key: next(
            (row.id for row in known.get(person.key, ()) if row.email.casefold() == person.email.casefold()), None
        )
        for person in people
    }
    _give_owner(session, [places[p.key] for p in strangers], [owners[p.key] for p in strangers])
    homeless = [person for person in people if places[person.key] is None]
    places.update(zip((p.key for p in homeless), _add_addresses(session, homeless, owners, at=at), strict=True))
    new_people = {person.key for person in strangers}
    spellings = [(place, {"email": p.email}) for p in homeless if p.key not in new_people and (place := places[p.key])]
    activity.record_births(session, "address.added", "address", spellings, at=at, cause=cause)
    return {key: Known(place, owner) for key, place in places.items() if place and (owner := owners[key])}


def _add_contacts(
    session: Session, people: Sequence[Person], *, at: datetime, cause: Activity | None
) -> Sequence[int | None]:
    if not people:
        return []
    team_id = viewer_of(session).team_id
    rows = [{"team_id": team_id, "created_at": at, **_names(person)} for person in people]
    ids = session.scalars(insert(Contact).returning(Contact.id, sort_by_parameter_order=True), rows).all()
    born = [(contact_id, {"name": row["name"]}) for contact_id, row in zip(ids, rows, strict=True)]
    activity.record_births(session, "contact.created", "contact", born, at=at, cause=cause)
    return ids


def _names(person: Person) -> dict[str, str]:
    name = person.name.strip() or f"{person.first_name} {person.last_name}".strip() or person.email.partition("@")[0]
    return {
        "name": name[:300],
        "first_name": (person.first_name or name.partition(" ")[0])[:150],
        "last_name": (person.last_name or name.partition(" ")[2])[:150],
        "title": person.title[:300],
        "phone": person.phone[:64],
        "locale": person.locale[:16],
    }


def _add_addresses(
    session: Session, people: Sequence[Person], owners: dict[str, int | None], *, at: datetime
) -> Sequence[int | None]:
    if not people:
        return []
    team_id = viewer_of(session).team_id
    rows = [
        {"team_id": team_id, "created_at": at, "email": p.email, "key": p.key, "contact_id": owners[p.key]}
        for p in people
    ]
    return session.scalars(insert(Address).returning(Address.id, sort_by_parameter_order=True), rows).all()


def _give_owner(session: Session, addresses: Iterable[int | None], owners: Iterable[int | None]) -> None:
    """Addresses that stood there without a person get theirs."""
    for address_id, contact_id in zip(addresses, owners, strict=True):
        if address_id is not None:
            session.execute(
                update(Address)
                .where(Address.id == address_id, Address.contact_id.is_(None))
                .values(contact_id=contact_id)
            )
