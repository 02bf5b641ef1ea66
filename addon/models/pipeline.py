"""Pipelines and their stages. What a stage is called and expects is dated, so that old reports stay true."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addon.models.base import Model, OfTeam, Word, one_of, own, to


class StageKind(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Pipeline(Model, OfTeam):
    __tablename__ = "pipeline"
    __table_args__ = own(to("pipeline", "after_sales_id"))

    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    members_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Open to its members (and admins) alone; otherwise to the team."""
    after_sales_id: Mapped[int | None]
    """The pipeline in which a deal won here may go on as its twin."""
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    stages: Mapped[list[Stage]] = relationship(
        viewonly=True,
        primaryjoin="Pipeline.id == foreign(Stage.pipeline_id)",
        order_by="Stage.position",
    )


class PipelineMember(Model, OfTeam):
    """Somebody who works in a pipeline."""

    __tablename__ = "pipeline_member"
    __table_args__ = own(to("pipeline"), to("user"), UniqueConstraint("pipeline_id", "user_id"))

    pipeline_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(index=True)
    created_at: Mapped[datetime]


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
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    """Its place among the stages at that time."""
    help: Mapped[str] = mapped_column(Text, default="", server_default="")
    checklist: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """[{"id": str, "text": str}, ...]: what to do while a deal stands here. Ids stay when texts change."""
    required_to_enter: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """Keys of fields that must hold something; see `domain.fields.keys`."""
    required_to_leave: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """To go on from here; going back or to Lost asks for nothing."""
    leads_to: Mapped[list[Any] | None]
    """Ids of the stages to which a deal may go from here; None: to any."""


class ChecklistTick(Model, OfTeam):
    """Something of a stage's checklist that was done for a deal."""

    __tablename__ = "checklist_tick"
    __table_args__ = own(to("deal"), to("stage"), to("user"), UniqueConstraint("deal_id", "stage_id", "item"))

    deal_id: Mapped[int]
    stage_id: Mapped[int]
    item: Mapped[str] = mapped_column(Word)
    """Its id in the stage's checklist."""
    user_id: Mapped[int]
    created_at: Mapped[datetime]
