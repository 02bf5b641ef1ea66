"""Taking acts back by calling the rooms that made them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.activity import queries as activity
from addon.domain.bulk import operations as bulk
from addon.domain.bulk import queries as bulk_queries
from addon.domain.errors import NotYet
from addon.domain.undoing import bulks, plan
from addon.domain.undoing.moves import CannotUndo
from addon.domain.undoing.registry import HANDLERS
from addon.domain.undoing.scene import Preview
from addon.models import Activity, BulkKind, Company, Contact, Deal, Thread

__all__ = ["CannotUndo", "preview", "run_slice", "undo"]


def preview(session: Session, activity_id: int) -> Preview:
    """What taking this entry back restores, what stays, and why it is refused; each a list of (code, params).

    Raises NotFound.
    """
    return plan.of(session, activity_id)


def undo(session: Session, activity_id: int, *, at: datetime) -> Activity:
    """Take an act back, newest effect first. Returns the entry that began the undo: taking *that* back redoes it all.

    Raises NotFound, NotYet, CannotUndo, and the refusals of the rooms that it calls (NotAllowed, a name that is taken
    meanwhile ...): then nothing was changed.
    """
    _hold(session, activity.get(session, activity_id))
    planned = plan.of(session, activity_id)
    codes = [code for code, _ in planned.refused]
    if NotYet.code in codes:
        raise NotYet(kind=activity.get(session, activity_id).kind)
    if not planned.possible:
        raise CannotUndo(reasons=planned.refused)
    first: Activity | None = None
    for entry in planned.entries:  # a large act on many things is one entry: the tick goes on with it
        first = _take_back(session, entry, at, first) or first
    if first is None:
        raise CannotUndo(reasons=[])
    return first


def run_slice(session: Session, bulk_id: int, *, at: datetime) -> bool:
    """Go on with an act on many things, or with taking one back: False where nothing is left. Raises NotFound."""
    if bulk_queries.get(session, bulk_id).kind == BulkKind.UNDO:
        return bulks.undo_slice(session, bulk_id, HANDLERS, at=at)
    return bulk.run_slice(session, bulk_id, at=at)


def _take_back(session: Session, entry: Activity, at: datetime, first: Activity | None) -> Activity | None:
    done = HANDLERS[entry.kind].take_back(session, entry, at, first)
    return done if first is None else None


def _hold(session: Session, entry: Activity) -> None:
    """What the chain is about is ours, in one order as everywhere: what the plan says stays true."""
    chain = activity.caused_by(session, entry)
    threads = {e.after["thread_id"] for e in chain if e.kind in ("thread.linked", "thread.unlinked")}
    session.scalars(select(Thread.id).where(Thread.id.in_(threads)).order_by(Thread.id).with_for_update()).all()
    for kind, model in (("deal", Deal), ("contact", Contact), ("company", Company)):
        ids = {e.subject_id for e in chain if e.subject_kind == kind}
        session.scalars(select(model.id).where(model.id.in_(ids)).order_by(model.id).with_for_update()).all()
