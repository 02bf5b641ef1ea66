"""Writing the index: a handful of statements, however many things changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from addon.domain.access import Viewer, viewer_of
from addon.domain.search import forgetting
from addon.domain.search.texts import words_of
from addon.domain.search.words import may_slip, slips
from addon.models import SearchPlace, SearchSlip, SearchWord, Subject

SLICE = 500
"""Parameters of one statement."""
PLACES: Mapping[Subject, Any] = {
    Subject.DEAL: SearchPlace.deal_id,
    Subject.CONTACT: SearchPlace.contact_id,
    Subject.COMPANY: SearchPlace.company_id,
}


@dataclass
class _Change:
    gone: list[int] = field(default_factory=list)
    """Places."""
    lost: set[int] = field(default_factory=set)
    """Words that stood in those places."""
    new: list[tuple[str, Subject, int]] = field(default_factory=list)


def write(session: Session, touched: Mapping[Subject, Collection[int]]) -> None:
    """Make the index say what these hold now; the session must see the whole team.

    Words are added in one order, so that two writers never wait in a ring.
    """
    change = _Change()
    for subject, ids in touched.items():
        for some in _slices(sorted(ids)):
            _compare(session, subject, some, change)
    for some in _slices(change.gone):
        session.execute(
            delete(SearchPlace).where(SearchPlace.id.in_(some)), execution_options={"synchronize_session": False}
        )
    _add(session, change.new)
    for some in _slices(sorted(change.lost)):
        forgetting.drop(session, some)  # last: nothing is waited for while these are locked


def _compare(session: Session, subject: Subject, ids: Sequence[int], change: _Change) -> None:
    wanted = words_of(session, subject, ids)
    whose = PLACES[subject]
    rows = session.execute(
        select(SearchPlace.id, whose, SearchWord.id, SearchWord.word)
        .join(SearchWord, SearchWord.id == SearchPlace.word_id)
        .where(whose.in_(ids))
    )
    for place, holder, word_id, word in rows:
        words = wanted.get(holder)
        if words is not None and word in words:
            words.discard(word)
        else:
            change.gone.append(place)
            change.lost.add(word_id)
    change.new += [(word, subject, holder) for holder, words in wanted.items() for word in words]


def _add(session: Session, new: Sequence[tuple[str, Subject, int]]) -> None:
    if not new:
        return
    team_id = viewer_of(session).team_id
    numbers = _numbers(session, team_id, sorted({word for word, _, _ in new}))
    nowhere = {column.key: None for column in PLACES.values()}
    rows = [
        {"team_id": team_id, "word_id": numbers[word], **nowhere, PLACES[subject].key: holder}
        for word, subject, holder in new
    ]
    session.execute(_unless_there(session, SearchPlace), rows)


def _numbers(session: Session, team_id: int, words: Sequence[str]) -> dict[str, int]:
    """The id of each word, added where there is none."""
    numbers: dict[str, int] = {}
    for some in _slices(words):
        known = _known(session, some)
        if strangers := [word for word in some if word not in known]:
            rows = [{"team_id": team_id, "word": word} for word in strangers]
            session.execute(_unless_there(session, SearchWord), rows)
            added = _known(session, strangers)
            _forgive(session, team_id, added)
            known |= added
        numbers |= known
    return numbers


def _known(session: Session, words: Sequence[str]) -> dict[str, int]:
    """Held until the transaction ends, as places hold them: nobody sweeps them away meanwhile."""
    there = select(SearchWord.word, SearchWord.id).where(SearchWord.word.in_(words)).order_by(SearchWord.word)
    rows = session.execute(there.with_for_update(read=True, key_share=True))
    return {word: number for word, number in rows}


def _forgive(session: Session, team_id: int, words: Mapping[str, int]) -> None:
    rows = [
        {"team_id": team_id, "word_id": number, "slip": slip}
        for word, number in words.items()
        if may_slip(word)
        for slip in slips(word)
    ]
    if rows:
        session.execute(_unless_there(session, SearchSlip), rows)


def _unless_there(session: Session, table: Any) -> Any:
    made = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return made(table).on_conflict_do_nothing()


def _slices(many: Sequence[Any]) -> Iterator[list[Any]]:
    rest = iter(many)
    while some := list(islice(rest, SLICE)):
        yield some


@contextmanager
def whole_team(session: Session) -> Iterator[None]:
    """The index is the team's: who writes may not see every deal of the company that they rename."""
    viewer = viewer_of(session)
    session.info["viewer"] = Viewer.operator(viewer.team_id)
    try:
        yield
    finally:
        session.info["viewer"] = viewer
