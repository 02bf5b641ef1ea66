"""Saving, naming, sharing and deleting views. Whoever made a view changes it; an admin may take away a shared one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.activity import operations as activity
from addon.domain.errors import NotAllowed
from addon.domain.teams import queries as teams
from addon.domain.views import asking, filters, queries
from addon.domain.views.asking import Ask
from addon.domain.views.refusals import NoName
from addon.models import Activity, Role, View

_KEPT = ("subject", "pipeline_id", "shape", "filter", "group_by", "hidden", "sort", "columns")


def save(session: Session, name: str, ask: Ask, *, at: datetime, shared: bool = False) -> View:
    """Keep what is asked for under a name; private unless `shared`.

    Raises NoName, and what `asking.check` raises.
    """
    named = _name(name)
    held = _held(asking.check(session, ask))
    view = View(ref=str(uuid.uuid4()), name=named, owner_id=teams.me(session).id, shared=shared, created_at=at, **held)
    session.add(view)
    session.flush()
    _note(session, "created", view, at=at, after={"ref": view.ref, "shared": shared, **held}, texts={"name": named})
    return view


def rename(
    session: Session,
    ref: str,
    name: str,
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """None where it is called so already. Raises NotFound, NotAllowed, NoName."""
    view, named = _own(session, ref), _name(name)
    if view.name == named:
        return None
    texts = {"before": view.name, "after": named}
    view.name = named
    return _note(session, "renamed", view, at=at, texts=texts, cause=cause, undoes=undoes)


def change(
    session: Session, ref: str, ask: Ask, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity | None:
    """Let a view ask for something else; None where nothing differs.

    Raises NotFound, NotAllowed, and what `asking.check` raises.
    """
    return put(session, ref, _held(asking.check(session, ask)), at=at, cause=cause, undoes=undoes)


def put(
    session: Session,
    ref: str,
    held: Mapping[str, Any],
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """The same by the columns of the model, as the diary has them: what it asked for before can be put back, though
    a field that it names is gone since."""
    view = _own(session, ref)
    before = {name: getattr(view, name) for name in _KEPT if name in held and getattr(view, name) != held[name]}
    if not before:
        return None
    after = {name: held[name] for name in before}
    for name, value in after.items():
        setattr(view, name, value)
    return _note(session, "changed", view, at=at, before=before, after=after, cause=cause, undoes=undoes)


def share(
    session: Session,
    ref: str,
    shared: bool,
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """Show a view to the team, or keep it to oneself again. Raises NotFound, NotAllowed."""
    view = _own(session, ref)
    if view.shared == shared:
        return None
    view.shared = shared
    kind = "shared" if shared else "unshared"
    held = {"before": {"shared": not shared}, "after": {"shared": shared}}
    return _note(session, kind, view, at=at, cause=cause, undoes=undoes, **held)


def delete(
    session: Session, ref: str, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity:
    """Raises NotFound, NotAllowed."""
    view = _own(session, ref)
    view.deleted_at = at
    return _note(session, "deleted", view, at=at, texts={"name": view.name}, cause=cause, undoes=undoes)


def restore(
    session: Session, ref: str, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity | None:
    """Raises NotFound, NotAllowed."""
    view = _own(session, ref, deleted=True)
    if view.deleted_at is None:
        return None
    view.deleted_at = None
    return _note(session, "restored", view, at=at, texts={"name": view.name}, cause=cause, undoes=undoes)


def _own(session: Session, ref: str, *, deleted: bool = False) -> View:
    view = queries.get(session, ref, deleted=deleted)
    viewer = viewer_of(session)
    if view.owner_id != viewer.user_id and viewer.role != Role.ADMIN:
        raise NotAllowed(what="view")
    return view


def _name(given: str) -> str:
    name = " ".join(given.replace("\0", "").split())[:200]
    if not name:
        raise NoName
    return name


def _held(ask: Ask) -> dict[str, Any]:
    """As the model keeps it."""
    return {
        "subject": ask.subject.value,
        "pipeline_id": ask.pipeline_id,
        "shape": ask.shape.value,
        "filter": filters.to_json(ask.filter),
        "group_by": ask.group_by,
        "hidden": list(ask.hidden),
        "sort": [list(each) for each in ask.sort],
        "columns": list(ask.columns),
    }


def _note(
    session: Session,
    what: str,
    view: View,
    *,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    texts: Mapping[str, Any] | None = None,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity:
    session.flush()
    return activity.record(
        session,
        f"view.{what}",
        ("view", view.id),
        at=at,
        before=before,
        after=after,
        texts=texts,
        cause=cause,
        undoes=undoes,
    )
