"""Taking an act on many things back as one act: what somebody changed since stays and is listed, the rest is as before.

A small one is taken back at once; a large one in slices, under a row of its own that the worker's tick goes on with.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.activity import operations as activity
from addon.domain.activity import queries as diary
from addon.domain.bulk import operations, queries
from addon.domain.errors import DomainError
from addon.domain.undoing.scene import Handler, Preview, Scene
from addon.models import Activity, Bulk, BulkKind, BulkState

KINDS = frozenset({"bulk.started", "bulk.undone"})


def row_of(session: Session, entry: Activity) -> Bulk | None:
    """The row of the act; None for one that was taken back at once."""
    return session.scalar(select(Bulk).where(Bulk.act_id == entry.id))


def is_large(session: Session, entry: Activity) -> bool:
    """Whether nobody should wait for it."""
    count = select(func.count(Activity.id)).where(Activity.cause_id == entry.id)
    return (session.scalar(count) or 0) > operations.AT_ONCE


def look(scene: Scene, entry: Activity) -> None:
    """Of the act itself; what it did is looked at one by one."""
    row = row_of(scene.session, entry)
    if row is not None and row.state != BulkState.DONE:
        scene.refuse("undoing.bulk_under_way")


def look_at_large(scene: Scene, entry: Activity) -> None:
    """Instead of thousands of lines, how many."""
    look(scene, entry)
    count = select(func.count(Activity.id)).where(Activity.cause_id == entry.id)
    scene.takes_back("undoing.bulk_many", n=scene.session.scalar(count) or 0)
    scene.preview.stays.append(("undoing.stays.changed_since", {}))


def _take_back(session: Session, entry: Activity, at: datetime, cause: Activity | None) -> Activity | None:
    if is_large(session, entry):
        return begin(session, entry, at)
    about = ("team", viewer_of(session).team_id)
    return activity.record(session, "bulk.undone", about, at=at, after=entry.after, cause=cause, undoes=entry)


def begin(session: Session, entry: Activity, at: datetime) -> Activity:
    """A row of its own, with which the tick goes on; the entry that began the undo."""
    acts = session.scalars(select(Activity.id).where(Activity.cause_id == entry.id).order_by(Activity.id.desc())).all()
    before = row_of(session, entry)
    row = Bulk(
        kind=BulkKind.UNDO,
        subject=entry.after["subject"],
        owner_id=viewer_of(session).user_id or (before.owner_id if before else 0),
        ids=list(acts),
        created_at=at,
    )
    operations.begin(session, row, at=at, kind="bulk.undone", undoes=entry)
    return diary.get(session, row.act_id)


def undo_slice(
    session: Session, bulk_id: int, handlers: Mapping[str, Handler], *, at: datetime, size: int = operations.SLICE
) -> bool:
    """Take the next acts back, in the caller's transaction: False where nothing is left. Raises NotFound."""
    row = queries.get(session, bulk_id, hold=True)
    if row.state == BulkState.DONE:
        return False
    cause = diary.get(session, row.act_id)
    some = row.ids[row.at : row.at + size]
    refused = list(row.refused)
    undone = set(session.scalars(select(Activity.undoes_id).where(Activity.undoes_id.in_(some))))
    query = select(Activity).where(Activity.id.in_(some)).order_by(Activity.id.desc())
    for act in session.scalars(query).all():
        trouble = None if act.id in undone else _one(session, act, handlers, cause, at)
        if trouble is None:
            row.done += 1
        else:
            refused.append([act.subject_id, *trouble])
    row.at, row.refused = row.at + len(some), refused
    if row.at >= len(row.ids):
        row.state, row.finished_at = BulkState.DONE, at
    session.flush()
    return row.state != BulkState.DONE


def _one(
    session: Session, act: Activity, handlers: Mapping[str, Handler], cause: Activity, at: datetime
) -> tuple[str, dict[str, str]] | None:
    """Why this one stays; None where it is taken back."""
    handler = handlers.get(act.kind)
    if handler is None or not handler.offered(act):
        return None
    preview = Preview()
    preview.entries.append(act)
    handler.look(Scene(session, preview, {act.id}), act)
    if preview.refused:
        code, params = preview.refused[0]
        return code, {name: str(value) for name, value in params.items()}
    try:
        with session.begin_nested():
            handler.take_back(session, act, at, cause)
    except DomainError as error:
        return error.code, {name: str(value) for name, value in error.params.items()}
    return None


HANDLERS: Mapping[str, Handler] = {kind: Handler(look, _take_back, brings_back=True) for kind in sorted(KINDS)}
