"""Mails we may know about: one Message, seen in several mailboxes; the threads they stand in; what was made of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addon.models.base import Model, OfTeam, Word, one_of, own, to
from addon.models.deal import Deal
from addon.models.mailbox import Sharing


class Message(Model, OfTeam):
    """A linked, campaign or asked-about mail: the headers that linking needs, never its body."""

    __tablename__ = "message"
    __table_args__ = own(
        to("outgoing", "answers_id"),
        UniqueConstraint("team_id", "identity"),
        Index("ix_message_rfc", "team_id", "rfc_message_id"),
    )

    identity: Mapped[str] = mapped_column(String(64))
    """Hash of Message-ID, From, Date and normalised subject: equal means the same mail (law 9)."""
    rfc_message_id: Mapped[str] = mapped_column(String(998), default="")
    references: Mapped[list[Any]] = mapped_column(default=list)
    """Message-IDs, oldest first, with In-Reply-To last."""
    from_email: Mapped[str] = mapped_column(String(320), default="")
    from_name: Mapped[str] = mapped_column(String(300), default="")
    subject: Mapped[str] = mapped_column(String(998), default="")
    sent_at: Mapped[datetime | None]
    """What its Date header says."""
    received_at: Mapped[datetime]
    answers_id: Mapped[int | None] = mapped_column(index=True)
    """The Outgoing that this mail reacts to: a reply, a bounce, an out-of-office."""

    facts: Mapped[MessageFacts | None] = relationship(
        viewonly=True, primaryjoin="Message.id == foreign(MessageFacts.message_id)"
    )


class MessageFacts(Model, OfTeam):
    """What the classifier made of a mail, with the words it went by (law 10: at most 300 characters each)."""

    __tablename__ = "message_facts"
    __table_args__ = own(to("message"))

    message_id: Mapped[int] = mapped_column(unique=True)
    classifier: Mapped[int]
    kind: Mapped[str] = mapped_column(Word)
    language: Mapped[str] = mapped_column(String(8), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Headers that decided, evidence, report, calendar and attachment facts, phrase hits, as `verdicts` writes them."""
    reply_digest: Mapped[str] = mapped_column(String(64), default="")
    asked_only: Mapped[bool] = mapped_column(default=False)
    """Kept only because a question about it is open: erased when dismissed, or after 30 days."""
    read_at: Mapped[datetime]


class Thread(Model, OfTeam):
    """A Gmail thread of one mailbox that is linked, asked about, or holds mail of a campaign."""

    __tablename__ = "thread"
    __table_args__ = own(to("mailbox"), UniqueConstraint("mailbox_id", "gmail_thread_id"))

    mailbox_id: Mapped[int]
    gmail_thread_id: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]

    links: Mapped[list[ThreadLink]] = relationship(
        viewonly=True, primaryjoin="Thread.id == foreign(ThreadLink.thread_id)", order_by="ThreadLink.id"
    )


class Sighting(Model, OfTeam):
    """A mail in one mailbox. Unlinked private mail leaves no more than this."""

    __tablename__ = "sighting"
    __table_args__ = own(
        to("mailbox"),
        to("message"),
        to("thread"),
        UniqueConstraint("mailbox_id", "gmail_id"),
        Index("ix_sighting_message", "team_id", "message_id"),
    )

    mailbox_id: Mapped[int]
    gmail_id: Mapped[str] = mapped_column(String(32))
    message_id: Mapped[int | None]
    thread_id: Mapped[int | None] = mapped_column(index=True)
    seen_at: Mapped[datetime]

    message: Mapped[Message | None] = relationship(
        viewonly=True, primaryjoin="foreign(Sighting.message_id) == Message.id"
    )


class LinkedHow(StrEnum):
    """The rung of the ladder of certainty that made a link (law 8)."""

    EXPLICIT = "explicit"
    REFERENCES = "references"
    CAMPAIGN = "campaign"
    ONLY_DEAL = "only_deal"


class ThreadLink(Model, OfTeam):
    __tablename__ = "thread_link"
    __table_args__ = own(
        to("thread"),
        to("deal"),
        one_of("how", LinkedHow),
        one_of("sharing", Sharing),
        Index(
            "uq_thread_link_live",
            "thread_id",
            unique=True,
            sqlite_where=text("unlinked_at IS NULL"),
            postgresql_where=text("unlinked_at IS NULL"),
        ),
    )

    thread_id: Mapped[int]
    deal_id: Mapped[int] = mapped_column(index=True)
    how: Mapped[str] = mapped_column(Word)
    sharing: Mapped[str | None] = mapped_column(Word)
    """What colleagues see of this thread, where it differs from the mailbox's level."""
    linked_at: Mapped[datetime]
    unlinked_at: Mapped[datetime | None]

    deal: Mapped[Deal] = relationship(viewonly=True, primaryjoin="foreign(ThreadLink.deal_id) == Deal.id")
    thread: Mapped[Thread] = relationship(viewonly=True, primaryjoin="foreign(ThreadLink.thread_id) == Thread.id")


class LinkQuestion(Model, OfTeam):
    """A thread that fits several deals: the rep is asked, and the answer is remembered as an explicit link."""

    __tablename__ = "link_question"
    __table_args__ = own(to("thread"), to("message"))

    thread_id: Mapped[int] = mapped_column(unique=True)
    message_id: Mapped[int | None]
    candidates: Mapped[list[Any]] = mapped_column(default=list)
    """Deal ids."""
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    dismissed_at: Mapped[datetime | None]
