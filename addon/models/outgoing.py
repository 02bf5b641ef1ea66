"""The ledger of mails that are due. One row is one mail, and law 5 is what may happen to it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Float, Index, Integer, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addon.models.base import Model, OfTeam, Word, one_of, own, to
from addon.models.contact import Address


class RunKind(StrEnum):
    CAMPAIGN = "campaign"
    ENROLMENT = "enrolment"


class Run(Model, OfTeam):
    """What a mail belongs to: a campaign has one run, each enrolment in a sequence has its own."""

    __tablename__ = "run"
    __table_args__ = own(one_of("kind", RunKind))

    kind: Mapped[str] = mapped_column(Word)
    ref: Mapped[str] = mapped_column(String(36), unique=True)
    created_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    """Nothing of this run is permitted while this is set; drafts already permitted are taken back and become due."""
    stopped_at: Mapped[datetime | None]
    """Nothing of this run is permitted any more; drafts already permitted are taken back and become stopped."""


class OutgoingState(StrEnum):
    DUE = "due"
    CLAIMED = "claimed"
    """A worker took it (C0) and is about to create, or has just created, its draft."""
    PERMITTED = "permitted"
    """The draft in the row, and no other, may be sent (C1)."""
    SENT = "sent"
    DRAFTED = "drafted"
    """A draft for the rep to edit; not permitted before the rep says send."""
    HELD = "held"
    """The rep changed the draft after the permit: the rep decides."""
    UNCERTAIN = "uncertain"
    """Asked Gmail to send it and got no proof either way; never sent again without a person."""
    WITHDRAWN = "withdrawn"
    """The rep deleted the draft."""
    STOPPED = "stopped"
    FAILED = "failed"


class Outgoing(Model, OfTeam):
    __tablename__ = "outgoing"
    __table_args__ = own(
        to("run"),
        to("mailbox"),
        to("address"),
        to("recipient"),
        UniqueConstraint("team_id", "run_id", "step", "address_key"),
        UniqueConstraint("mailbox_id", "draft_id"),
        one_of("state", OutgoingState),
        CheckConstraint("state <> 'permitted' OR draft_id IS NOT NULL", name="permit_names_a_draft"),
        CheckConstraint("state <> 'sent' OR gmail_message_id IS NOT NULL OR by_hand", name="sent_names_a_message"),
        Index("ix_outgoing_work", "mailbox_id", "state", "due_at"),
        Index("ix_outgoing_thread", "mailbox_id", "gmail_thread_id"),
        Index("ix_outgoing_run_state", "run_id", "state"),
        Index("ix_outgoing_rfc", "mailbox_id", "rfc_message_id"),
        Index("ix_outgoing_person", "mailbox_id", "address_key"),
        Index("ix_outgoing_sent", "mailbox_id", "sent_at"),
    )

    run_id: Mapped[int]
    step: Mapped[int] = mapped_column(default=1)
    address_key: Mapped[str] = mapped_column(String(64))
    address_id: Mapped[int]
    mailbox_id: Mapped[int]
    recipient_id: Mapped[int | None] = mapped_column(index=True)
    ref: Mapped[str] = mapped_column(String(36), unique=True)
    """Random; with the attempt it is the X-Dealthread-Ref of the draft, never the row's id."""
    state: Mapped[str] = mapped_column(Word, default=OutgoingState.DUE)
    attempt: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    """The lease under which it was last claimed or taken over."""
    due_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    permitted_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    draft_id: Mapped[str | None] = mapped_column(String(64))
    draft_message_id: Mapped[str | None] = mapped_column(String(32))
    """Message id inside the draft at the permit: another one there means that the rep touched it."""
    draft_thread_id: Mapped[str | None] = mapped_column(String(32))
    gmail_message_id: Mapped[str | None] = mapped_column(String(32))
    gmail_thread_id: Mapped[str | None] = mapped_column(String(32))
    rfc_message_id: Mapped[str] = mapped_column(String(998), default="")
    """The Message-ID that Gmail gave it, read later and only where needed."""
    gone_since: Mapped[float | None] = mapped_column(Float)
    """Epoch seconds on the database's clock when its draft was first found gone without proof."""
    gone_told: Mapped[float | None] = mapped_column(Float)
    """Epoch seconds on the database's clock when history was read beyond the deletion of its draft."""
    doubted: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Since the permit a mail without our mark was seen to go to this person: it may be ours, thread and mark lost."""
    look_at: Mapped[float] = mapped_column(Float, default=0.0)
    """Epoch seconds before which nobody need look at an uncertain row again."""
    looked: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str] = mapped_column(String(200), default="")
    """A code, never Gmail's text."""
    by_hand: Mapped[bool] = mapped_column(default=False)
    """A person said what became of it."""

    address: Mapped[Address] = relationship(viewonly=True, primaryjoin="foreign(Outgoing.address_id) == Address.id")


class DeadAttempt(Model, OfTeam):
    """An attempt whose draft may exist without being anybody's permit; its drafts are looked for and deleted."""

    __tablename__ = "dead_attempt"
    __table_args__ = own(
        to("outgoing"),
        to("mailbox"),
        UniqueConstraint("outgoing_id", "attempt"),
        Index("ix_dead_attempt_next", "mailbox_id", "next_sweep"),
    )

    outgoing_id: Mapped[int]
    mailbox_id: Mapped[int]
    ref: Mapped[str] = mapped_column(String(60), index=True)
    """`<ref>.<attempt>`."""
    attempt: Mapped[int]
    draft_id: Mapped[str | None] = mapped_column(String(64))
    """Known where the answer to the create arrived."""
    unmarked_draft_id: Mapped[str | None] = mapped_column(String(64))
    """A draft to the same person without our mark: ours, its header lost, or the rep's own. Shown, never deleted."""
    died: Mapped[float] = mapped_column(Float)
    """Epoch seconds on the database's clock."""
    sweeps: Mapped[int] = mapped_column(default=0)
    next_sweep: Mapped[float | None] = mapped_column(Float)
    """None once the last sweep is done, or its draft was deleted."""
