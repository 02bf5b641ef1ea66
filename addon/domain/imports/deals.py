"""Deals out of rows: found by id, or by title and person or company; else opened, quietly."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import Session

from addon.domain.deals import operations as editing
from addon.domain.deals import queries as deals
from addon.domain.deals.draft import DealDraft
from addon.domain.errors import DomainError
from addon.domain.fields.checking import Typed
from addon.domain.fields.keys import field_id_of
from addon.domain.imports import companies, people
from addon.domain.imports.judging import Judged, plain_params
from addon.domain.imports.outcome import Outcome, bad
from addon.domain.ladder import operations as ladder
from addon.domain.ladder.opening_many import MOVED, Wanted, open_many
from addon.domain.pipelines import queries as pipelines
from addon.models import Activity, Deal, Import, RowState

_OF_PERSON = ("name", "first_name", "last_name", "phone", "job")
_BUILT_IN = ("value", "product", "channel", "expected_close", "next_step", "next_step_on")
_Place = tuple[str, int | None, int | None]
"""Title, person, company: what a deal is known by."""


@dataclass(frozen=True)
class _Parties:
    """Of a row: the person and the company that it names."""

    contact_id: int | None
    company_id: int | None


def take(session: Session, asked: Import, rows: Sequence[Judged], at: datetime, cause: Activity) -> list[Outcome]:
    """Take in rows that are deals; the people and companies that they name come with them."""
    parties = _parties(session, rows, at=at, cause=cause)
    known = _there(session, asked, rows, parties.values())
    outcomes: list[Outcome] = []
    for some in _apart(rows, parties):
        fresh = [row for row in some if row.id is None and _place_of(row, parties) not in known]
        for done in _open_all(session, asked, fresh, parties, at=at, cause=cause):
            outcomes.append(done)
            if done.deal_id is not None:
                known[_place_of(done.row, parties)] = done.deal_id
        is_fresh = {row.number for row in fresh}
        outcomes += [
            _take_known(session, row, parties[row.number], known.get(row.id or _place_of(row, parties)), at, cause)
            for row in some
            if row.number not in is_fresh
        ]
    return outcomes


def _apart(rows: Sequence[Judged], parties: Mapping[int, _Parties]) -> Iterable[Sequence[Judged]]:
    """In their order, cut where one is about the same deal as a row of the same cut."""
    part: list[Judged] = []
    taken: set[object] = set()
    for row in rows:
        known_by = row.id or _place_of(row, parties)
        if known_by in taken:
            yield part
            part, taken = [], set()
        part.append(row)
        taken.add(known_by)
    yield part


def _take_known(
    session: Session, row: Judged, named: _Parties, deal_id: int | None, at: datetime, cause: Activity
) -> Outcome:
    if deal_id is None:
        return bad(row, "imports.no_such_id", given=row.id or 0)
    try:
        # A row that a room refuses leaves nothing of itself behind.
        with session.begin_nested():
            number = _change(session, deal_id, row, named, at=at, cause=cause)
    except DomainError as refused:
        return _refused(row, refused, named)
    state = RowState.UNCHANGED if number is None else RowState.UPDATED
    return _outcome(row, state, named, deal_id, number)


def _outcome(row: Judged, state: RowState, named: _Parties, deal_id: int, number: int | None) -> Outcome:
    return Outcome(
        row=row,
        state=state,
        deal_id=deal_id,
        contact_id=named.contact_id,
        company_id=named.company_id,
        last_number=number,
    )


def _refused(row: Judged, refused: DomainError, named: _Parties) -> Outcome:
    """The person and the company that came with the row stay."""
    outcome = bad(row, refused.code, **plain_params(refused.params))
    return replace(outcome, contact_id=named.contact_id, company_id=named.company_id)


def _open_all(
    session: Session,
    asked: Import,
    rows: Sequence[Judged],
    parties: Mapping[int, _Parties],
    *,
    at: datetime,
    cause: Activity,
) -> list[Outcome]:
    """Deals that are not there yet, all at once; where one of them is refused, it is found by halves."""
    if not rows:
        return []
    try:
        with session.begin_nested():
            wanted = [Wanted(_draft(asked, row, parties[row.number]), _stage(row)) for row in rows]
            ids = open_many(session, wanted, at=at, pipeline_id=asked.pipeline_id, cause=cause)
            for row, deal_id in zip(rows, ids, strict=True):
                if "lost_reason" in row.values:
                    changes = {"lost_reason": row.values["lost_reason"]}
                    editing.edit(session, deal_id, changes, at=at, cause=cause)
    except DomainError as refused:
        if len(rows) == 1:
            return [_refused(rows[0], refused, parties[rows[0].number])]
        half = len(rows) // 2
        return [
            done
            for some in (rows[:half], rows[half:])
            for done in _open_all(session, asked, some, parties, at=at, cause=cause)
        ]
    return [
        _outcome(row, RowState.CREATED, parties[row.number], deal_id, MOVED)
        for row, deal_id in zip(rows, ids, strict=True)
    ]


def _draft(asked: Import, row: Judged, named: _Parties) -> DealDraft:
    values: dict[str, Any] = dict(row.values)
    return DealDraft(
        title=values["title"],
        owner_id=values.get("owner", asked.owner_id),
        contact_id=named.contact_id,
        company_id=named.company_id,
        referred_by_id=values.get("referred_by"),
        values={key: value for key, value in values.items() if field_id_of(key) is not None},
        **{key: values[key] for key in _BUILT_IN if key in values},
    )


def _stage(row: Judged) -> int | None:
    stage = row.values.get("stage")
    return stage if isinstance(stage, int) else None


def _change(
    session: Session, deal_id: int, row: Judged, named: _Parties, *, at: datetime, cause: Activity
) -> int | None:
    """The number of the last entry that this wrote; None where the deal said all of it already."""
    changes: dict[str, Typed] = {key: value for key, value in row.values.items() if key not in ("stage", "domain")}
    if named.contact_id is not None:
        changes["contact"] = named.contact_id
    if named.company_id is not None:
        changes["company"] = named.company_id
    edited = editing.edit(session, deal_id, changes, at=at, cause=cause)
    stage = _stage(row)
    moved = None
    if stage is not None and not _is_elsewhere(session, deal_id, row, stage):
        moved = ladder.move(session, deal_id, stage, seen=None, at=at, cause=cause, quietly=True)
    last = moved or edited
    return last.number if last is not None else None


def _is_elsewhere(session: Session, deal_id: int, row: Judged, stage: int) -> bool:
    """Whether it went on to another pipeline than the stage's: it is not called back, and the row says so."""
    pipeline = deals.get(session, deal_id).pipeline
    elsewhere = pipelines.get_stage(session, stage).pipeline_id != pipeline.id
    if elsewhere:
        row.notes.append((row.columns.get("stage", ""), "imports.elsewhere", {"pipeline": pipeline.name}))
    return elsewhere


def _parties(session: Session, rows: Sequence[Judged], *, at: datetime, cause: Activity) -> dict[int, _Parties]:
    firms = companies.ensure(session, rows, at=at, cause=cause)
    company_of = {row.number: firms.get(companies.named_by(row)) for row in rows}
    persons = [person for row in rows if (person := _person(row)) is not None]
    contact_of = people.ensure(session, persons, company_of, at=at, cause=cause)
    return {row.number: _Parties(contact_of.get(row.number), company_of[row.number]) for row in rows}


def _person(row: Judged) -> Judged | None:
    """What a deal's row says about a person, as a row of people would."""
    values: dict[str, Typed] = {key: word for key in _OF_PERSON if (word := row.words.get(f"contact.{key}"))}
    named = row.emails or {"name", "first_name", "last_name"} & values.keys()
    return Judged(number=row.number, emails=row.emails, values=values) if named else None


def _there(
    session: Session, asked: Import, rows: Sequence[Judged], parties: Collection[_Parties]
) -> dict[_Place | int, int]:
    """Ids of live deals that the viewer sees, by what a row may know them by: of several the one in the pipeline that
    is asked for, else the oldest. One that went on to another pipeline since is still the same deal."""
    found: dict[_Place | int, int] = {}
    titles = sorted({str(row.values["title"]) for row in rows if "title" in row.values})
    for where in _whose(parties):
        here = case((Deal.pipeline_id == asked.pipeline_id, 0), else_=1)
        query = _live(where).where(Deal.title.in_(titles)).order_by(None).order_by(here, Deal.id)
        for each, title, contact_id, company_id in session.execute(query):
            found.setdefault(_place(title, _Parties(contact_id, company_id)), each)
            found.setdefault((title, None, company_id), each)
    ids = sorted({row.id for row in rows if row.id is not None})
    found.update({each: each for each, *_ in session.execute(_live(Deal.id.in_(ids)))} if ids else {})
    return found


def _whose(parties: Collection[_Parties]) -> Iterable[ColumnElement[bool]]:
    """The deals of these people; those of a company, and of nobody, only where a row names no person."""
    contacts = {each.contact_id for each in parties if each.contact_id is not None}
    firms = {each.company_id for each in parties if each.contact_id is None}
    if contacts:
        yield Deal.contact_id.in_(sorted(contacts))
    if named := sorted(firm for firm in firms if firm is not None):
        yield Deal.company_id.in_(named)
    if None in firms:
        yield Deal.contact_id.is_(None) & Deal.company_id.is_(None)


def _live(where: ColumnElement[bool]) -> Any:
    columns = select(Deal.id, Deal.title, Deal.contact_id, Deal.company_id)
    return columns.where(where, Deal.deleted_at.is_(None)).order_by(Deal.id)


def _place_of(row: Judged, parties: Mapping[int, _Parties]) -> _Place:
    return _place(str(row.values.get("title", "")), parties[row.number])


def _place(title: str, named: _Parties) -> _Place:
    """The person says it where there is one; the company else."""
    return (title, named.contact_id, None) if named.contact_id is not None else (title, None, named.company_id)
