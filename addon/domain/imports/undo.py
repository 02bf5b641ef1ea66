"""Takes an import back as one act, by slices: what it made goes, what it changed is as before.

What people changed since stays, and is listed.

The rows are gone through from the last to the first. A person or a company that several rows speak of is taken back
with the first row that does; one that is in use elsewhere by then stays.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, update
from sqlalchemy.orm import Session

from addon.domain.access import database_now
from addon.domain.activity import operations as activity
from addon.domain.activity import queries as diary
from addon.domain.imports import operations, queries, reverting
from addon.domain.imports.refusals import CannotUndo
from addon.models import Activity, Import, ImportRow, ImportState, RowState, RowUndone, Subject

SLICE = 40
"""Rows a transaction at least: each has its own price, and on a busy machine many small ones cost more."""

_COLUMN: Mapping[Subject, Any] = {
    Subject.DEAL: ImportRow.deal_id,
    Subject.CONTACT: ImportRow.contact_id,
    Subject.COMPANY: ImportRow.company_id,
}
"""In this order they are taken back: a deal before its people, they before their company."""


@dataclass(frozen=True)
class Undoable:
    """`count` rows would be taken back; `kept_count` stay, for somebody changed what they made: `kept`, the first."""

    count: int = 0
    kept_count: int = 0
    kept: Sequence[ImportRow] = field(default_factory=list)


def undoable(session: Session, import_id: int, *, limit: int = 100) -> Undoable:
    """What an undo would take back and what it would leave. Reads only. Raises NotFound."""
    asked = queries.get(session, import_id)
    if asked.act_id is None or asked.state not in (ImportState.DONE, ImportState.STOPPED):
        return Undoable()
    mine = _open_rows(select(ImportRow), import_id)
    changed = mine.where(_changed_since(Subject(asked.subject), asked.act_id))
    count = session.scalar(_open_rows(select(func.count(ImportRow.id)), import_id)) or 0
    kept = session.scalar(changed.with_only_columns(func.count(ImportRow.id))) or 0
    return Undoable(count - kept, kept, session.scalars(changed.order_by(ImportRow.number).limit(limit)).all())


def begin(session: Session, import_id: int, *, at: datetime) -> Activity:
    """Take it back from now on; the tick does it, slice by slice. Raises NotFound, CannotUndo."""
    asked = queries.get(session, import_id, hold=True)
    if asked.state not in (ImportState.DONE, ImportState.STOPPED) or asked.act_id is None:
        raise CannotUndo(file=asked.file_name)
    entry = activity.record(
        session,
        "import.undone",
        ("import", asked.id),
        at=at,
        after={"subject": asked.subject, "rows": asked.at},
        texts={"file": asked.file_name},
        undoes=diary.get(session, asked.act_id),
    )
    operations.erase_file(session, import_id)
    rows = session.scalar(_open_rows(select(func.count(ImportRow.id)), import_id)) or 0
    asked.state, asked.rows, asked.at, asked.finished_at = ImportState.UNDOING, rows, 0, None
    session.flush()
    return entry


def undo_slice(session: Session, import_id: int, *, at: datetime, size: int = SLICE) -> bool:
    """Take back the next rows, in the caller's transaction: False where nothing is left to do. Raises NotFound."""
    asked = queries.get(session, import_id, hold=True)
    if asked.state != ImportState.UNDOING or asked.act_id is None:
        return False
    rows = session.scalars(_open_rows(select(ImportRow), import_id).order_by(ImportRow.number.desc()).limit(size)).all()
    for row in rows:
        row.undone = RowUndone.UNDONE
    session.flush()
    act = diary.get(session, asked.act_id)
    undo = diary.undone_by(session, act)
    assert undo is not None
    for subject in _COLUMN:
        ids = _of_these_rows_alone(session, asked, subject, rows)
        stays = reverting.take_back(session, subject, ids, act=act, undo=undo, at=at) if ids else set()
        if stays and subject == asked.subject:
            _mark_kept(session, asked, stays)
    asked.at += len(rows)
    if len(rows) < size:
        asked.state, asked.finished_at, asked.waits_since = ImportState.UNDONE, at, database_now(session)
    session.flush()
    return len(rows) == size


def _open_rows(query: Select[Any], import_id: int) -> Select[Any]:
    """Rows that brought something in and were not taken back."""
    brought = ImportRow.deal_id.is_not(None) | ImportRow.contact_id.is_not(None) | ImportRow.company_id.is_not(None)
    return query.where(
        ImportRow.import_id == import_id,
        ImportRow.state != RowState.UNCHANGED,
        ImportRow.undone.is_(None),
        brought,
    )


def _changed_since(subject: Subject, act_id: int) -> ColumnElement[bool]:
    """SQL: the row's subject has a later entry in the diary that is none of the import's."""
    return exists().where(
        Activity.subject_kind == subject,
        Activity.subject_id == _COLUMN[subject],
        Activity.number > ImportRow.last_number,
        or_(Activity.cause_id.is_(None), Activity.cause_id != act_id),
    )


def _of_these_rows_alone(session: Session, asked: Import, subject: Subject, rows: Collection[ImportRow]) -> list[int]:
    """Ids that no row speaks of that is still to come, the newest first."""
    column = _COLUMN[subject]
    ids = sorted({getattr(row, column.key) for row in rows} - {None}, reverse=True)
    later = set(session.scalars(_open_rows(select(column), asked.id).where(column.in_(ids)).distinct()))
    return [each for each in ids if each not in later]


def _mark_kept(session: Session, asked: Import, ids: Collection[int]) -> None:
    column = _COLUMN[Subject(asked.subject)]
    session.execute(
        update(ImportRow)
        .where(ImportRow.import_id == asked.id, column.in_(sorted(ids)), ImportRow.undone == RowUndone.UNDONE)
        .values(undone=RowUndone.KEPT)
    )
