"""Reading imports: whose they are, how far they are, what became of their rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from addon.domain import tables
from addon.domain.access import viewer_of
from addon.domain.errors import NotFound
from addon.domain.imports.refusals import FileGone
from addon.domain.tables import Preview, Table
from addon.models import Import, ImportFile, ImportRow, ImportState, Role, RowState, RowUndone

_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to a spreadsheet."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """`at` of `rows` are taken in, or taken back while undoing."""

    state: ImportState
    rows: int
    at: int
    created: int
    updated: int
    unchanged: int
    bad: int
    undone: int
    kept: int


@dataclass(frozen=True)
class Source:
    """The file and how it is to be read: parsing takes seconds, so no transaction should be open."""

    content: bytes
    name: str
    choices: Mapping[str, Any]

    def table(self) -> Table:
        """Raises TableRefused."""
        return tables.read(self.content, self.name, self.choices)


def get(session: Session, import_id: int, *, hold: bool = False) -> Import:
    """One's own, or for a manager anybody's; `hold` keeps it until the transaction ends. Raises NotFound."""
    query = select(Import).where(Import.id == import_id)
    if hold:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None or not _is_own(session, found):
        raise NotFound(what="import", given=import_id)
    return found


def mine(session: Session, *, limit: int = 50) -> Sequence[Import]:
    """The newest first."""
    query = select(Import).order_by(Import.id.desc()).limit(limit)
    if not _sees_all(session):
        query = query.where(Import.owner_id == viewer_of(session).user_id)
    return session.scalars(query).all()


def source(session: Session, import_id: int) -> Source:
    """Raises NotFound, FileGone."""
    asked = get(session, import_id)
    content = session.scalar(select(ImportFile.content).where(ImportFile.import_id == import_id))
    if content is None:
        raise FileGone(file=asked.file_name)
    return Source(content, asked.file_name, dict(asked.choices))


def preview(session: Session, import_id: int) -> Preview:
    """Raises NotFound, FileGone, TableRefused."""
    file = source(session, import_id)
    return tables.preview(file.content, file.name, file.choices)


def progress(session: Session, import_id: int) -> Progress:
    """Raises NotFound."""
    asked = get(session, import_id)
    states = _count(session, import_id, ImportRow.state)
    undone = _count(session, import_id, ImportRow.undone)
    return Progress(
        state=ImportState(asked.state),
        rows=asked.rows,
        at=asked.at,
        created=states.get(RowState.CREATED, 0),
        updated=states.get(RowState.UPDATED, 0),
        unchanged=states.get(RowState.UNCHANGED, 0),
        bad=states.get(RowState.BAD, 0),
        undone=undone.get(RowUndone.UNDONE, 0),
        kept=undone.get(RowUndone.KEPT, 0),
    )


def bad_rows(session: Session, import_id: int, *, limit: int = 100, after: int = 0) -> Sequence[ImportRow]:
    """In the file's order, those behind row `after`. Raises NotFound."""
    get(session, import_id)
    return session.scalars(
        select(ImportRow)
        .where(ImportRow.import_id == import_id, ImportRow.state == RowState.BAD, ImportRow.number > after)
        .order_by(ImportRow.number)
        .limit(limit)
    ).all()


def noted_rows(session: Session, import_id: int, *, limit: int = 100, after: int = 0) -> Sequence[ImportRow]:
    """Rows that came in but for something in them: `problems` says what was not taken. Raises NotFound."""
    get(session, import_id)
    said = cast(ImportRow.problems, Text) != "[]"
    return session.scalars(
        select(ImportRow)
        .where(ImportRow.import_id == import_id, ImportRow.state != RowState.BAD, ImportRow.number > after, said)
        .order_by(ImportRow.number)
        .limit(limit)
    ).all()


def kept_rows(session: Session, import_id: int, *, limit: int = 100, after: int = 0) -> Sequence[ImportRow]:
    """Rows that an undo left because somebody changed what they made. Raises NotFound."""
    get(session, import_id)
    return session.scalars(
        select(ImportRow)
        .where(ImportRow.import_id == import_id, ImportRow.undone == RowUndone.KEPT, ImportRow.number > after)
        .order_by(ImportRow.number)
        .limit(limit)
    ).all()


def bad_rows_csv(session: Session, import_id: int, say: Callable[[str, Mapping[str, Any]], str], why: str) -> str:
    """The bad rows as a CSV that can be mended and imported: their cells, and behind them, under `why`, what is wrong.

    `say` has the words of a problem's code. No cell is a formula to a spreadsheet. Raises NotFound.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    after = 0
    labels: list[str] = []
    while rows := bad_rows(session, import_id, limit=500, after=after):
        if not labels:
            labels = list(rows[0].values.get("labels", ()))
            writer.writerow([*map(_harmless, labels), why])
        for row in rows:
            reasons = "; ".join(say(code, params) for _, code, params in row.problems)
            cells = list(row.values.get("cells", ()))
            writer.writerow([*map(_harmless, [*cells, *[""] * (len(labels) - len(cells))]), _harmless(reasons)])
        after = rows[-1].number
    return text.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_RISKY) else cell


def _count(session: Session, import_id: int, column: Any) -> dict[str, int]:
    rows = session.execute(select(column, func.count()).where(ImportRow.import_id == import_id).group_by(column))
    return {name: number for name, number in rows if name is not None}


def _is_own(session: Session, found: Import) -> bool:
    return _sees_all(session) or found.owner_id == viewer_of(session).user_id


def _sees_all(session: Session) -> bool:
    return viewer_of(session).role in (Role.ADMIN, Role.MANAGER)
