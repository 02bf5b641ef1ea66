"""Reading the diary."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.errors import NotFound
from addon.models import Activity


def get(session: Session, activity_id: int) -> Activity:
    """Raises NotFound, also for another team's."""
    entry = session.scalar(select(Activity).where(Activity.id == activity_id))
    if entry is None:
        raise NotFound(what="activity", given=activity_id)
    return entry


def of_subject(session: Session, kind: str, subject_id: int, *, newest: int = 100) -> Sequence[Activity]:
    """The newest entries about one thing, newest first."""
    return session.scalars(
        select(Activity)
        .where(Activity.subject_kind == kind, Activity.subject_id == subject_id)
        .order_by(Activity.number.desc())
        .limit(newest)
    ).all()


def undone_by(session: Session, entry: Activity) -> Activity | None:
    """The act that took this one back, if any."""
    return session.scalar(select(Activity).where(Activity.undoes_id == entry.id))


def caused_by(session: Session, entry: Activity) -> Sequence[Activity]:
    """Everything that the act behind an entry did, itself first."""
    root = entry.cause_id or entry.id
    return session.scalars(
        select(Activity).where((Activity.id == root) | (Activity.cause_id == root)).order_by(Activity.id)
    ).all()
