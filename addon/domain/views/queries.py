"""Which views there are. One sees one's own and those that are shared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.errors import NotFound
from addon.models import Pipeline, Subject, View


def get(session: Session, ref: str, *, deleted: bool = False) -> View:
    """By what stands in its address.

    Raises NotFound, also for somebody else's private view, another team's, one of a pipeline that the viewer may not
    see, and a deleted one unless asked for.
    """
    query = select(View).where(View.ref == ref[:36], *_seen())
    if not deleted:
        query = query.where(View.deleted_at.is_(None))
    view = session.scalar(query.where(_mine_or_shared(session)))
    if view is None:
        raise NotFound(what="view", given=ref[:36])
    return view


def for_switcher(session: Session, subject: Subject, pipeline_id: int | None = None) -> Sequence[View]:
    """One's own first, then the shared ones of others, by name; of a pipeline also those over all pipelines."""
    query = select(View).where(View.subject == subject, View.deleted_at.is_(None), *_seen(), _mine_or_shared(session))
    if pipeline_id is not None:
        query = query.where(or_(View.pipeline_id == pipeline_id, View.pipeline_id.is_(None)))
    me = viewer_of(session).user_id
    return sorted(session.scalars(query), key=lambda view: (view.owner_id != me, view.name.casefold(), view.id))


def _seen() -> Sequence[ColumnElement[bool]]:
    """A view of a pipeline that one may not see, or that is archived, is none."""
    live: Any = select(Pipeline.id).where(Pipeline.archived_at.is_(None))
    return [or_(View.pipeline_id.is_(None), View.pipeline_id.in_(live))]


def _mine_or_shared(session: Session) -> ColumnElement[bool]:
    me = viewer_of(session).user_id
    return or_(View.shared, View.owner_id == me) if me is not None else View.shared.is_(True)
