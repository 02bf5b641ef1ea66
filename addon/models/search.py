"""The index of the search box: each word once, where it stands, and the words that are one slip away from it."""

from __future__ import annotations

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from addon.models.base import Model, OfTeam, Word, one_of, own, to
from addon.models.field import Subject


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
    """Where a word stands."""

    __tablename__ = "search_place"
    __table_args__ = own(
        to("search_word", "word_id"),
        one_of("subject", Subject),
        UniqueConstraint("word_id", "subject", "subject_id"),
        Index("ix_search_place_subject", "team_id", "subject", "subject_id"),
    )

    word_id: Mapped[int]
    subject: Mapped[str] = mapped_column(Word)
    subject_id: Mapped[int]
