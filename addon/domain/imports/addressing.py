"""Addresses that rows bring to people: each stands in the diary, so that an undo can let it go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from sqlalchemy import insert
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.activity import many as activity
from addon.domain.contacts import queries as contacts
from addon.domain.fields.noting import Noted
from addon.domain.imports import noting
from addon.models import Activity, Address, Subject


@dataclass(frozen=True)
class Gift:
    """An address that a row wants somebody to have; `place` is its place among those of the row."""

    contact_id: int
    email: str
    key: str
    place: int


def give(
    session: Session,
    gifts: Sequence[Gift],
    known: Mapping[str, Sequence[Address]],
    new: Collection[int],
    *,
    at: datetime,
    cause: Activity,
) -> tuple[set[int], dict[int, int]]:
    """Give each address that is nobody's: who got one, and the numbers of the last entries in their diaries.

    `known`: all addresses by key. What is written for the first time for one of the `new` belongs to their making.
    """
    taken = {key for key, rows in known.items() if any(row.contact_id is not None for row in rows)}
    free = {gift.key: gift for gift in reversed(gifts) if gift.key not in taken}
    born = [gift for gift in free.values() if gift.key not in known and gift.contact_id in new]
    _add(session, born, at=at, cause=cause)
    given: dict[int, list[Address]] = {}
    for gift in sorted(set(free.values()) - set(born), key=lambda gift: gift.place):
        rows = known.get(gift.key) or [Address(email=gift.email, key=gift.key, created_at=at)]
        given.setdefault(gift.contact_id, []).extend(rows)
    numbers = _hand_over(session, given, at=at, cause=cause) if given else {}
    return {gift.contact_id for gift in free.values()}, numbers


def _add(session: Session, born: Sequence[Gift], *, at: datetime, cause: Activity) -> None:
    if not born:
        return
    shared = {"team_id": viewer_of(session).team_id, "created_at": at}
    lines = [
        {**shared, "email": gift.email, "key": gift.key, "contact_id": gift.contact_id, "position": gift.place}
        for gift in born
    ]
    ids = session.scalars(insert(Address).returning(Address.id, sort_by_parameter_order=True), lines).all()
    texts = [(each, {"email": gift.email}) for each, gift in zip(ids, born, strict=True)]
    activity.record_births(session, "address.added", "address", texts, at=at, cause=cause)


def _hand_over(
    session: Session, given: Mapping[int, Sequence[Address]], *, at: datetime, cause: Activity
) -> dict[int, int]:
    """Behind those that each has: an entry for every address, as `contacts.addressing.add` writes one."""
    held = contacts.with_addresses(session, list(given))
    for each, rows in given.items():
        last = max((row.position for row in held[each]), default=-1)
        for place, row in enumerate(rows, start=last + 1):
            row.contact_id, row.position = each, place
        session.add_all(rows)
    session.flush()
    numbers: dict[int, int] = {}
    entries = [_entries(each, [row.id for row in held[each]], rows) for each, rows in given.items()]
    for some in zip_longest(*entries):
        noted = dict(entry for entry in some if entry is not None)
        numbers |= noting.record(session, Subject.CONTACT, "address_added", noted, at=at, cause=cause)
    return numbers


def _entries(contact_id: int, order: Sequence[int], rows: Sequence[Address]) -> list[tuple[int, Noted]]:
    entries = []
    for row in rows:
        behind = [*order, row.id]
        before, after = ({"address_id": row.id, "order": list(held)} for held in (order, behind))
        entries.append((contact_id, Noted(before, after, {"email": row.email})))
        order = behind
    return entries
