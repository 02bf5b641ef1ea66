"""What nobody goes on with is not kept for ever: the file of a draft, or of an import that stopped, is somebody's data.

So are the cells of rows that were left out, and what is said of rows: they are erased some days after the end.
Days are real ones, by the database's clock, as for all sweeps: a week that is only simulated clears nothing away.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Text, cast, or_, select, update
from sqlalchemy.orm import Session

from addon.domain.access import database_now
from addon.domain.imports import operations, queries
from addon.models import Import, ImportRow, ImportState

DAYS = 7
"""So long a file waits for somebody to go on, and rows that were left out for somebody to mend them."""
SLICE = 500
"""Rows a transaction."""
_NEVER = 1e15
"""Since when something waits that is erased already."""
_WAITING = (ImportState.DRAFT, ImportState.STOPPED)
_ENDED = (ImportState.DONE, ImportState.UNDONE, ImportState.STOPPED)


def overdue(session: Session) -> ColumnElement[bool]:
    """SQL: an import with a file, or with words of its rows, that waited too long."""
    waits = Import.state.in_(_WAITING) & Import.finished_at.is_(None)
    ended = Import.state.in_(_ENDED) & Import.finished_at.is_not(None)
    return or_(waits, ended) & (Import.waits_since < _until(session))


def clear_away(session: Session, import_id: int, *, at: datetime) -> bool:
    """Erase what waited too long; False where its time has not come (any more), or more is left. Raises NotFound."""
    found = queries.get(session, import_id, hold=True)
    if found.waits_since >= _until(session):
        return False
    if found.finished_at is not None:
        return found.state in _ENDED and _erase_words(session, found)
    if found.state not in _WAITING:
        return False
    operations.give_up(session, import_id, at=at)
    return True


def is_erased(of: Import) -> bool:
    """Whether the words of its rows are gone."""
    return of.waits_since >= _NEVER


def _erase_words(session: Session, of: Import) -> bool:
    said = or_(cast(ImportRow.problems, Text) != "[]", cast(ImportRow.values, Text) != "{}")
    ids = session.scalars(
        select(ImportRow.id).where(ImportRow.import_id == of.id, said).order_by(ImportRow.id).limit(SLICE)
    ).all()
    if ids:
        session.execute(
            update(ImportRow).where(ImportRow.id.in_(ids)).values(problems=[], values={}),
            execution_options={"synchronize_session": False},
        )
    if len(ids) < SLICE:
        of.waits_since = _NEVER
        session.flush()
    return len(ids) < SLICE


def _until(session: Session) -> float:
    return database_now(session) - DAYS * 24 * 3600
