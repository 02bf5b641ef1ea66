"""Taking acts back by calling the rooms that made them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.activity import queries as activity
from addon.domain.errors import DomainError, NotYet
from addon.domain.ladder import operations as ladder
from addon.domain.rules import operations as rules
from addon.domain.threads import operations as threads
from addon.domain.undoing import plan
from addon.domain.undoing.plan import Preview
from addon.models import Activity, Deal, LinkedHow, Thread


class CannotUndo(DomainError):
    """Something that it would restore has changed since, or it was taken back before. Nothing was changed.

    Params: reasons, a list of (code, params).
    """

    code = "undoing.refused"


def preview(session: Session, activity_id: int) -> Preview:
    """What taking this entry back restores, what stays, and why it is refused; each a list of (code, params).

    Raises NotFound.
    """
    return plan.of(session, activity_id)


def undo(session: Session, activity_id: int, *, at: datetime) -> Activity:
    """Take an act back, newest effect first. Returns the entry that began the undo: taking *that* back redoes it all.

    Raises NotFound, NotYet, CannotUndo.
    """
    _hold(session, activity.get(session, activity_id))
    planned = plan.of(session, activity_id)
    codes = [code for code, _ in planned.refused]
    if NotYet.code in codes:
        raise NotYet(kind=activity.get(session, activity_id).kind)
    if not planned.possible:
        raise CannotUndo(reasons=planned.refused)
    first: Activity | None = None
    for entry in planned.entries:
        done = _take_back(session, entry, at=at, cause=first)
        first = first or done
    if first is None:
        raise CannotUndo(reasons=[])
    return first


def _take_back(session: Session, entry: Activity, *, at: datetime, cause: Activity | None) -> Activity:
    if entry.kind == "deal.moved":
        return _move_back(session, entry, at=at, cause=cause)
    thread = session.get_one(Thread, entry.after["thread_id"])
    before = entry.before
    if before.get("deal_id") is None:
        return threads.unlink(session, thread, at=at, cause=cause, undoes=entry)
    how = LinkedHow(before["how"])
    linked = threads.link(
        session, thread, before["deal_id"], how=how, at=at, cause=cause, undoes=entry, sharing=before.get("sharing")
    )
    if linked is None:
        raise CannotUndo(reasons=[("undoing.linked_since", {"title": "", "linked": True})])
    return linked


def _move_back(session: Session, entry: Activity, *, at: datetime, cause: Activity | None) -> Activity:
    # The stage's clock runs on as if the deal had never left: else an undo would clear a warning that it is late.
    since = entry.before.get("entered_at")
    move = ladder.move(
        session,
        entry.subject_id,
        entry.before["stage_id"],
        seen=None,
        at=at,
        cause=cause,
        undoes=entry,
        quietly=True,
        entered_at=datetime.fromisoformat(since) if since else None,
    )
    if move is None:
        raise CannotUndo(reasons=[("undoing.moved_since", {"title": "", "who": "", "at": at, "stage": ""})])
    rules.bar(session, entry, at=at)
    return move


def _hold(session: Session, entry: Activity) -> None:
    """Threads and deals of the chain, in this order as everywhere, are ours: what the plan says stays true."""
    chain = activity.caused_by(session, entry)
    deals = {e.subject_id for e in chain if e.subject_kind == "deal"}
    threads_held = {e.after["thread_id"] for e in chain if e.kind in ("thread.linked", "thread.unlinked")}
    session.scalars(select(Thread.id).where(Thread.id.in_(threads_held)).order_by(Thread.id).with_for_update()).all()
    session.scalars(select(Deal.id).where(Deal.id.in_(deals)).order_by(Deal.id).with_for_update()).all()
