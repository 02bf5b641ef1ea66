"""The index of the search box: each word once, where it stands, and the words that are one slip away from it."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from addon.models.base import Model, OfTeam, own, to


class SearchWord(Model, OfTeam):
    """A word as it is searched for: without case and accents."""

    __tablename__ = "search_word"
    __table_args__ = own(UniqueConstraint("team_id", "word"))

    word: Mapped[str] = mapped_column(String(40).with_variant(String(40, collation="C"), "postgresql"))
    """In the order of code points, so that words with one beginning stand together."""


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


def _found_by(holder: str) -> tuple[Index, Index]:
    """A word stands in a thing once. Each index begins with the team, which every statement names.

    The second holds the word too: SQLite takes the one that answers all by itself, though it read the whole team.
    """
    where = text(f"{holder} IS NOT NULL")
    return (
        Index(
            f"uq_search_place_word_{holder}",
            *("team_id", "word_id", holder),
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        ),
        Index(f"ix_search_place_{holder}", "team_id", holder, "word_id", sqlite_where=where, postgresql_where=where),
    )


class SearchPlace(Model, OfTeam):
    """Where a word stands: one of the three is named."""

    __tablename__ = "search_place"
    __table_args__ = own(
        to("search_word", "word_id"),
        to("deal"),
        to("contact"),
        to("company"),
        *_found_by("deal_id"),
        *_found_by("contact_id"),
        *_found_by("company_id"),
        # Taking a word out asks whether it stands anywhere; the others, which know only some places, can't tell.
        Index("ix_search_place_word", "team_id", "word_id"),
    )

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="RESTRICT"))
    word_id: Mapped[int]
    deal_id: Mapped[int | None]
    contact_id: Mapped[int | None]
    company_id: Mapped[int | None]
