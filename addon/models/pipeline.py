"""Pipelines and their stages. What a stage is called and expects is dated, so that old reports stay true."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addon.models.base import Model, OfTeam, Word, one_of, own, to


class StageKind(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Pipeline(Model, OfTeam):
    __tablename__ = "pipeline"
    __table_args__ = own()

    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    stages: Mapped[list[Stage]] = relationship(
        viewonly=True,
        primaryjoin="Pipeline.id == foreign(Stage.pipeline_id)",
        order_by="Stage.position",
    )


class Stage(Model, OfTeam):
    __tablename__ = "stage"
    __table_args__ = own(
        to("pipeline"),
        UniqueConstraint("team_id", "pipeline_id", "id"),
        one_of("kind", StageKind),
        Index("ix_stage_order", "pipeline_id", "position"),
    )

    pipeline_id: Mapped[int]
    kind: Mapped[str] = mapped_column(Word, default=StageKind.OPEN)
    position: Mapped[int]
    archived_at: Mapped[datetime | None]

    definitions: Mapped[list[StageDefinition]] = relationship(
        viewonly=True,
        primaryjoin="Stage.id == foreign(StageDefinition.stage_id)",
        order_by="StageDefinition.since",
        lazy="selectin",
    )

    @property
    def now(self) -> StageDefinition:
        """The definition in force."""
        return next(d for d in self.definitions if d.until is None)

    @property
    def name(self) -> str:
        return self.now.name


class StageDefinition(Model, OfTeam):
    """What a stage was called and expected from `since` until `until` (None: still)."""

    __tablename__ = "stage_definition"
    __table_args__ = own(
        to("stage"),
        CheckConstraint("probability BETWEEN 0 AND 100", name="probability_percent"),
        Index(
            "uq_stage_definition_current",
            "stage_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    stage_id: Mapped[int]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    name: Mapped[str] = mapped_column(String(200))
    probability: Mapped[int] = mapped_column(default=0)
    """Percent."""
    age_limit_days: Mapped[int | None]
