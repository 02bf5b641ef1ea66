"""Makes findable what stood there before there was an index, a slice at a time."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from addon.domain.search import index
from addon.domain.search.finding import MODELS
from addon.models import Subject


def catch_up(session: Session, subject: Subject, *, after: int = 0, limit: int = 200) -> int | None:
    """Index those of the next that are in no place; the last id that was looked at, None at the end."""
    model, whose = MODELS[subject], index.PLACES[subject]
    with index.whole_team(session):
        ids = session.scalars(
            select(model.id)
            .where(model.id > after, model.deleted_at.is_(None), ~exists().where(whose == model.id))
            .order_by(model.id)
            .limit(limit)
        ).all()
        if ids:
            index.write(session, {subject: ids})
    return ids[-1] if ids else None
