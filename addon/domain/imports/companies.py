"""Companies out of rows: found by id, domain or name, whatever its capitals, else made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from addon.domain.access import WHOLE_TEAM
from addon.domain.access.small_letters import lowered, small_letters
from addon.domain.activity import many as activity
from addon.domain.fields.checking import Typed
from addon.domain.imports import editing
from addon.domain.imports.judging import Judged
from addon.domain.imports.outcome import Outcome, bad
from addon.models import Activity, Company, RowState, Subject


@dataclass(frozen=True)
class Named:
    """A company as a row names it; one of the two may be empty."""

    name: str = ""
    domain: str = ""

    @property
    def shown(self) -> str:
        return self.name or self.domain

    @property
    def folded(self) -> str:
        return lowered(self.shown)


def ensure(session: Session, rows: Collection[Judged], *, at: datetime, cause: Activity) -> dict[Named, int]:
    """The company that each row names, made where there is none."""
    wanted = [each for each in dict.fromkeys(map(named_by, rows)) if each.shown]
    if not wanted:
        return {}
    by_domain, by_name = _there(session, wanted)
    fresh: dict[str, Named] = {}
    for each in wanted:
        if each.domain not in by_domain and each.folded not in by_name:
            known = fresh.setdefault(each.folded, each)
            fresh[each.folded] = known if known.domain else replace(known, domain=each.domain)
    by_name.update(_make(session, list(fresh.values()), at=at, cause=cause))
    found = {each: by_domain.get(each.domain) or by_name[each.folded] for each in wanted}
    if fresh:
        _note_taken(session, [row for row in rows if named_by(row).folded in fresh], "company.domain", found)
    return found


def named_by(row: Judged) -> Named:
    """The company that a row of people or deals names."""
    return Named(row.words.get("company", ""), row.words.get("company.domain", ""))


def take(session: Session, rows: Sequence[Judged], *, at: datetime, cause: Activity) -> list[Outcome]:
    """Take in rows that are companies."""
    outcomes: list[Outcome] = []
    for some in _apart(rows):
        outcomes += _take(session, some, at=at, cause=cause)
    return outcomes


def _apart(rows: Sequence[Judged]) -> Iterable[Sequence[Judged]]:
    """In their order, cut where one names a company that a row of the same cut names too."""
    part: list[Judged] = []
    taken: set[object] = set()
    for row in rows:
        said = {row.id, lowered(str(row.values.get("name", ""))), row.values.get("domain")} - {None, ""}
        if said & taken:
            yield part
            part, taken = [], set()
        part.append(row)
        taken |= said
    yield part


def _take(session: Session, rows: Sequence[Judged], *, at: datetime, cause: Activity) -> list[Outcome]:
    named = {row.number: _named(row) for row in rows}
    by_domain, by_name = _there(session, list(named.values()))
    ids = {row.id for row in rows if row.id is not None}
    found = {
        row.number: row.id or by_domain.get(named[row.number].domain) or by_name.get(named[row.number].folded)
        for row in rows
    }
    fresh = [row for row in rows if found[row.number] is None and row.id is None]
    made = _make(session, [named[row.number] for row in fresh], at=at, cause=cause)
    new = {made[named[row.number].folded] for row in fresh}
    found.update({row.number: made[named[row.number].folded] for row in fresh})
    wanted_ids = sorted({each for each in found.values() if each is not None} | ids)
    holders = {
        row.id: row
        for row in session.scalars(select(Company).where(Company.id.in_(wanted_ids), Company.deleted_at.is_(None)))
    }
    taken = _domains(session, [str(row.values["domain"]) for row in rows if "domain" in row.values])
    wanted: dict[int, dict[str, Typed]] = {}
    for row in rows:
        each = found[row.number]
        if each in holders:
            values = {
                key: value
                for key, value in row.values.items()
                if key != "domain" or taken.get(str(value), each) == each
            }
            if values.keys() != row.values.keys():
                _note(row, "domain", str(row.values["domain"]))
            wanted[each] = {**wanted.get(each, {}), **values}
    numbers = _write(session, holders, wanted, new, at=at, cause=cause)
    return [_outcome(row, found[row.number] or 0, holders, new, numbers) for row in rows]


def _write(
    session: Session,
    holders: Mapping[int, Company],
    wanted: Mapping[int, Mapping[str, Typed]],
    new: Collection[int],
    *,
    at: datetime,
    cause: Activity,
) -> dict[int, int]:
    """Edits are noted; what a new company is filled with belongs to its making."""
    for each in new:
        owner = wanted[each].get("owner")
        if isinstance(owner, int):
            holders[each].owner_id = owner
    editing.fill(session, Subject.COMPANY, {each: wanted[each] for each in new})
    old = {each: values for each, values in wanted.items() if each not in new}
    return editing.edit_many(session, Subject.COMPANY, holders, old, at=at, cause=cause)


def _outcome(
    row: Judged, each: int, holders: Mapping[int, Company], new: Collection[int], numbers: Mapping[int, int]
) -> Outcome:
    if each not in holders:
        return bad(row, "imports.no_such_id", given=row.id or 0)
    state = RowState.CREATED if each in new else RowState.UPDATED if each in numbers else RowState.UNCHANGED
    return Outcome(row=row, state=state, company_id=each, last_number=1 if each in new else numbers.get(each))


def _named(row: Judged) -> Named:
    return Named(str(row.values.get("name", "")), str(row.values.get("domain", "")))


def _there(session: Session, named: Collection[Named]) -> tuple[dict[str, int], dict[str, int]]:
    """Ids by domain, and by folded name, of companies that the viewer sees: spelled just so, else the oldest."""
    domains, names = {each.domain for each in named} - {""}, {each.shown for each in named} - {""}
    by_domain: dict[str, int] = {}
    by_name: dict[str, int] = {}
    for each, _, domain in _lines(session, Company.domain.in_(sorted(domains))) if domains else ():
        by_domain[str(domain)] = each
    for each, name, _ in _lines(session, Company.name.in_(sorted(names))) if names else ():
        by_name.setdefault(lowered(name), each)
    if others := sorted({lowered(name) for name in names} - by_name.keys()):
        for each, name, _ in _lines(session, small_letters(Company.name).in_(others)):
            by_name.setdefault(lowered(name), each)
    return by_domain, by_name


def _note_taken(session: Session, rows: Sequence[Judged], key: str, found: Mapping[Named, int]) -> None:
    """Say of each row whose company was made without the domain that it names that another has it."""
    taken = _domains(session, [named.domain for row in rows if (named := named_by(row)).domain])
    for row in rows:
        named = named_by(row)
        if taken.get(named.domain, found[named]) != found[named]:
            _note(row, key, named.domain)


def _note(row: Judged, key: str, domain: str) -> None:
    row.notes.append((row.columns.get(key, ""), "imports.domain_taken", {"given": domain}))


def _lines(session: Session, where: ColumnElement[bool]) -> Sequence[tuple[int, str, str | None]]:
    query = select(Company.id, Company.name, Company.domain).where(where, Company.deleted_at.is_(None))
    return [(each, name, domain) for each, name, domain in session.execute(query.order_by(Company.id))]


def _domains(session: Session, domains: Collection[str]) -> dict[str, int]:
    """Whose these domains are, also of companies that were deleted or that the viewer does not see: each is one's."""
    if not domains:
        return {}
    query = select(Company.domain, Company.id).where(Company.domain.in_(sorted(set(domains))))
    rows = session.execute(query.execution_options(**WHOLE_TEAM))
    return {domain: each for domain, each in rows if domain is not None}


def _make(session: Session, named: Sequence[Named], *, at: datetime, cause: Activity) -> dict[str, int]:
    if not named:
        return {}
    taken = set(_domains(session, [each.domain for each in named if each.domain]))
    made: list[Company] = []
    for each in named:
        one = replace(each, domain="") if each.domain in taken else each
        taken.add(one.domain)
        made.append(Company(name=each.shown[:300], domain=one.domain or None, created_at=at))
    session.add_all(made)
    session.flush()
    activity.record_births(
        session, "company.created", "company", [(row.id, {"name": row.name}) for row in made], at=at, cause=cause
    )
    return {each.folded: row.id for each, row in zip(named, made, strict=True)}
