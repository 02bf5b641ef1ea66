"""The index of the search box: each word once, where it stands, and the words that are one slip away from it."""

from __future__ import annotations

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from addon.models.base import Model, OfTeam, own, to


class SearchWord(Model, OfTeam):
    """A word as it is searched for: without case and accents."""

    __tablename__ = "search_word"
    __table_args__ = own(UniqueConstraint("team_id", "word"))

    word: Mapped[str] = mapped_column(String(40))


class SearchSlip(Model, OfTeam):
    """A word with one letter left out: two words that share such a form are one typo apart."""

    __tablename__ = "search_slip"
    __table_args__ = own(
        to("search_word", "word_id"),
        UniqueConstraint("word_id", "slip"),
        Index("ix_search_slip_slip", "team_id", "slip", "word_id"),
    )

    word_id: Mapped[int]
    slip: Mapped[str] = mapped_column(String(40))


class SearchPlace(Model, OfTeam):
    """Where a word stands: one of the three is named."""

    __tablename__ = "search_place"
    __table_args__ = own(
        to("search_word", "word_id"),
        to("deal"),
        to("contact"),
        to("company"),
        UniqueConstraint("word_id", "deal_id"),
        UniqueConstraint("word_id", "contact_id"),
        UniqueConstraint("word_id", "company_id"),
    )

    word_id: Mapped[int]
    deal_id: Mapped[int | None] = mapped_column(index=True)
    contact_id: Mapped[int | None] = mapped_column(index=True)
    company_id: Mapped[int | None] = mapped_column(index=True)
