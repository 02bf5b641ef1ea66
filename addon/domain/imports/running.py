"""Takes an import in by slices: each is one short transaction, which moves the import's mark with what it made.

A process that is killed anywhere leaves whole slices behind, and whoever goes on begins at the mark. Two workers never
take the same rows: the import's row is held while its mark is looked at. Parsing the file and judging its rows cost
more than writing them, so they are done while nothing is held.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.errors import DomainError
from addon.domain.imports import companies, deals, operations, people, queries
from addon.domain.imports.judging import Judge, Judged, Manners
from addon.domain.imports.outcome import Outcome, bad
from addon.domain.tables import Table
from addon.models import Activity, Import, ImportRow, ImportState, RowState, Subject

Opening = Callable[[], AbstractContextManager[Session]]
"""Such as `functools.partial(database.writing, viewer)`."""
Taker = Callable[[Session, Import, Sequence[Judged], datetime, Activity], list[Outcome]]

SLICE = 200
"""Rows a transaction, where nobody measures how long they take."""
FIRST = {Subject.CONTACT: 50, Subject.COMPANY: 50, Subject.DEAL: 25}
LARGEST = 500
AIM = 0.08
"""Seconds that a transaction should take: on SQLite whoever clicks meanwhile waits as long."""
REST = 0.5
"""Of the time that a transaction took: so long others get their turn."""


@dataclass(frozen=True)
class Prepared:
    """The rows of an import, and how they write."""

    import_id: int
    subject: Subject
    table: Table
    manners: Manners


def run_slice(session: Session, import_id: int, table: Table | None = None, *, at: datetime, size: int = SLICE) -> bool:
    """Take in the next rows, in the caller's transaction: False where nothing is left to do, or it does not run.

    Raises NotFound, FileGone, TableRefused.
    """
    asked = queries.get(session, import_id, hold=True)
    if asked.state != ImportState.RUNNING:
        return False
    table = table or queries.source(session, import_id).table()
    judged = judge(session, asked, table, Manners.of(session, asked, table), size=size)
    return take(session, import_id, judged, begins=asked.at, at=at)


def judge(session: Session, asked: Import, table: Table, manners: Manners, *, size: int) -> list[Judged]:
    """What the next rows say. Reads only."""
    judge_ = Judge(session, asked, table, manners)
    return [judge_.judge(row) for row in table.rows[asked.at : asked.at + size]]


def take(session: Session, import_id: int, judged: Sequence[Judged], *, begins: int, at: datetime) -> bool:
    """Write what judged rows say, and move the mark. True where there is more to do.

    Nothing is written where the mark does not stand at `begins` any more: somebody else was there.
    """
    asked = queries.get(session, import_id, hold=True)
    if asked.state != ImportState.RUNNING:
        return False
    if asked.at != begins:
        return True
    cause = operations.act_of(session, asked)
    assert cause is not None
    good = [row for row in judged if not row.problems]
    outcomes = [Outcome(row=row, state=RowState.BAD, problems=row.problems) for row in judged if row.problems]
    outcomes += _TAKERS[Subject(asked.subject)](session, asked, good, at, cause)
    _keep(session, import_id, outcomes)
    asked.at = begins + len(judged)
    if asked.at >= asked.rows or not judged:
        operations.finish(session, asked, at=at)
        return False
    session.flush()
    return True


def prepare(reading: Opening, import_id: int) -> Prepared | None:
    """Read and parse the file, with nothing held; None where it does not run.

    Raises NotFound, FileGone, TableRefused.
    """
    with reading() as session:
        asked = queries.get(session, import_id)
        if asked.state != ImportState.RUNNING:
            return None
        source = queries.source(session, import_id)
    table = source.table()
    with reading() as session:
        return Prepared(import_id, Subject(asked.subject), table, Manners.of(session, asked, table))


def run(
    writing: Opening,
    reading: Opening,
    prepared: Prepared,
    *,
    now: Callable[[], datetime],
    stopping: Callable[[], bool] = lambda: False,
    rest: Callable[[float], None] = lambda seconds: None,
) -> None:
    """Take in slice after slice until it is done, stopped, or this process is to end. Raises NotFound.

    Between two slices `rest` is told for how many seconds to leave the database to others.
    """
    size, more = FIRST[prepared.subject], True
    while more and not stopping():
        with reading() as session:
            asked = queries.get(session, prepared.import_id)
            if asked.state != ImportState.RUNNING:
                return
            judged = judge(session, asked, prepared.table, prepared.manners, size=size)
        begun = time.monotonic()
        try:
            with writing() as session:
                more = take(session, prepared.import_id, judged, begins=asked.at, at=now())
        except (DataError, IntegrityError, DomainError):
            if not judged:
                raise
            size = _smaller(writing, asked, judged, at=now())
        else:
            took = time.monotonic() - begun
            size = fitting(size, took, least=FIRST[prepared.subject])
            rest(took * REST)


def fitting(size: int, seconds: float, *, least: int) -> int:
    """How many rows the next slice should have, where the last had `size` and took so long.

    Not fewer than `least`: each slice has its own price, and on a busy machine many small ones cost more.
    """
    return max(least, min(LARGEST, size * 2, int(size * AIM / max(seconds, 0.001))))


def _smaller(writing: Opening, asked: Import, judged: Sequence[Judged], *, at: datetime) -> int:
    """A slice that the database or a room refused is tried row by row, so that one row never holds up the others."""
    if len(judged) == 1:
        with writing() as session:
            held = queries.get(session, asked.id, hold=True)
            if held.at == asked.at and held.state == ImportState.RUNNING:
                _keep(session, asked.id, [bad(judged[0], "imports.not_taken")])
                held.at += 1
    return 1


def _keep(session: Session, import_id: int, outcomes: Sequence[Outcome]) -> None:
    if not outcomes:
        return
    team_id = viewer_of(session).team_id
    session.execute(
        insert(ImportRow),
        [
            {
                "team_id": team_id,
                "import_id": import_id,
                "number": done.row.number,
                "state": done.state,
                "deal_id": done.deal_id,
                "contact_id": done.contact_id,
                "company_id": done.company_id,
                "last_number": done.last_number,
                "problems": [list(problem) for problem in (*done.problems, *done.row.notes)],
                "values": _cells(done),
            }
            for done in sorted(outcomes, key=lambda done: done.row.number)
        ],
    )


def _cells(done: Outcome) -> dict[str, list[str]]:
    """Of a bad row, as they stand in the file; of a good one nothing is kept."""
    return {"labels": list(done.row.labels), "cells": list(done.row.cells)} if done.state == RowState.BAD else {}


def _people(session: Session, asked: Import, rows: Sequence[Judged], at: datetime, cause: Activity) -> list[Outcome]:
    return people.take(session, rows, at=at, cause=cause)


def _companies(session: Session, asked: Import, rows: Sequence[Judged], at: datetime, cause: Activity) -> list[Outcome]:
    return companies.take(session, rows, at=at, cause=cause)


_TAKERS: Mapping[Subject, Taker] = {
    Subject.CONTACT: _people,
    Subject.COMPANY: _companies,
    Subject.DEAL: deals.take,
}
