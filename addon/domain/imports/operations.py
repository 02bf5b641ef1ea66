"""Bringing a file, saying how it is read, beginning, stopping and giving up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from addon.domain import tables
from addon.domain.access import database_now, viewer_of
from addon.domain.activity import operations as activity
from addon.domain.activity import queries as diary
from addon.domain.errors import NotAllowed
from addon.domain.imports import queries
from addon.domain.imports.refusals import Begun, FileGone, NotMapped
from addon.domain.pipelines import queries as pipelines
from addon.domain.tables import Table
from addon.domain.tables.choices import Choices
from addon.models import Activity, Import, ImportFile, ImportState, Subject

MANNERS = ("decimal", "month_first")
"""Choices about what stands in the cells, besides those about the file."""


def start(
    session: Session,
    subject: Subject,
    filename: str,
    data: bytes,
    *,
    at: datetime,
    pipeline_id: int | None = None,
    choices: Mapping[str, Any] | None = None,
    table: Table | None = None,
) -> Import:
    """Keep a file to be looked at; nothing of it is taken in yet.

    `table` is the file as it was read with these choices, where that was done before the transaction began.
    `pipeline_id` is where new deals begin: the team's first unless named. Raises TableRefused, NotFound, NoPipeline.
    """
    owner_id = viewer_of(session).user_id
    if owner_id is None:
        raise NotAllowed
    if subject is Subject.DEAL:
        pipeline_id = pipelines.get(session, pipeline_id).id if pipeline_id else pipelines.first(session).id
    table = table or tables.read(data, filename, choices or {})
    made = Import(
        subject=subject,
        pipeline_id=pipeline_id if subject is Subject.DEAL else None,
        owner_id=owner_id,
        file_name=filename[:300],
        choices=_kept(choices or {}),
        rows=len(table.rows),
        created_at=at,
        waits_since=database_now(session),
    )
    session.add(made)
    session.flush()
    session.add(ImportFile(import_id=made.id, content=data))
    session.flush()
    return made


def choose(session: Session, import_id: int, choices: Mapping[str, Any], *, table: Table | None = None) -> Import:
    """Read the file otherwise than was detected; the mapping begins anew. Raises NotFound, Begun, TableRefused.

    `table` is the file as it is read with these choices, where that was done before the transaction began.
    """
    chosen = draft(session, import_id)
    kept = _kept(choices)
    if table is None:
        file = queries.source(session, import_id)
        table = tables.read(file.content, file.name, kept)
    chosen.rows = len(table.rows)
    chosen.choices, chosen.mapping, chosen.waits_since = kept, {}, database_now(session)
    session.flush()
    return chosen


def draft(session: Session, import_id: int) -> Import:
    """One that has not begun. Raises NotFound, Begun."""
    found = queries.get(session, import_id, hold=True)
    if found.state != ImportState.DRAFT:
        raise Begun(file=found.file_name)
    return found


def begin(session: Session, import_id: int, *, at: datetime) -> Activity:
    """Take the rows in from now on, or go on where it was stopped. Raises NotFound, Begun, NotMapped, FileGone."""
    begun = queries.get(session, import_id, hold=True)
    if begun.state not in (ImportState.DRAFT, ImportState.STOPPED):
        raise Begun(file=begun.file_name)
    if not begun.mapping:
        raise NotMapped
    if session.scalar(select(ImportFile.id).where(ImportFile.import_id == import_id)) is None:
        raise FileGone(file=begun.file_name)
    entry = _note(session, begun, "import.begun" if begun.act_id is None else "import.resumed", at=at)
    begun.state, begun.act_id = ImportState.RUNNING, begun.act_id or entry.id
    session.flush()
    return entry


def stop(session: Session, import_id: int, *, at: datetime) -> bool:
    """Take in no further row; what is in stays, and it can go on. False where it does not run. Raises NotFound."""
    stopped = queries.get(session, import_id, hold=True)
    if stopped.state != ImportState.RUNNING:
        return False
    stopped.state, stopped.waits_since = ImportState.STOPPED, database_now(session)
    _note(session, stopped, "import.stopped", at=at)
    return True


def give_up(session: Session, import_id: int, *, at: datetime) -> None:
    """Erase the file of one that does not run: what was not taken in never will be. Raises NotFound, Begun.

    A draft goes whole: nothing came of it.
    """
    given_up = queries.get(session, import_id, hold=True)
    if given_up.state not in (ImportState.DRAFT, ImportState.STOPPED):
        raise Begun(file=given_up.file_name)
    erase_file(session, import_id)
    if given_up.state == ImportState.DRAFT:
        session.delete(given_up)
    else:
        given_up.finished_at, given_up.waits_since = at, database_now(session)
    session.flush()


def finish(session: Session, done: Import, *, at: datetime) -> None:
    """The last row is in: little is kept, so the file goes."""
    done.state, done.finished_at, done.waits_since = ImportState.DONE, at, database_now(session)
    session.flush()
    erase_file(session, done.id)
    _note(session, done, "import.done", at=at)


def erase_file(session: Session, import_id: int) -> None:
    session.execute(delete(ImportFile).where(ImportFile.import_id == import_id))


def act_of(session: Session, of: Import) -> Activity | None:
    """Its entry in the diary, the cause of all that it does."""
    return diary.get(session, of.act_id) if of.act_id is not None else None


def _note(session: Session, of: Import, kind: str, *, at: datetime) -> Activity:
    return activity.record(
        session,
        kind,
        ("import", of.id),
        at=at,
        after={"subject": of.subject, "rows": of.rows, "at": of.at},
        texts={"file": of.file_name},
        cause=act_of(session, of),
    )


def _kept(given: Mapping[str, Any]) -> dict[str, Any]:
    """What of a form's choices is kept. Raises TableRefused."""
    kept = Choices.of(given).stored()
    if given.get("decimal") in (".", ","):
        kept["decimal"] = given["decimal"]
    if isinstance(given.get("month_first"), bool):
        kept["month_first"] = given["month_first"]
    return kept
