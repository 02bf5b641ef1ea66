"""A deal: one stage of one pipeline, an owner, an amount, and the people it is about."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addon.models.base import AMOUNT, Model, OfTeam, own, to
from addon.models.contact import Company, Contact
from addon.models.pipeline import Pipeline, Stage
from addon.models.team import User


class Deal(Model, OfTeam):
    __tablename__ = "deal"
    __table_args__ = own(
        to("user", "owner_id"),
        to("contact"),
        to("company"),
        to("pipeline"),
        to("contact", "referred_by_id"),
        to("deal", "twin_of_id"),
        ForeignKeyConstraint(
            ["team_id", "pipeline_id", "stage_id"],
            ["stage.team_id", "stage.pipeline_id", "stage.id"],
            name="fk_deal_stage_of_pipeline",
            ondelete="RESTRICT",
        ),
        CheckConstraint("(amount IS NULL) = (currency IS NULL)", name="amount_with_currency"),
        Index(
            "ix_deal_board",
            *("team_id", "pipeline_id", "stage_id", "entered_stage_at", "id"),
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )

    title: Mapped[str] = mapped_column(String(300))
    pipeline_id: Mapped[int]
    stage_id: Mapped[int]
    entered_stage_at: Mapped[datetime]
    last_move: Mapped[int] = mapped_column(default=0)
    """Number, within this deal's diary, of its last move: what a mover must have seen (law 3)."""
    owner_id: Mapped[int] = mapped_column(index=True)
    contact_id: Mapped[int | None] = mapped_column(index=True)
    company_id: Mapped[int | None] = mapped_column(index=True)
    amount: Mapped[Decimal | None] = mapped_column(AMOUNT)
    currency: Mapped[str | None] = mapped_column(String(3))
    product: Mapped[str] = mapped_column(String(200), default="")
    channel: Mapped[str] = mapped_column(String(200), default="")
    referred_by_id: Mapped[int | None]
    twin_of_id: Mapped[int | None] = mapped_column(index=True)
    """The won deal that this one goes on from, in its after-sales pipeline."""
    lost_reason: Mapped[str] = mapped_column(String(300), default="", server_default="")
    expected_close: Mapped[date | None]
    next_step: Mapped[str] = mapped_column(String(300), default="")
    next_step_on: Mapped[date | None]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    pipeline: Mapped[Pipeline] = relationship(viewonly=True, primaryjoin="foreign(Deal.pipeline_id) == Pipeline.id")
    stage: Mapped[Stage] = relationship(viewonly=True, primaryjoin="foreign(Deal.stage_id) == Stage.id")
    owner: Mapped[User] = relationship(viewonly=True, primaryjoin="foreign(Deal.owner_id) == User.id")
    contact: Mapped[Contact | None] = relationship(viewonly=True, primaryjoin="foreign(Deal.contact_id) == Contact.id")
    company: Mapped[Company | None] = relationship(viewonly=True, primaryjoin="foreign(Deal.company_id) == Company.id")


class DealContact(Model, OfTeam):
    """A person with a part in a deal, besides the one it is about."""

    __tablename__ = "deal_contact"
    __table_args__ = own(to("deal"), to("contact"), UniqueConstraint("deal_id", "contact_id"))

    deal_id: Mapped[int]
    contact_id: Mapped[int] = mapped_column(index=True)
    role: Mapped[str] = mapped_column(String(100), default="", server_default="")
    """Such as `buyer`, `signs the contract`, in the team's own words."""
    created_at: Mapped[datetime]


class DealTotal(Model, OfTeam):
    """How many deals of an owner stand in a stage and what they are worth, kept with every change of a deal."""

    __tablename__ = "deal_total"
    __table_args__ = own(
        to("pipeline"),
        to("stage"),
        to("user", "owner_id"),
        UniqueConstraint("team_id", "pipeline_id", "stage_id", "owner_id", "currency"),
    )

    pipeline_id: Mapped[int]
    stage_id: Mapped[int]
    owner_id: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    """Empty for deals without an amount."""
    deals: Mapped[int] = mapped_column(default=0)
    amount: Mapped[Decimal] = mapped_column(AMOUNT, default=Decimal(0))
