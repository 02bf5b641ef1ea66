"""Custom fields of deals, people and companies, and what stands in them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from addon.models.base import AMOUNT, Fixed, Model, OfTeam, Word, one_of, own, to


class FieldKind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    SELECT = "select"
    MULTI_SELECT = "multi_select"
    PERSON = "person"
    """Somebody of the team."""
    LINK = "link"
    PHONE = "phone"
    CHECKBOX = "checkbox"
    COMPANY = "company"
    CONTACT = "contact"


class Subject(StrEnum):
    """What fields, views, searches and imports are about."""

    DEAL = "deal"
    CONTACT = "contact"
    COMPANY = "company"


class Field(Model, OfTeam):
    __tablename__ = "field"
    __table_args__ = own(
        to("pipeline"),
        one_of("subject", Subject),
        one_of("kind", FieldKind),
        CheckConstraint("pipeline_id IS NULL OR subject = 'deal'", name="only_deals_are_in_a_pipeline"),
        Index("ix_field_subject", "team_id", "subject", "position"),
    )

    subject: Mapped[str] = mapped_column(Word)
    pipeline_id: Mapped[int | None]
    """Of the deals of one pipeline; None: of all."""
    kind: Mapped[str] = mapped_column(Word)
    name: Mapped[str] = mapped_column(String(200))
    help: Mapped[str] = mapped_column(String(500), default="")
    position: Mapped[int] = mapped_column(default=0)
    ready_set: Mapped[str] = mapped_column(Word, default="")
    """The ready set it came with, such as `bant`."""
    weight: Mapped[int] = mapped_column(default=0)
    """What it counts for in the score of its set; 0: not at all."""
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    words_from: Mapped[int | None]
    """While its words come into the index or leave it: the id of the last holder that is done. None: all are."""

    options: Mapped[list[FieldOption]] = relationship(
        viewonly=True, primaryjoin="Field.id == foreign(FieldOption.field_id)", order_by="FieldOption.position"
    )


class FieldOption(Model, OfTeam):
    """A choice of a select field. It is referred to by its id, so that renaming loses nothing."""

    __tablename__ = "field_option"
    __table_args__ = own(
        to("field"),
        UniqueConstraint("team_id", "field_id", "id"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score_percent"),
    )

    field_id: Mapped[int] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)
    score: Mapped[int] = mapped_column(default=0)
    """How much of the field's weight it earns, in percent."""
    deleted_at: Mapped[datetime | None]


def _of(subject: str) -> tuple[Any, ...]:
    """What a table of values demands: one value a field, several only where they are options; each kind searchable."""
    holder, table = f"{subject}_id", f"{subject}_value"
    kinds = ("folded", "number", "amount", "day", "option_id", "user_id", "of_company_id", "of_contact_id", "checked")
    return (
        to("field"),
        to(subject),
        to("field_option", "option_id"),
        to("user", "user_id"),
        to("company", "of_company_id"),
        to("contact", "of_contact_id"),
        CheckConstraint("(amount IS NULL) = (currency IS NULL)", name="amount_with_currency"),
        UniqueConstraint(holder, "field_id", "option_id"),
        Index(
            f"uq_{table}_single",
            *(holder, "field_id"),
            unique=True,
            sqlite_where=text("option_id IS NULL"),
            postgresql_where=text("option_id IS NULL"),
        ),
        *(
            Index(
                f"ix_{table}_{kind}",
                *("team_id", "field_id", kind, holder),
                sqlite_where=text(f"{kind} IS NOT NULL"),
                postgresql_where=text(f"{kind} IS NOT NULL"),
            )
            for kind in kinds
        ),
    )


class Value(OfTeam):
    """What stands in a field: one column holds it, by the field's kind. An empty field has no row."""

    field_id: Mapped[int]
    text: Mapped[str | None] = mapped_column(Text)
    """Text, long text, link, phone: as typed."""
    folded: Mapped[str | None] = mapped_column(String(100))
    """The beginning of `text` without case and accents, for finding and sorting."""
    number: Mapped[Decimal | None] = mapped_column(Fixed(4))
    amount: Mapped[Decimal | None] = mapped_column(AMOUNT)
    currency: Mapped[str | None] = mapped_column(String(3))
    day: Mapped[date | None]
    option_id: Mapped[int | None]
    user_id: Mapped[int | None]
    of_company_id: Mapped[int | None]
    of_contact_id: Mapped[int | None]
    checked: Mapped[bool | None]
    """Only ever True: what is not ticked is empty."""


class DealValue(Model, Value):
    __tablename__ = "deal_value"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        return own(*_of("deal"))

    deal_id: Mapped[int] = mapped_column(index=True)


class ContactValue(Model, Value):
    __tablename__ = "contact_value"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        return own(*_of("contact"))

    contact_id: Mapped[int] = mapped_column(index=True)


class CompanyValue(Model, Value):
    __tablename__ = "company_value"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        return own(*_of("company"))

    company_id: Mapped[int] = mapped_column(index=True)
