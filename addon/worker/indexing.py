"""Keeps the search box complete beside everything else.

What stood there before there was an index is made findable when a worker begins. Words that nobody holds any more, and
those of fields that were deleted, are taken out from time to time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from addon.domain.access import Database, Viewer
from addon.domain.search import catching_up, field_words, forgetting, index
from addon.models import Field, Subject, Team
from addon.worker.periodic import everyone

_log = structlog.get_logger()

INDEX = "index"
"""The job: look after the index of the team whose id is the key."""
EVERY = 600.0
"""Seconds between looks at a team, where nothing is known to be left."""
SLICE = 200
"""Rows a transaction."""
REST = 0.5
"""How long it rests after a transaction, measured in its length: who clicks meanwhile is let in."""

Told = TypeVar("Told")
_Ids = Callable[[Session, Subject, int], Sequence[int]]


class Indexer:
    """One for each process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._busy = threading.Lock()
        self._complete: set[int] = set()
        self._looked: dict[int, float] = {}
        self.stopping: Callable[[], bool] = lambda: False

    def waiting(self) -> list[int]:
        """Ids of the teams that want a look now."""
        with self._database.reading(everyone()) as session:
            teams = list(session.scalars(select(Team.id).order_by(Team.id)))
            left = set(session.scalars(select(Field.team_id).where(Field.words_from.is_not(None)).distinct()))
        now = time.monotonic()
        return [team for team in teams if team in left or now >= self._looked.get(team, -EVERY) + EVERY]

    def turn(self, team_id: int) -> None:
        """Do what is left to do for a team; a stop is obeyed between two slices. Trouble is logged by its kind."""
        if not self._busy.acquire(blocking=False):
            return
        try:
            self._turn(team_id)
        except DBAPIError as trouble:
            _log.error("index_turn_failed", team=team_id, error=type(trouble.orig).__name__)
        finally:
            self._busy.release()

    def renew(self, team_id: int) -> int:
        """Put the whole index of a team right; how many deals, people and companies were looked at."""
        seen = self._write_all(team_id, _everything)
        self._renew_fields(team_id)
        self._sweep(team_id)
        return seen

    def teams(self) -> list[int]:
        with self._database.reading(everyone()) as session:
            return list(session.scalars(select(Team.id).order_by(Team.id)))

    def _turn(self, team_id: int) -> None:
        if team_id not in self._complete:
            self._write_all(team_id, _missing)
        self._renew_fields(team_id)
        self._sweep(team_id)
        if not self.stopping():
            self._complete.add(team_id)
            self._looked[team_id] = time.monotonic()

    def _write_all(self, team_id: int, ids_after: _Ids) -> int:
        """What is looked for is read outside of the writing, which stays short however much is complete."""
        viewer, seen = Viewer.operator(team_id), 0
        for subject in Subject:
            after = 0
            while not self.stopping():
                with self._database.reading(viewer) as session:
                    ids = ids_after(session, subject, after)
                if not ids:
                    break
                self._write(viewer, partial(catching_up.renew, subject=subject, ids=ids))
                seen, after = seen + len(ids), ids[-1]
        return seen

    def _renew_fields(self, team_id: int) -> None:
        viewer = Viewer.operator(team_id)
        with self._database.reading(viewer) as session:
            due = field_words.due(session)
        for field_id in due:
            more = True
            while more and not self.stopping():
                more = self._write(viewer, partial(field_words.go_on, field_id=field_id))

    def _sweep(self, team_id: int) -> None:
        viewer = Viewer.operator(team_id)
        dropped = 1
        while dropped and not self.stopping():
            with self._database.reading(viewer) as session:
                words = forgetting.unheld(session, limit=index.SLICE)
            dropped = self._write(viewer, partial(forgetting.drop, word_ids=words)) if words else 0

    def _write(self, viewer: Viewer, act: Callable[[Session], Told]) -> Told:
        begun = time.monotonic()
        with self._database.writing(viewer) as session:
            told = act(session)
        time.sleep((time.monotonic() - begun) * REST)
        return told


def _missing(session: Session, subject: Subject, after: int) -> Sequence[int]:
    return catching_up.missing(session, subject, after=after, limit=SLICE)


def _everything(session: Session, subject: Subject, after: int) -> Sequence[int]:
    return catching_up.everything(session, subject, after=after, limit=SLICE)
