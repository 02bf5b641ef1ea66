"""One act on many things, done in slices so that nobody waits long; resumed and undone as one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from addon.models.base import Model, OfTeam, Word, one_of, own, to
from addon.models.field import Subject


class BulkState(StrEnum):
    RUNNING = "running"
    DONE = "done"


class BulkKind(StrEnum):
    MOVE = "move"
    EDIT = "edit"
    """Of built-in and custom fields: assigning and tagging too."""
    DELETE = "delete"
    UNDO = "undo"


class Bulk(Model, OfTeam):
    __tablename__ = "bulk"
    __table_args__ = own(
        to("user", "owner_id"),
        to("activity", "act_id"),
        one_of("kind", BulkKind),
        one_of("subject", Subject),
        one_of("state", BulkState),
    )

    kind: Mapped[str] = mapped_column(Word)
    subject: Mapped[str] = mapped_column(Word)
    state: Mapped[str] = mapped_column(Word, default=BulkState.RUNNING)
    owner_id: Mapped[int]
    act_id: Mapped[int]
    """Its entry in the diary, the cause of all that it does."""
    asked: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What to do: the stage, or field keys with their values as typed."""
    ids: Mapped[list[Any]] = mapped_column(default=list)
    """Whom it is done to, in order; [id, number of the last move seen] for moves."""
    at: Mapped[int] = mapped_column(default=0)
    """How many of `ids` were looked at."""
    done: Mapped[int] = mapped_column(default=0)
    refused: Mapped[list[Any]] = mapped_column(default=list)
    """[id, code, params] of those that it could not be done to."""
    error: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
