"""A connected Gmail account: its grant, its cursor, its lease and what it has spent of Gmail's quota."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Float, Integer, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addon.models.base import Model, OfTeam, Word, one_of, own, to
from addon.models.team import User


class MailboxState(StrEnum):
    CONNECTED = "connected"
    RECONNECT = "reconnect"
    """Gmail no longer lets us in: nothing is sent or read until the owner connects again."""


class Sharing(StrEnum):
    """What colleagues see of a mailbox's linked mail."""

    HAPPENED = "happened"
    SUBJECT = "subject"
    QUOTE = "quote"
    ALL = "all"


class Mailbox(Model, OfTeam):
    __tablename__ = "mailbox"
    __table_args__ = own(to("user", "owner_id"), one_of("state", MailboxState), one_of("sharing", Sharing))

    owner_id: Mapped[int]
    email: Mapped[str] = mapped_column(String(320), unique=True)
    """Lower case, as Gmail's profile says it; unique over all teams."""
    state: Mapped[str] = mapped_column(Word, default=MailboxState.CONNECTED)
    sharing: Mapped[str] = mapped_column(Word, default=Sharing.QUOTE)
    sealed_refresh_token: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_access_token: Mapped[bytes | None] = mapped_column(LargeBinary)
    access_token_ends: Mapped[datetime | None]
    """Wall time."""
    scopes: Mapped[str] = mapped_column(String(2000), default="")

    cursor: Mapped[int | None] = mapped_column(BigInteger)
    """Gmail history id up to which this mailbox's mail is covered; None before the first sync."""
    lookback_page: Mapped[str | None] = mapped_column(String(500))
    """Where a first sync, or one after a lost cursor, stopped listing."""
    lookback_to: Mapped[int | None] = mapped_column(BigInteger)
    """The history id from which history goes on once the listing is done; None when none is under way."""
    pushed_to: Mapped[int | None] = mapped_column(BigInteger)
    """The newest history id that a push named."""
    synced_at: Mapped[datetime | None]
    """Wall time of the last sync that read to the end."""
    watch_ends: Mapped[datetime | None]
    """Wall time at which Gmail stops pushing."""
    daily_cap: Mapped[int | None]
    """Mails in 24 hours, where it differs from the setting."""

    owner: Mapped[User] = relationship(viewonly=True, primaryjoin="foreign(Mailbox.owner_id) == User.id")


class MailboxLease(Model, OfTeam):
    """Who attends a mailbox now. It paces; what makes sending safe is the committed draft id."""

    __tablename__ = "mailbox_lease"
    __table_args__ = own(to("mailbox"))

    mailbox_id: Mapped[int] = mapped_column(unique=True)
    holder: Mapped[str | None] = mapped_column(String(100))
    fence: Mapped[int] = mapped_column(Integer, default=0)
    """Rises with every new holder; a commit under an older fence changes nothing."""
    ends: Mapped[float] = mapped_column(Float, default=0.0)
    """Epoch seconds on the database's clock."""
    wanted: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Somebody woke this mailbox: attend it at the next tick."""


class MailboxQuota(Model, OfTeam):
    """What a mailbox spent of Gmail's units in the last minute, shared by all workers."""

    __tablename__ = "mailbox_quota"
    __table_args__ = own(to("mailbox"))

    mailbox_id: Mapped[int] = mapped_column(unique=True)
    spent: Mapped[list[Any]] = mapped_column(default=list)
    """[[epoch second, units], ...] of the last minute, on the database's clock."""
    wait_until: Mapped[float] = mapped_column(Float, default=0.0)
    """Epoch seconds before which Gmail asked us not to call."""
    daily_wait: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The wait is for Gmail's daily limit, not for its pace."""
