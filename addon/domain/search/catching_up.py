"""Makes findable what stood there before there was an index, and puts an index right, a slice at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from addon.domain.search import index
from addon.domain.search.finding import MODELS
from addon.models import Subject


def catch_up(session: Session, subject: Subject, *, after: int = 0, limit: int = 200) -> int | None:
    """Index those of the next that are in no place; the last id that was looked at, None at the end."""
    ids = missing(session, subject, after=after, limit=limit)
    renew(session, subject, ids)
    return ids[-1] if ids else None


def missing(session: Session, subject: Subject, *, after: int = 0, limit: int = 200) -> Sequence[int]:
    """The next that are there and in no place; what has no word is always among them. Reads only."""
    model, whose = MODELS[subject], index.PLACES[subject]
    with index.whole_team(session):
        return session.scalars(
            select(model.id)
            .where(model.id > after, model.deleted_at.is_(None), ~exists().where(whose == model.id))
            .order_by(model.id)
            .limit(limit)
        ).all()


def everything(session: Session, subject: Subject, *, after: int = 0, limit: int = 200) -> Sequence[int]:
    """The next of all, deleted ones too: their words are taken out. Reads only."""
    model = MODELS[subject]
    with index.whole_team(session):
        return session.scalars(select(model.id).where(model.id > after).order_by(model.id).limit(limit)).all()


def renew(session: Session, subject: Subject, ids: Collection[int]) -> None:
    """Make the index say what these hold now."""
    if not ids:
        return
    with index.whole_team(session):
        index.write(session, {subject: ids})
