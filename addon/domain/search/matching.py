"""Which words of the index a typed word stands for: itself, what begins with it, what is one slip away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from addon.domain.search.index import PLACES
from addon.domain.search.words import FORGIVING, may_slip, one_slip_apart, slips
from addon.models import SearchPlace, SearchSlip, SearchWord, Subject

FEW = 64
"""Words that are named in a statement one by one; more are asked for by their beginning."""
COUNTED = 2_000
"""Places up to which it is known how many there are."""


@dataclass(frozen=True)
class Meant:
    """Words of the index, by id; or all that begin in the same way."""

    ids: tuple[int, ...] = ()
    beginning: str = ""

    def __bool__(self) -> bool:
        return bool(self.ids or self.beginning)

    def holds(self) -> ColumnElement[bool]:
        """Whether a place's word is one of them, where one begins from the words."""
        return self._among(SearchPlace.word_id)

    def stands(self) -> ColumnElement[bool]:
        """The same, where one begins from the deal or the person: they have few words, and this may be many."""
        return self._among(SearchPlace.word_id + 0)

    def _among(self, word_id: Any) -> ColumnElement[bool]:
        named: ColumnElement[bool] = word_id.in_(self.ids)
        if not self.beginning:
            return named
        begun: ColumnElement[bool] = word_id.in_(select(SearchWord.id).where(begins(self.beginning)))
        return or_(named, begun) if self.ids else begun


def begins(beginning: str) -> ColumnElement[bool]:
    """In the order of code points, which the index has on both databases."""
    return (SearchWord.word >= beginning) & (SearchWord.word < beginning + "\U0010ffff")


def exactly(session: Session, words: Collection[str]) -> dict[str, Meant]:
    """Those of these words that stand in the index."""
    rows = session.execute(select(SearchWord.word, SearchWord.id).where(SearchWord.word.in_(words)))
    return {word: Meant((number,)) for word, number in rows}


def beginning_with(session: Session, word: str) -> Meant:
    """Itself and what goes on from it."""
    ids = session.scalars(select(SearchWord.id).where(begins(word)).order_by(SearchWord.word).limit(FEW + 1)).all()
    return Meant(beginning=word) if len(ids) > FEW else Meant(tuple(ids))


def mistyped(session: Session, word: str) -> Meant:
    """Words of five letters or more that are one slip away."""
    if len(word) < FORGIVING - 1 or not word.isalpha():
        return Meant()
    forms = sorted(slips(word) | {word})
    near = (
        select(SearchWord.id, SearchWord.word)
        .join(SearchSlip, SearchSlip.word_id == SearchWord.id)
        .where(SearchSlip.slip.in_(forms))
        .distinct()
    )
    found = {number: other for number, other in session.execute(near) if one_slip_apart(word, other)}
    if may_slip(word):  # the typed word has a letter too many
        longer = select(SearchWord.id, SearchWord.word).where(SearchWord.word.in_(forms), SearchWord.word != word)
        found |= {number: other for number, other in session.execute(longer) if one_slip_apart(word, other)}
    return Meant(tuple(sorted(found)[:FEW]))


def both(one: Meant, other: Meant) -> Meant:
    return Meant(tuple(dict.fromkeys((*one.ids, *other.ids))), one.beginning or other.beginning)


def places(session: Session, meant: Meant, subjects: Sequence[Subject]) -> dict[Subject, int]:
    """In how many of each subject these words stand, counted up to COUNTED."""
    found = dict.fromkeys(subjects, 0)
    named = select(SearchPlace.id).where(SearchPlace.word_id.in_(meant.ids))
    begun = select(SearchPlace.id).join(SearchWord, SearchWord.id == SearchPlace.word_id).where(begins(meant.beginning))
    for wanted, query in ((meant.ids, named), (meant.beginning, begun)):
        if wanted:
            counts = [
                select(func.count())
                .select_from(query.where(PLACES[subject].is_not(None)).limit(COUNTED).subquery())
                .scalar_subquery()
                for subject in subjects
            ]
            for subject, count in zip(subjects, session.execute(select(*counts)).one(), strict=True):
                found[subject] = min(found[subject] + count, COUNTED)
    return found
