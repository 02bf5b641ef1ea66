"""Who works in a pipeline, and whether it is open to the whole team or to them alone. Only admins and managers say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.activity import operations as activity
from addon.domain.pipelines.operations import hold
from addon.domain.teams import queries as teams
from addon.models import Activity, PipelineMember, User


def of(session: Session, pipeline_id: int) -> Sequence[User]:
    """By name."""
    return session.scalars(
        select(User)
        .join(PipelineMember, PipelineMember.user_id == User.id)
        .where(PipelineMember.pipeline_id == pipeline_id)
        .order_by(User.name, User.id)
    ).all()


def add(
    session: Session,
    pipeline_id: int,
    user_id: int,
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """None where they are one. Raises NotFound, NotAllowed."""
    hold(session, pipeline_id)
    user = teams.get_user(session, user_id)
    if _found(session, pipeline_id, user.id) is not None:
        return None
    session.add(PipelineMember(pipeline_id=pipeline_id, user_id=user.id, created_at=at))
    session.flush()
    return activity.record(
        session,
        "pipeline.member_added",
        ("pipeline", pipeline_id),
        at=at,
        after={"user_id": user.id},
        cause=cause,
        undoes=undoes,
    )


def remove(
    session: Session,
    pipeline_id: int,
    user_id: int,
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """None where they are none. Their deals stay theirs. Raises NotFound, NotAllowed."""
    hold(session, pipeline_id)
    member = _found(session, pipeline_id, user_id)
    if member is None:
        return None
    session.delete(member)
    session.flush()
    return activity.record(
        session,
        "pipeline.member_removed",
        ("pipeline", pipeline_id),
        at=at,
        before={"user_id": user_id},
        cause=cause,
        undoes=undoes,
    )


def open_to_team(
    session: Session, pipeline_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity | None:
    """None where it is. Raises NotFound, NotAllowed."""
    return _set_members_only(session, pipeline_id, False, at=at, cause=cause, undoes=undoes)


def close_to_members(
    session: Session, pipeline_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity | None:
    """For its members and admins alone, from the next time that anybody looks. Raises NotFound, NotAllowed."""
    return _set_members_only(session, pipeline_id, True, at=at, cause=cause, undoes=undoes)


def _set_members_only(
    session: Session, pipeline_id: int, wanted: bool, *, at: datetime, cause: Activity | None, undoes: Activity | None
) -> Activity | None:
    pipeline = hold(session, pipeline_id)
    if pipeline.members_only is wanted:
        return None
    pipeline.members_only = wanted
    session.flush()
    return activity.record(
        session,
        "pipeline.closed" if wanted else "pipeline.opened",
        ("pipeline", pipeline_id),
        at=at,
        before={"members_only": not wanted},
        after={"members_only": wanted},
        cause=cause,
        undoes=undoes,
    )


def _found(session: Session, pipeline_id: int, user_id: int) -> PipelineMember | None:
    return session.scalar(
        select(PipelineMember).where(PipelineMember.pipeline_id == pipeline_id, PipelineMember.user_id == user_id)
    )
