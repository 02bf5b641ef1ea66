"""Making teams and adding people to them."""

from __future__ import annotations

from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.activity import operations as activity
from addon.domain.errors import DomainError, NotAllowed
from addon.domain.teams import queries
from addon.models import Activity, Role, RoleSight, Sight, Team, User


class TeamExists(DomainError):
    code = "teams.exists"


class NoTeamName(DomainError):
    code = "teams.no_name"


class UserExists(DomainError):
    """The address already works for a team; an address belongs to one team only."""

    code = "teams.user_exists"


class NotAnAddress(DomainError):
    code = "teams.not_an_address"


class LastAdmin(DomainError):
    """Without this one nobody could let people in."""

    code = "teams.last_admin"


def create_team(session: Session, name: str, *, at: datetime, currency: str = "EUR", zone: str = "UTC") -> Team:
    """Add a team. Raises TeamExists, NoTeamName. Needs no viewer's team: there is none yet."""
    name = name.strip()
    if not name:
        raise NoTeamName
    if session.scalar(select(Team.id).where(Team.name == name)) is not None:
        raise TeamExists(name=name)
    team = Team(name=name[:200], currency=currency, zone=zone, created_at=at)
    session.add(team)
    session.flush()
    return team


def add_user(session: Session, email: str, *, role: Role, at: datetime, name: str = "", locale: str = "en") -> User:
    """Add a person to the viewer's team. Raises NotAnAddress, UserExists, NotAllowed."""
    _check_is_admin(session)
    try:
        clean = validate_email(email, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise NotAnAddress(given=email) from None
    user = User(email=clean, name=name or clean.split("@")[0], role=role, locale=locale, created_at=at)
    session.add(user)
    try:
        session.flush()
    except IntegrityError:
        raise UserExists(email=clean) from None
    activity.record(session, "user.added", ("user", user.id), at=at, after={"role": role}, texts={"email": clean})
    return user


def change_role(
    session: Session,
    user_id: int,
    role: Role,
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """Give somebody another role; None where they have it. Raises NotAllowed, NotFound, LastAdmin."""
    _check_is_admin(session)
    user = queries.get_user(session, user_id)
    before = Role(user.role)
    if before is role:
        return None
    _check_not_last(session, user)
    user.role = role
    session.flush()
    return activity.record(
        session,
        "user.role_changed",
        ("user", user.id),
        at=at,
        before={"role": before},
        after={"role": role},
        cause=cause,
        undoes=undoes,
    )


def deactivate(
    session: Session, user_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity | None:
    """Let somebody act no more; what they own stays theirs. Raises NotAllowed, NotFound, LastAdmin."""
    _check_is_admin(session)
    user = queries.get_user(session, user_id)
    if not user.active:
        return None
    _check_not_last(session, user)
    return _set_active(session, user, False, "user.deactivated", at=at, cause=cause, undoes=undoes)


def reactivate(
    session: Session, user_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity | None:
    """Let somebody in again. None where they are. Raises NotAllowed, NotFound."""
    _check_is_admin(session)
    user = queries.get_user(session, user_id)
    return (
        None if user.active else _set_active(session, user, True, "user.reactivated", at=at, cause=cause, undoes=undoes)
    )


def set_sight(
    session: Session,
    role: Role,
    sight: Sight,
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """What people of a role see of the team's records; None where nothing changes. Admins see all, whatever is said.

    It holds from the next time that they look. Raises NotAllowed.
    """
    _check_is_admin(session)
    row = session.scalar(select(RoleSight).where(RoleSight.role == role).with_for_update())
    before = Sight(row.sight) if row is not None else Sight.ALL
    if before is sight or role is Role.ADMIN:
        return None
    if row is None:
        session.add(RoleSight(role=role, sight=sight))
    else:
        row.sight = sight
    session.flush()
    team_id = viewer_of(session).team_id
    return activity.record(
        session,
        "sight.set",
        ("team", team_id),
        at=at,
        before={"role": role, "sight": before},
        after={"role": role, "sight": sight},
        cause=cause,
        undoes=undoes,
    )


def _check_is_admin(session: Session) -> None:
    if viewer_of(session).role is not Role.ADMIN:
        raise NotAllowed


def _check_not_last(session: Session, user: User) -> None:
    admins = session.scalars(
        select(User.id).where(User.role == Role.ADMIN, User.active).order_by(User.id).with_for_update()
    ).all()
    if list(admins) == [user.id]:
        raise LastAdmin(email=user.email)


def _set_active(
    session: Session,
    user: User,
    active: bool,
    kind: str,
    *,
    at: datetime,
    cause: Activity | None,
    undoes: Activity | None,
) -> Activity:
    user.active = active
    session.flush()
    return activity.record(
        session,
        kind,
        ("user", user.id),
        at=at,
        before={"active": not active},
        after={"active": active},
        cause=cause,
        undoes=undoes,
    )


def prefer_dark(session: Session, user: User, dark: bool) -> None:
    """How this person likes pages to look; a taste, not an act, so the diary does not note it."""
    user.dark = dark
    session.flush()
