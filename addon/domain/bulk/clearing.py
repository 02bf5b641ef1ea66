"""What people typed for an act on many things, and why some were refused, is not kept for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Text, cast, or_
from sqlalchemy.orm import Session

from addon.domain.bulk import queries
from addon.models import Bulk, BulkKind, BulkState

DAYS = 7
"""So long the words of a finished act can be read."""


def overdue(at: datetime) -> ColumnElement[bool]:
    """SQL: an act that ended so long ago and still has words."""
    asked, refused = cast(Bulk.asked, Text), cast(Bulk.refused, Text)
    typed = or_(asked.like("%lost_reason%"), (Bulk.kind == BulkKind.EDIT) & (asked != "{}"))
    return (Bulk.state == BulkState.DONE) & (Bulk.finished_at < _until(at)) & or_(typed, refused.like('%{"%'))


def clear_away(session: Session, bulk_id: int, *, at: datetime) -> bool:
    """Erase them: what it was done to stays. False where its time has not come. Raises NotFound."""
    row = queries.get(session, bulk_id, hold=True)
    if row.state != BulkState.DONE or row.finished_at is None or row.finished_at >= _until(at):
        return False
    row.asked = {key: value for key, value in row.asked.items() if key == "stage_id"}
    row.refused = [[one[0], "", {}] for one in row.refused]
    session.flush()
    return True


def _until(at: datetime) -> datetime:
    return at - timedelta(days=DAYS)
