"""Brings imports on: the tick finds those that run or are being undone, and each gets turns like a mailbox does.

Those that nobody goes on with are cleared away when their days are over.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import structlog
from sqlalchemy import or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.access import Database, Deactivated, Viewer
from addon.domain.errors import DomainError
from addon.domain.imports import clearing, operations, queries, running, undo
from addon.domain.imports.running import Opening, Prepared
from addon.domain.tables import TableRefused
from addon.models import Activity, Import, ImportState, User

_log = structlog.get_logger()

IMPORT = "import"
"""The job: take a turn at the import whose key is `<import id>:<team id>`."""
UNDER_WAY = (ImportState.RUNNING, ImportState.UNDOING)
TURN = 5.0
"""Seconds after which others get the thread."""


class Importer:
    """Takes imports in, and back. One for each process: one import at a time, so that mail finds a thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._busy = threading.Lock()
        self._prepared: Prepared | None = None
        self.stopping: Callable[[], bool] = lambda: False

    def turn(self, import_id: int, team_id: int) -> bool:
        """Bring it on for a while; True where there is more to do. Trouble is logged by its kind, never by its rows."""
        if not self._busy.acquire(blocking=False):
            return False
        more = False
        try:
            more = self._turn(import_id, team_id)
        except (DomainError, TableRefused) as refused:
            _log.warning("import_stopped", imported=import_id, code=refused.code)
            with suppress(DomainError), self._database.writing(Viewer.operator(team_id)) as session:
                operations.stop(session, import_id, at=clock.now())
        except DBAPIError as trouble:
            _log.error("import_turn_failed", imported=import_id, error=type(trouble.orig).__name__)
        finally:
            if not more:
                self._prepared = None
            self._busy.release()
        return more

    def _turn(self, import_id: int, team_id: int) -> bool:
        with self._database.reading(Viewer.operator(team_id)) as session:
            asked = queries.get(session, import_id)
            viewer = _viewer(session, asked) if asked.state in UNDER_WAY else Viewer.operator(team_id)
        writing = functools.partial(self._database.writing, viewer)
        if asked.state == ImportState.RUNNING:
            self._take_in(functools.partial(self._database.reading, viewer), writing, import_id)
        elif asked.state == ImportState.UNDOING:
            self._take_back(writing, import_id)
        else:
            with writing() as session:
                clearing.clear_away(session, import_id, at=clock.now())
            return False
        with self._database.reading(Viewer.operator(team_id)) as session:
            return queries.get(session, import_id).state in UNDER_WAY

    def _take_in(self, reading: Opening, writing: Opening, import_id: int) -> None:
        if self._prepared is None or self._prepared.import_id != import_id:
            self._prepared = None  # one file in memory, not two
            self._prepared = running.prepare(reading, import_id)
        if self._prepared is not None:
            running.run(writing, reading, self._prepared, now=clock.now, stopping=self._until(), rest=time.sleep)

    def _take_back(self, writing: Opening, import_id: int) -> None:
        is_over, size, more = self._until(), undo.SLICE, True
        while more and not is_over():
            begun = time.monotonic()
            with writing() as session:
                more = undo.undo_slice(session, import_id, at=clock.now(), size=size)
            took = time.monotonic() - begun
            size = running.fitting(size, took, least=undo.SLICE)
            time.sleep(took * running.REST)

    def _until(self) -> Callable[[], bool]:
        ends = time.monotonic() + TURN
        return lambda: self.stopping() or time.monotonic() >= ends


def wanting(session: Session) -> list[tuple[int, int]]:
    """(import, team) of those that have something to do now."""
    due = or_(Import.state.in_(UNDER_WAY), clearing.overdue(session))
    rows = session.execute(select(Import.id, Import.team_id).where(due).order_by(Import.id))
    return [(import_id, team_id) for import_id, team_id in rows]


def _viewer(session: Session, asked: Import) -> Viewer:
    """Who asked for what is going on. What a deactivated person began may still be taken back. Raises Deactivated."""
    undoing = asked.state == ImportState.UNDOING
    begun = session.scalar(select(Activity).where(Activity.undoes_id == asked.act_id)) if undoing else None
    user = session.get_one(User, (begun.actor_id if begun else None) or asked.owner_id)
    try:
        return Viewer.of(user)
    except Deactivated:
        if undoing:
            return Viewer.operator(asked.team_id)
        raise
