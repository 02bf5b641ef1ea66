"""People, their addresses, the companies they work for, and who must not be mailed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addon.models.base import Model, OfTeam, Word, one_of, own, to


class Company(Model, OfTeam):
    __tablename__ = "company"
    __table_args__ = own(to("user", "owner_id"), UniqueConstraint("team_id", "domain"))

    name: Mapped[str] = mapped_column(String(300))
    domain: Mapped[str | None] = mapped_column(String(253))
    """Only where a person said so; free-mail never."""
    owner_id: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class Contact(Model, OfTeam):
    __tablename__ = "contact"
    __table_args__ = own(to("company"), to("user", "owner_id"))

    name: Mapped[str] = mapped_column(String(300), default="")
    first_name: Mapped[str] = mapped_column(String(150), default="")
    last_name: Mapped[str] = mapped_column(String(150), default="")
    title: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(64), default="")
    locale: Mapped[str] = mapped_column(String(16), default="")
    company_id: Mapped[int | None] = mapped_column(index=True)
    owner_id: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]

    company: Mapped[Company | None] = relationship(
        viewonly=True, primaryjoin="foreign(Contact.company_id) == Company.id"
    )
    addresses: Mapped[list[Address]] = relationship(
        viewonly=True, primaryjoin="Contact.id == foreign(Address.contact_id)", order_by="Address.position, Address.id"
    )


class Address(Model, OfTeam):
    """One mail address. It outlives its contact, and its key is what suppression and exactly-once hold on to."""

    __tablename__ = "address"
    __table_args__ = own(to("contact"), UniqueConstraint("team_id", "email"), Index("ix_address_key", "team_id", "key"))

    contact_id: Mapped[int | None] = mapped_column(index=True)
    email: Mapped[str] = mapped_column(String(320))
    """As first written, domain in lower case."""
    key: Mapped[str] = mapped_column(String(64))
    """Hash of the address without case, +tag and Gmail's dots, under the installation's secret."""
    bounced_at: Mapped[datetime | None]
    """When a report said that this address does not exist."""
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    """Among the addresses of its person; mail goes to the first."""
    created_at: Mapped[datetime]

    contact: Mapped[Contact | None] = relationship(
        viewonly=True, primaryjoin="foreign(Address.contact_id) == Contact.id"
    )


class SuppressionScope(StrEnum):
    EVERYTHING = "everything"
    CAMPAIGNS = "campaigns"
    SEQUENCE = "sequence"


class SuppressionReason(StrEnum):
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    BY_HAND = "by_hand"


class Suppression(Model, OfTeam):
    """This address key must not be mailed. Lifting keeps the row, so that the proof stays."""

    __tablename__ = "suppression"
    __table_args__ = own(
        one_of("scope", SuppressionScope),
        one_of("reason", SuppressionReason),
        Index(
            "uq_suppression_live",
            "team_id",
            "address_key",
            "scope",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    address_key: Mapped[str] = mapped_column(String(64))
    scope: Mapped[str] = mapped_column(Word)
    reason: Mapped[str] = mapped_column(Word)
    run_id: Mapped[int | None]
    """The run whose mail led to it, where one did."""
    created_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
