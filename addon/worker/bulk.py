"""Goes on with acts on many things that a request began: each as the person who asked for it, slice by slice."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import or_, select

from addon import clock
from addon.domain.access import Database, Deactivated, Viewer
from addon.domain.bulk import clearing
from addon.domain.undoing import operations as undoing
from addon.models import Bulk, BulkState, User
from addon.worker.periodic import everyone

BULK = "bulk"
"""The job: go on with the act whose key is `<bulk id>:<team id>`."""
TURN = 5.0
"""Seconds after which others get the thread."""
REST = 0.5
"""How long it rests after a slice, measured in the slice's length: who clicks meanwhile is let in."""


@dataclass(frozen=True)
class Bulks:
    database: Database
    stopping: Callable[[], bool] = lambda: False

    def waiting(self) -> list[tuple[int, int]]:
        """(bulk, team) of those that are not done or have words too long, oldest first.

        What a killed process left is among them.
        """
        with self.database.reading(everyone()) as session:
            due = or_(Bulk.state == BulkState.RUNNING, clearing.overdue(clock.now()))
            rows = session.execute(select(Bulk.id, Bulk.team_id).where(due).order_by(Bulk.id))
            return [(bulk_id, team_id) for bulk_id, team_id in rows]

    def turn(self, bulk_id: int, team_id: int) -> bool:
        """The slices that are left; False where the worker stops, or the turn is over, before the end."""
        viewer = self._whoever_asked(bulk_id, team_id)
        ends = time.monotonic() + TURN
        while viewer is not None and not self.stopping() and time.monotonic() < ends:
            begun = time.monotonic()
            with self.database.writing(viewer) as session:
                more = undoing.run_slice(session, bulk_id, at=clock.now())
            if not more:
                return True
            time.sleep((time.monotonic() - begun) * REST)
        return viewer is None

    def _whoever_asked(self, bulk_id: int, team_id: int) -> Viewer | None:
        """None where they may not act any more: then the rest is left, and the row says so."""
        with self.database.writing(Viewer.operator(team_id)) as session:
            row = session.get_one(Bulk, bulk_id)
            if clearing.clear_away(session, bulk_id, at=clock.now()):
                return None
            try:
                return Viewer.of(session.get_one(User, row.owner_id))
            except Deactivated as refused:
                row.state, row.error, row.finished_at = BulkState.DONE, refused.code, clock.now()
                return None
