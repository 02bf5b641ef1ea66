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
from addon.models import Role, Team, User


class TeamExists(DomainError):
    code = "teams.exists"


class NoTeamName(DomainError):
    code = "teams.no_name"


class UserExists(DomainError):
    """The address already works for a team; an address belongs to one team only."""

    code = "teams.user_exists"


class NotAnAddress(DomainError):
    code = "teams.not_an_address"


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
    viewer = viewer_of(session)
    if viewer.role is not Role.ADMIN:
        raise NotAllowed
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


def prefer_dark(session: Session, user: User, dark: bool) -> None:
    """How this person likes pages to look; a taste, not an act, so the diary does not note it."""
    user.dark = dark
    session.flush()
