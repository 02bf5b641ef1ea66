"""A team (the tenant), its people, and what belongs to the whole installation."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Integer, LargeBinary, String, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from addon.models.base import Model, OfTeam, Word, one_of, own


class Role(StrEnum):
    ADMIN = "admin"
    MANAGER = "manager"
    REP = "rep"


class Installation(Model):
    """One row: the secret that address keys and unsubscribe tokens are made with, sealed under SECRET_KEYS.

    It is made once and never changes, so that keys and tokens outlive a rotation of SECRET_KEYS.
    """

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class Team(Model):
    __tablename__ = "team"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    """IANA name of the zone in which the team's dates are meant."""
    created_at: Mapped[datetime]


class Sight(StrEnum):
    """Whose records a role sees."""

    OWN = "own"
    PIPELINES = "pipelines"
    """Their own, and all in the pipelines they are members of."""
    ALL = "all"


class RoleSight(Model, OfTeam):
    """What a role sees of the team's deals, people and companies. Without a row: all. Admins see all."""

    __tablename__ = "role_sight"
    __table_args__ = own(one_of("role", Role), one_of("sight", Sight), UniqueConstraint("team_id", "role"))

    role: Mapped[str] = mapped_column(Word)
    sight: Mapped[str] = mapped_column(Word)


class User(Model, OfTeam):
    __tablename__ = "user"
    __table_args__ = own(one_of("role", Role))

    email: Mapped[str] = mapped_column(String(320), unique=True)
    """Lower case; unique over all teams, because it is one of the four doors."""
    name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(Word)
    google_sub: Mapped[str | None] = mapped_column(String(64), unique=True)
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    dark: Mapped[bool] = mapped_column(default=False, server_default=false())
    locale: Mapped[str] = mapped_column(String(16), default="en")
    zone: Mapped[str] = mapped_column(String(64), default="")
    """IANA name; empty means the team's zone."""
    created_at: Mapped[datetime]
