"""A saved view: which deals, people or companies, grouped, sorted and shown how."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from addon.models.base import Model, OfTeam, Word, one_of, own, to
from addon.models.field import Subject


class Shape(StrEnum):
    BOARD = "board"
    TABLE = "table"


class View(Model, OfTeam):
    __tablename__ = "view"
    __table_args__ = own(
        to("pipeline"),
        to("user", "owner_id"),
        one_of("subject", Subject),
        one_of("shape", Shape),
        Index("ix_view_subject", "team_id", "subject", "owner_id"),
    )

    ref: Mapped[str] = mapped_column(String(36), unique=True)
    """Random: the address that one can send."""
    subject: Mapped[str] = mapped_column(Word)
    pipeline_id: Mapped[int | None]
    """Deals of one pipeline; None: of all that one may see."""
    name: Mapped[str] = mapped_column(String(200))
    owner_id: Mapped[int]
    shared: Mapped[bool] = mapped_column(default=False)
    shape: Mapped[str] = mapped_column(Word, default=Shape.TABLE)
    filter: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Conditions on field keys and ids, so that a new name changes nothing; see `domain.views.filters`."""
    group_by: Mapped[str] = mapped_column(String(64), default="")
    hidden: Mapped[list[Any]] = mapped_column(default=list)
    """Values of the grouping whose columns are not shown."""
    sort: Mapped[list[Any]] = mapped_column(default=list)
    """[[field key, "asc" or "desc"], ...]."""
    columns: Mapped[list[Any]] = mapped_column(default=list)
    """Field keys, in order."""
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
