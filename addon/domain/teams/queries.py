"""Who is in the team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.errors import NotFound
from addon.models import Role, RoleSight, Sight, Team, User


def team(session: Session) -> Team:
    """The viewer's team."""
    return session.get_one(Team, viewer_of(session).team_id)


def team_by_name(session: Session, name: str) -> Team:
    """Raises NotFound. For the command line, before a team is known."""
    found = session.scalar(select(Team).where(Team.name == name.strip()))
    if found is None:
        raise NotFound(what="team", given=name)
    return found


def me(session: Session) -> User:
    """The person who looks, or for whom the machine does. Raises NotFound for operators and guests."""
    user_id = viewer_of(session).user_id
    user = session.scalar(select(User).where(User.id == user_id)) if user_id else None
    if user is None:
        raise NotFound(what="user")
    return user


def get_user(session: Session, user_id: int) -> User:
    """Raises NotFound."""
    user = session.scalar(select(User).where(User.id == user_id))
    if user is None:
        raise NotFound(what="user", given=user_id)
    return user


def people(session: Session) -> Sequence[User]:
    """Everybody in the team who may act, by name."""
    return session.scalars(select(User).where(User.active).order_by(User.name, User.id)).all()


def sights(session: Session) -> Mapping[Role, Sight]:
    """What each role sees of the team's records."""
    said = {row.role: row.sight for row in session.scalars(select(RoleSight))}
    return {role: Sight.ALL if role is Role.ADMIN else Sight(said.get(role, Sight.ALL)) for role in Role}
