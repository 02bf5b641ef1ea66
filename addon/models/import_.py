"""An import: a file of rows that become deals, people or companies, in slices, resumed and undone as one act."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Float, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from addon.models.base import Model, OfTeam, Word, one_of, own, to
from addon.models.field import Subject


class ImportState(StrEnum):
    DRAFT = "draft"
    """Looked at; nothing was taken in yet."""
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    UNDOING = "undoing"
    UNDONE = "undone"


class RowState(StrEnum):
    BAD = "bad"
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class RowUndone(StrEnum):
    UNDONE = "undone"
    KEPT = "kept"
    """Somebody changed it since."""


class Import(Model, OfTeam):
    __tablename__ = "import"
    __table_args__ = own(
        to("user", "owner_id"),
        to("pipeline"),
        to("activity", "act_id"),
        one_of("subject", Subject),
        one_of("state", ImportState),
    )

    subject: Mapped[str] = mapped_column(Word)
    pipeline_id: Mapped[int | None]
    """Where new deals begin."""
    owner_id: Mapped[int]
    act_id: Mapped[int | None]
    """Its entry in the diary, the cause of all that it does."""
    state: Mapped[str] = mapped_column(Word, default=ImportState.DRAFT)
    file_name: Mapped[str] = mapped_column(String(300))
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How the bytes are read, where a person chose otherwise than was detected: encoding, delimiter, header."""
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Key of the file's column -> field key."""
    rows: Mapped[int] = mapped_column(default=0)
    """How many the file has."""
    at: Mapped[int] = mapped_column(default=0)
    """How many were taken in, or taken back while undoing."""
    created_at: Mapped[datetime]
    waits_since: Mapped[float] = mapped_column(Float)
    """When somebody last looked after it, in seconds of the wall's clock: what nobody goes on with is cleared away."""
    finished_at: Mapped[datetime | None]


class ImportFile(Model, OfTeam):
    """The file itself, until the import is done or given up."""

    __tablename__ = "import_file"
    __table_args__ = own(to("import", "import_id"))

    import_id: Mapped[int] = mapped_column(unique=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportRow(Model, OfTeam):
    """What became of a row."""

    __tablename__ = "import_row"
    __table_args__ = own(
        to("import", "import_id"),
        to("deal"),
        to("contact"),
        to("company"),
        one_of("state", RowState),
        one_of("undone", RowUndone),
        UniqueConstraint("import_id", "number"),
        Index("ix_import_row_state", "import_id", "state", "number"),
    )

    import_id: Mapped[int]
    number: Mapped[int]
    """As a spreadsheet shows it at its left edge."""
    state: Mapped[str] = mapped_column(Word)
    deal_id: Mapped[int | None] = mapped_column(index=True)
    contact_id: Mapped[int | None] = mapped_column(index=True)
    company_id: Mapped[int | None] = mapped_column(index=True)
    last_number: Mapped[int | None]
    """The subject's last entry in the diary once the row was in: a later one means that somebody changed it."""
    problems: Mapped[list[Any]] = mapped_column(default=list)
    """[[column key or "", code, params], ...] of a bad row."""
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The cells of a bad row, for downloading; nothing for a good one."""
    undone: Mapped[str | None] = mapped_column(Word)


class ImportMapping(Model, OfTeam):
    """What a person chose for these headings last time."""

    __tablename__ = "import_mapping"
    __table_args__ = own(one_of("subject", Subject), UniqueConstraint("team_id", "subject", "headings"))

    subject: Mapped[str] = mapped_column(Word)
    headings: Mapped[str] = mapped_column(String(64))
    """SHA-256, hex, of the file's headings."""
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    chosen_at: Mapped[datetime]
