"""A campaign: one mail for many people, each personal, each exactly once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addon.models.base import Model, OfTeam, Word, one_of, own, to
from addon.models.contact import Address, Contact
from addon.models.mailbox import Mailbox


class CampaignState(StrEnum):
    DRAFT = "draft"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class PauseReason(StrEnum):
    BY_HAND = "by_hand"
    RECONNECT = "reconnect"
    DAILY_LIMIT = "daily_limit"


class Campaign(Model, OfTeam):
    __tablename__ = "campaign"
    __table_args__ = own(
        to("mailbox"),
        to("run"),
        to("user", "owner_id"),
        one_of("state", CampaignState),
        one_of("paused_for", PauseReason),
    )

    name: Mapped[str] = mapped_column(String(200))
    mailbox_id: Mapped[int] = mapped_column(index=True)
    owner_id: Mapped[int]
    run_id: Mapped[int] = mapped_column(unique=True)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    """Plain text with merge fields; frozen from the launch on."""
    columns: Mapped[list[Any]] = mapped_column(default=list)
    """[[merge field, label as uploaded], ...]."""
    state: Mapped[str] = mapped_column(Word, default=CampaignState.DRAFT)
    paused_for: Mapped[str | None] = mapped_column(Word)
    created_at: Mapped[datetime]
    launched_at: Mapped[datetime | None]

    mailbox: Mapped[Mailbox] = relationship(viewonly=True, primaryjoin="foreign(Campaign.mailbox_id) == Mailbox.id")


class Recipient(Model, OfTeam):
    """A row of the uploaded list: a person who gets the mail, or the reason why not."""

    __tablename__ = "recipient"
    __table_args__ = own(
        to("campaign"),
        to("contact"),
        to("address"),
        to("deal"),
        Index("ix_recipient_row", "campaign_id", "row"),
        Index(
            "uq_recipient_once",
            "campaign_id",
            "address_key",
            unique=True,
            sqlite_where=text("skipped IS NULL"),
            postgresql_where=text("skipped IS NULL"),
        ),
    )

    campaign_id: Mapped[int]
    row: Mapped[int]
    """Number in the uploaded list, the first person being 1."""
    email: Mapped[str] = mapped_column(String(320), default="")
    """As uploaded, for the list of who was skipped."""
    address_id: Mapped[int | None]
    address_key: Mapped[str | None] = mapped_column(String(64))
    contact_id: Mapped[int | None] = mapped_column(index=True)
    deal_id: Mapped[int | None] = mapped_column(index=True)
    """The deal that an answer belongs to, where the person had a single open one at the launch."""
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Merge fields."""
    skipped: Mapped[str | None] = mapped_column(Word)
    """Why this person gets nothing: suppressed, bounced, duplicate, bad_address, missing_field ..."""
    skipped_detail: Mapped[str] = mapped_column(String(300), default="")

    contact: Mapped[Contact | None] = relationship(
        viewonly=True, primaryjoin="foreign(Recipient.contact_id) == Contact.id"
    )
    address: Mapped[Address | None] = relationship(
        viewonly=True, primaryjoin="foreign(Recipient.address_id) == Address.id"
    )
