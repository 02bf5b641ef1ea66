"""Words that nobody holds any more leave the index: what was erased, or written by mistake, is not kept in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from addon.models import SearchPlace, SearchSlip, SearchWord

_PLAIN = {"synchronize_session": False}


def _held() -> ColumnElement[bool]:
    """Whether the word stands somewhere; without its team the whole index would be read for it."""
    return exists().where(SearchPlace.team_id == SearchWord.team_id, SearchPlace.word_id == SearchWord.id)


def unheld(session: Session, *, limit: int = 500) -> Sequence[int]:
    """The next words of the team that stand nowhere. Reads only."""
    return session.scalars(select(SearchWord.id).where(~_held()).order_by(SearchWord.id).limit(limit)).all()


def drop(session: Session, word_ids: Collection[int]) -> int:
    """Take those of these words out that stand nowhere; how many. At most 500 at once.

    A word that somebody else's transaction is using is left: whoever sweeps next takes it. Who uses a word holds it
    (`index.known`), so that none goes under their hands.
    """
    waiting = select(SearchWord.id).where(SearchWord.id.in_(word_ids), ~_held()).with_for_update(skip_locked=True)
    locked = session.scalars(waiting).all()
    if not locked:
        return 0
    # Asked again: a place may have been committed between the look and the lock.
    gone = session.scalars(select(SearchWord.id).where(SearchWord.id.in_(locked), ~_held())).all()
    session.execute(delete(SearchSlip).where(SearchSlip.word_id.in_(gone)), execution_options=_PLAIN)
    session.execute(delete(SearchWord).where(SearchWord.id.in_(gone)), execution_options=_PLAIN)
    return len(gone)
