"""How far an act on many things is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.access import ViewerKind, viewer_of
from addon.domain.errors import NotFound
from addon.models import Bulk, BulkState, Role


@dataclass(frozen=True)
class Progress:
    total: int
    at: int
    """How many were looked at."""
    done: int
    refused: Sequence[tuple[int, str, dict[str, Any]]]
    """Id, code, params."""
    finished: bool
    act_id: int
    """Its entry in the diary: what Undo takes back."""


def get(session: Session, bulk_id: int, *, hold: bool = False) -> Bulk:
    """One's own; an admin's, a machine's and the command line's are all. Raises NotFound."""
    viewer = viewer_of(session)
    query = select(Bulk).where(Bulk.id == bulk_id)
    if viewer.kind is ViewerKind.USER and viewer.role is not Role.ADMIN:
        query = query.where(Bulk.owner_id == viewer.user_id)
    if hold:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalar(query)
    if row is None:
        raise NotFound(what="bulk", given=bulk_id)
    return row


def progress(session: Session, bulk_id: int) -> Progress:
    """Raises NotFound."""
    row = get(session, bulk_id)
    refused = [(one[0], one[1], one[2]) for one in row.refused]
    return Progress(len(row.ids), row.at, row.done, refused, row.state == BulkState.DONE, row.act_id)
