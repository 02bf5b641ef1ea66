"""What every table shares: names of constraints, time in UTC, the team that owns a row."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, aware and in UTC on both databases. A naive moment is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Fixed(TypeDecorator[Decimal]):
    """A decimal with a fixed number of places, kept as a whole number of its smallest unit.

    Exact on both databases, in sums and comparisons too; SQLite would keep a Numeric as a float. What does not fit into
    the places is refused, for a database must not round somebody's money.
    """

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        units = Decimal(value).scaleb(self.places)
        if units != units.to_integral_value():
            raise ValueError("more places than are kept")
        return int(units)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-self.places)


Json = JSON().with_variant(JSONB(), "postgresql")


class Model(DeclarativeBase):
    """The root of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime(), dict[str, Any]: Json, list[Any]: Json}  # noqa: RUF012


class OfTeam:
    """A row of one team. Others point at it by (team, id): the database refuses a link into another team."""

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="RESTRICT"), index=True)


def own(*more: Any) -> tuple[Any, ...]:
    """Table arguments of a team's table: (team, id) is unique so that others can point at it; then `more`."""
    return (UniqueConstraint("team_id", "id"), *more, {"sqlite_autoincrement": True})


def to(table: str, column: str | None = None, *, ondelete: str = "RESTRICT") -> ForeignKeyConstraint:
    """A foreign key to a row of the same team; `column` is `<table>_id` unless named."""
    return ForeignKeyConstraint(
        ["team_id", column or f"{table}_id"], [f"{table}.team_id", f"{table}.id"], ondelete=ondelete
    )


def one_of(column: str, choices: type[StrEnum]) -> CheckConstraint:
    """The column holds one of these words, or nothing where it may be null."""
    words = ", ".join(f"'{word.value}'" for word in choices)
    return CheckConstraint(f"{column} IN ({words})", name=f"{column}_known")


AMOUNT = Fixed(2)
"""Money, in whole cents: the sum of 9,000 deals at the largest amount (`money.Money`) still fits."""

Word = String(32)
"""A short code word: a state, a kind."""
