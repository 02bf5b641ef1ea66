"""What nobody goes on with is not kept for ever: the file of a draft, or of an import that stopped, is somebody's data.

Days are real ones, by the database's clock, as for all sweeps: a week that is only simulated clears nothing away.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from addon.domain.access import database_now
from addon.domain.imports import operations, queries
from addon.models import Import, ImportState

DAYS = 7
"""So long a file waits for somebody to go on."""
_WAITING = (ImportState.DRAFT, ImportState.STOPPED)


def overdue(session: Session) -> ColumnElement[bool]:
    """SQL: an import with a file that waited too long."""
    until = database_now(session) - DAYS * 24 * 3600
    return Import.state.in_(_WAITING) & Import.finished_at.is_(None) & (Import.waits_since < until)


def clear_away(session: Session, import_id: int, *, at: datetime) -> bool:
    """Give it up in their place; False where its time has not come (any more). Raises NotFound."""
    found = queries.get(session, import_id, hold=True)
    waits = found.state in _WAITING and found.finished_at is None
    if not waits or found.waits_since >= database_now(session) - DAYS * 24 * 3600:
        return False
    operations.give_up(session, import_id, at=at)
    return True
