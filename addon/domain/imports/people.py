"""People out of rows: found by id, address or, without one, by exact name; else made. One mail is one person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.activity import many as activity
from addon.domain.contacts import addresses, many
from addon.domain.contacts.naming import with_names
from addon.domain.fields.checking import Typed
from addon.domain.imports import addressing, companies, editing
from addon.domain.imports.addressing import Gift
from addon.domain.imports.judging import Judged
from addon.domain.imports.outcome import Outcome, bad
from addon.models import Activity, Address, Contact, RowState, Subject


@dataclass
class _Slice:
    """Rows of which no two make the same new person, and what is known of them."""

    rows: Sequence[Judged]
    keys: Mapping[str, str]
    """Address -> its key."""
    known: Mapping[str, Sequence[Address]]
    found: dict[int, int] = field(default_factory=dict)
    """Row number -> contact id, also of people whom the viewer does not see."""
    new: set[int] = field(default_factory=set)
    holders: dict[int, Contact] = field(default_factory=dict)
    addressed: set[int] = field(default_factory=set)
    """Who got another address."""
    numbers: dict[int, int] = field(default_factory=dict)
    """The last entries about that, by contact id."""


def take(session: Session, rows: Sequence[Judged], *, at: datetime, cause: Activity) -> list[Outcome]:
    """Take in rows that are people; their companies come with them."""
    firms = companies.ensure(session, rows, at=at, cause=cause)
    company_of = {row.number: firms.get(companies.named_by(row)) for row in rows}
    outcomes: list[Outcome] = []
    for some in _apart(rows):
        part = _resolve(session, some, at=at, cause=cause)
        wanted: dict[int, dict[str, Typed]] = {}
        for row in some:
            each = part.found.get(row.number)
            if each in part.holders:
                values = _values(row, company_of[row.number], part.holders[each], new=each in part.new)
                wanted[each] = {**wanted.get(each, {}), **values}
        numbers = _write(session, part, wanted, at=at, cause=cause)
        outcomes += [_outcome(row, part, company_of[row.number], numbers) for row in some]
    return outcomes


def ensure(
    session: Session, rows: Sequence[Judged], company_of: Mapping[int, int | None], *, at: datetime, cause: Activity
) -> dict[int, int]:
    """The person that each row names, by its number, made where there is none; nobody who is there is changed."""
    found: dict[int, int] = {}
    for some in _apart(rows):
        part = _resolve(session, some, at=at, cause=cause)
        for row in some:
            each = part.found.get(row.number)
            if each in part.new and company_of.get(row.number) is not None:
                part.holders[each].company_id = company_of[row.number]
        found.update(part.found)
    session.flush()
    return found


def _apart(rows: Sequence[Judged]) -> Iterable[Sequence[Judged]]:
    """In their order, cut where one is known by what a row of the same cut is known by."""
    part: list[Judged] = []
    taken: set[object] = set()
    for row in rows:
        said: set[object] = {row.id, *map(addresses.canonical, row.emails)} if row.id or row.emails else {_name(row)}
        said.discard(None)
        if said & taken:
            yield part
            part, taken = [], set()
        part.append(row)
        taken |= said
    yield part


def _resolve(session: Session, rows: Sequence[Judged], *, at: datetime, cause: Activity) -> _Slice:
    """Who each row is; strangers are made."""
    keys = {email: addresses.key_of(session, email) for row in rows for email in row.emails}
    part = _Slice(rows, keys, many.with_keys(session, set(keys.values())))
    namesakes = _namesakes(session, [_name(row) for row in rows if row.id is None and not row.emails])
    for row in rows:
        each = row.id or _owner(part, row) or (None if row.emails else namesakes.get(_name(row)))
        if each is not None:
            part.found[row.number] = each
    strangers = [row for row in rows if row.number not in part.found]
    _make_addressed(session, part, [row for row in strangers if row.emails], at=at, cause=cause)
    _make_named(session, part, [row for row in strangers if not row.emails], at=at, cause=cause)
    ids = sorted(set(part.found.values()))
    seen = session.scalars(select(Contact).where(Contact.id.in_(ids), Contact.deleted_at.is_(None)))
    part.holders = {row.id: row for row in seen}
    _add_addresses(session, part, at=at, cause=cause)
    return part


def _owner(part: _Slice, row: Judged) -> int | None:
    for email in row.emails:
        for address in part.known.get(part.keys[email], ()):
            if address.contact_id is not None:
                return address.contact_id
    return None


def _namesakes(session: Session, names: Collection[str]) -> dict[str, int]:
    """Who alone is called so."""
    found: dict[str, list[int]] = {}
    query = select(Contact.name, Contact.id).where(Contact.name.in_(sorted(set(names))), Contact.deleted_at.is_(None))
    for name, each in session.execute(query) if names else ():
        found.setdefault(name, []).append(each)
    return {name: ids[0] for name, ids in found.items() if len(ids) == 1}


def _make_addressed(session: Session, part: _Slice, rows: Sequence[Judged], *, at: datetime, cause: Activity) -> None:
    people = [
        many.Person(
            email=row.emails[0],
            key=part.keys[row.emails[0]],
            name=str(row.values.get("name", "")),
            first_name=str(row.values.get("first_name", "")),
            last_name=str(row.values.get("last_name", "")),
            title=str(row.values.get("job", "")),
            phone=str(row.values.get("phone", "")),
            locale=str(row.values.get("locale", "")),
        )
        for row in rows
    ]
    made = many.ensure(session, people, at=at, cause=cause) if people else {}
    for row in rows:
        part.found[row.number] = made[part.keys[row.emails[0]]].contact_id
        part.new.add(part.found[row.number])


def _make_named(session: Session, part: _Slice, rows: Sequence[Judged], *, at: datetime, cause: Activity) -> None:
    """People without an address."""
    made = [
        Contact(
            name=_name(row)[:300],
            first_name=str(row.values.get("first_name", "") or _name(row).partition(" ")[0])[:150],
            last_name=str(row.values.get("last_name", "") or _name(row).partition(" ")[2])[:150],
            title=str(row.values.get("job", "")),
            phone=str(row.values.get("phone", "")),
            locale=str(row.values.get("locale", "")),
            created_at=at,
        )
        for row in rows
    ]
    session.add_all(made)
    session.flush()
    born = [(contact.id, {"name": contact.name}) for contact in made]
    activity.record_births(session, "contact.created", "contact", born, at=at, cause=cause)
    for row, contact in zip(rows, made, strict=True):
        part.found[row.number] = contact.id
        part.new.add(contact.id)


def _add_addresses(session: Session, part: _Slice, *, at: datetime, cause: Activity) -> None:
    """Addresses that nobody has yet go to the row's person; the first of a new one is there already."""
    gifts = [
        Gift(each, email, part.keys[email], place)
        for row in part.rows
        if (each := part.found.get(row.number)) in part.holders and each is not None
        for place, email in enumerate(row.emails)
        if place or each not in part.new
    ]
    part.addressed, part.numbers = addressing.give(session, gifts, part.known, part.new, at=at, cause=cause)
    for each in part.numbers:
        session.expire(part.holders[each], ["addresses"])


def _values(row: Judged, company_id: int | None, person: Contact, *, new: bool) -> dict[str, Typed]:
    """What the row says about the person; the parts of a name follow the whole, and the whole its parts."""
    values = dict(row.values)
    if company_id is not None:
        values["company"] = company_id
    return values if new else with_names(person, values)


def _write(
    session: Session, part: _Slice, wanted: Mapping[int, Mapping[str, Typed]], *, at: datetime, cause: Activity
) -> dict[int, int]:
    """Edits are noted; what a new person is filled with belongs to the making."""
    for each in part.new:
        company, owner = wanted[each].get("company"), wanted[each].get("owner")
        part.holders[each].company_id = company if isinstance(company, int) else None
        part.holders[each].owner_id = owner if isinstance(owner, int) else None
    editing.fill(session, Subject.CONTACT, {each: wanted[each] for each in part.new})
    old = {each: values for each, values in wanted.items() if each not in part.new}
    edits = editing.edit_many(session, Subject.CONTACT, part.holders, old, at=at, cause=cause)
    return {**part.numbers, **edits}


def _outcome(row: Judged, part: _Slice, company_id: int | None, numbers: Mapping[int, int]) -> Outcome:
    each = part.found.get(row.number)
    if each not in part.holders:
        # Somebody's whom the viewer may not see: left alone, and nothing said.
        return (
            Outcome(row=row, state=RowState.UNCHANGED)
            if row.emails
            else bad(row, "imports.no_such_id", given=row.id or 0)
        )
    changed = each in numbers or each in part.addressed
    state = RowState.CREATED if each in part.new else RowState.UPDATED if changed else RowState.UNCHANGED
    number = numbers.get(each, 1) if each in part.new else numbers.get(each)
    return Outcome(row=row, state=state, contact_id=each, company_id=company_id, last_number=number)


def _name(row: Judged) -> str:
    values = row.values
    return str(values.get("name") or f"{values.get('first_name', '')} {values.get('last_name', '')}".strip())
