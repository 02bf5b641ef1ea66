"""What the inbox may do by itself: rules, each version with the evidence it may use, and what they did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from addon.models.activity import EvidenceKind
from addon.models.base import Model, OfTeam, Word, one_of, own, to


class Rule(Model, OfTeam):
    __tablename__ = "rule"
    __table_args__ = own(to("pipeline"))

    pipeline_id: Mapped[int] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    version: Mapped[int] = mapped_column(default=1)
    """The version in force."""
    created_at: Mapped[datetime]


class RuleVersion(Model, OfTeam):
    __tablename__ = "rule_version"
    __table_args__ = own(
        to("rule"),
        to("stage", "from_stage_id"),
        to("stage", "to_stage_id"),
        UniqueConstraint("team_id", "rule_id", "version"),
    )

    rule_id: Mapped[int]
    version: Mapped[int]
    from_stage_id: Mapped[int | None]
    """Only deals in this stage; None means any open stage before the target."""
    to_stage_id: Mapped[int]
    conditions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """{"kinds": [...], "said": [...], "not_said": [...]} over MessageFacts."""
    created_at: Mapped[datetime]


class RuleEvidence(Model, OfTeam):
    """A kind of evidence that a version of a rule may go by; an activity of a rule must point at one (law 7)."""

    __tablename__ = "rule_evidence"
    __table_args__ = own(
        ForeignKeyConstraint(
            ["team_id", "rule_id", "version"],
            ["rule_version.team_id", "rule_version.rule_id", "rule_version.version"],
            name="fk_rule_evidence_version",
        ),
        UniqueConstraint("team_id", "rule_id", "version", "kind"),
        one_of("kind", EvidenceKind),
    )

    rule_id: Mapped[int]
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(Word)


class Reaction(Model, OfTeam):
    """The one automatic move that a mail made to a deal; a person's undo bars it for good."""

    __tablename__ = "reaction"
    __table_args__ = own(
        to("deal"), to("message"), to("rule"), to("activity"), UniqueConstraint("team_id", "deal_id", "message_id")
    )

    deal_id: Mapped[int]
    message_id: Mapped[int]
    rule_id: Mapped[int]
    activity_id: Mapped[int]
    barred_at: Mapped[datetime | None]
