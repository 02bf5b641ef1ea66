"""The diary: every change, who made it, what caused it, what it took back. Rows are never changed."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addon.models.base import Model, OfTeam, Word, one_of, own, to


class ActorKind(StrEnum):
    USER = "user"
    MACHINE = "machine"
    """A mailbox at work for its owner."""
    RULE = "rule"
    OPERATOR = "operator"
    GUEST = "guest"


class EvidenceKind(StrEnum):
    SENTENCE = "sentence"
    HEADER = "header"
    REPORT = "report"
    CALENDAR = "calendar"
    CLOCK = "clock"
    FORM = "form"


class Evidence(Model, OfTeam):
    """What proves an automatic act: a sentence of a mail, a header, a report, a calendar answer, a date, a form."""

    __tablename__ = "evidence"
    __table_args__ = own(
        to("message"),
        UniqueConstraint("team_id", "id", "kind"),
        one_of("kind", EvidenceKind),
        CheckConstraint(
            "kind <> 'sentence' OR (message_id IS NOT NULL AND position IS NOT NULL)", name="sentence_has_a_place"
        ),
        CheckConstraint("kind <> 'clock' OR (on_date IS NOT NULL AND act_id IS NOT NULL)", name="clock_has_a_date"),
    )

    kind: Mapped[str] = mapped_column(Word)
    message_id: Mapped[int | None] = mapped_column(index=True)
    position: Mapped[int | None]
    """Character at which the sentence begins in the mail's new text."""
    quote: Mapped[str | None] = mapped_column(String(300))
    """The words; None once erased for privacy."""
    name: Mapped[str] = mapped_column(String(100), default="")
    """Of the header, the report's field, the form's field."""
    on_date: Mapped[date | None]
    act_id: Mapped[int | None]
    """The activity that a clock counts from."""
    erased_at: Mapped[datetime | None]


class Activity(Model, OfTeam):
    __tablename__ = "activity"
    __table_args__ = own(
        to("user", "actor_id"),
        to("mailbox"),
        to("activity", "cause_id"),
        to("activity", "undoes_id"),
        ForeignKeyConstraint(
            ["team_id", "evidence_id", "evidence_kind"],
            ["evidence.team_id", "evidence.id", "evidence.kind"],
            name="fk_activity_evidence",
        ),
        ForeignKeyConstraint(
            ["team_id", "rule_id", "rule_version", "evidence_kind"],
            ["rule_evidence.team_id", "rule_evidence.rule_id", "rule_evidence.version", "rule_evidence.kind"],
            name="fk_activity_rule_may_use_evidence",
        ),
        UniqueConstraint("team_id", "subject_kind", "subject_id", "number"),
        UniqueConstraint("undoes_id"),
        one_of("actor_kind", ActorKind),
        one_of("evidence_kind", EvidenceKind),
        CheckConstraint(
            "kind <> 'deal.moved' OR actor_kind <> 'rule' OR (rule_id IS NOT NULL AND rule_version IS NOT NULL"
            " AND evidence_id IS NOT NULL AND evidence_kind IS NOT NULL)",
            name="rule_shows_evidence",
        ),
        CheckConstraint("number > 0", name="number_from_one"),
        Index("ix_activity_cause", "team_id", "cause_id"),
    )

    subject_kind: Mapped[str] = mapped_column(Word)
    """deal, contact, thread, campaign, mailbox, suppression ..."""
    subject_id: Mapped[int]
    number: Mapped[int]
    """Rises by one within the subject."""
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(Word)
    actor_id: Mapped[int | None]
    """The user who acted, or for whom the machine acted."""
    mailbox_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(64))
    """What was done, such as deal.moved."""
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Ids and codes only; names and texts stand in the detail, where they can be erased."""
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    cause_id: Mapped[int | None]
    """The act that started it; None where this is that act."""
    undoes_id: Mapped[int | None]
    rule_id: Mapped[int | None]
    rule_version: Mapped[int | None]
    evidence_id: Mapped[int | None]
    evidence_kind: Mapped[str | None] = mapped_column(Word)

    detail: Mapped[ActivityDetail | None] = relationship(
        viewonly=True, primaryjoin="Activity.id == foreign(ActivityDetail.activity_id)", lazy="joined"
    )
    evidence: Mapped[Evidence | None] = relationship(
        viewonly=True, primaryjoin="foreign(Activity.evidence_id) == Evidence.id", lazy="joined"
    )


class ActivityDetail(Model, OfTeam):
    """Names, quotes and texts of an entry: the only part that privacy may erase, and then it says so."""

    __tablename__ = "activity_detail"
    __table_args__ = own(to("activity"))

    activity_id: Mapped[int] = mapped_column(unique=True)
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    erased_at: Mapped[datetime | None]
