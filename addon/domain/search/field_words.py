"""A custom field that is deleted takes its words out of the index, and brings them back when it is restored.

Where many hold something in it, the worker goes on, a slice at a time; the field's row says how far it is.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.search import index
from addon.domain.search.texts import VALUES
from addon.models import Field, Subject

SLICE = 200
"""Holders a transaction."""


def due(session: Session) -> list[int]:
    """Ids of the fields whose words are not as they should be."""
    return list(session.scalars(select(Field.id).where(Field.words_from.is_not(None)).order_by(Field.id)))


def go_on(session: Session, field_id: int) -> bool:
    """Renew the next holders; False where nothing is left. The session must see the whole team."""
    field = session.get_one(Field, field_id)
    if field.words_from is None:
        return False
    table, holder = VALUES[Subject(field.subject)]
    whose: Any = getattr(table, holder)
    ids = session.scalars(
        select(whose)
        .where(table.field_id == field_id, table.text.is_not(None), whose > field.words_from)
        .distinct()
        .order_by(whose)
        .limit(SLICE)
    ).all()
    if ids:
        index.write(session, {Subject(field.subject): ids})
    more = len(ids) == SLICE
    field.words_from = ids[-1] if more else None
    session.flush()
    return more
