"""Finding what somebody types into the search box: everything that holds all the words and that they may see.

Words that stand there as typed come before words that only begin so, and those before words with a slip; within each,
the newest first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from addon.domain.search import matching
from addon.domain.search.index import PLACES
from addon.domain.search.matching import Meant
from addon.domain.search.words import typed
from addon.models import Company, Contact, Deal, Subject

MODELS: dict[Subject, Any] = {Subject.DEAL: Deal, Subject.CONTACT: Contact, Subject.COMPANY: Company}


@dataclass(frozen=True)
class Hit:
    subject: Subject
    id: int
    title: str
    subtitle: str
    """Where a deal stands and for whom; whom a person works for, or their address; a company's domain."""
    words: tuple[str, ...]
    """As typed."""


@dataclass(frozen=True)
class _Found:
    subject: Subject
    id: int
    created_at: datetime


def find(session: Session, text: str, *, limit: int = 20, subject: Subject | None = None) -> list[Hit]:
    """The best hits for what was typed; nothing for nothing. The last word may be unfinished."""
    words = typed(text)
    if not words:
        return []
    subjects = [subject] if subject else list(Subject)
    found: dict[tuple[Subject, int], _Found] = {}
    for meant in _tiers(session, words):
        some = _with_all(session, meant, subjects, limit + len(found))
        for one in sorted(some, key=lambda one: (one.created_at, one.id), reverse=True):
            found.setdefault((one.subject, one.id), one)
        if len(found) >= limit:
            break
    return _shown(session, list(found.values())[:limit], tuple(words))


def _tiers(session: Session, words: Sequence[str]) -> Iterator[list[Meant]]:
    """What each typed word may stand for, strictest first; a tier in which one stands for nothing is left out."""
    exact = matching.exactly(session, words)
    as_typed = [exact.get(word, Meant()) for word in words]
    if all(as_typed):
        yield as_typed
    last = matching.beginning_with(session, words[-1])
    if all(as_typed[:-1]) and last and last != as_typed[-1]:
        yield [*as_typed[:-1], last]
    slipped = [matching.mistyped(session, word) for word in words]
    if any(slipped):
        forgiving = [matching.both(one, other) for one, other in zip([*as_typed[:-1], last], slipped, strict=True)]
        if all(forgiving):
            yield forgiving


def _with_all(session: Session, meant: Sequence[Meant], subjects: Sequence[Subject], limit: int) -> list[_Found]:
    """The newest of each subject in which every word stands."""
    counts = [matching.places(session, words, subjects) for words in meant]
    found: list[_Found] = []
    for subject in subjects:
        if not all(count[subject] for count in counts):
            continue
        rarest = min(range(len(meant)), key=lambda place: counts[place][subject])
        few = meant[rarest] if counts[rarest][subject] < matching.COUNTED else None
        found += _newest(session, subject, meant, few, limit)
    return found


def _newest(session: Session, subject: Subject, meant: Sequence[Meant], few: Meant | None, limit: int) -> list[_Found]:
    """Beginning from the places of a rare word, `few`; where all words are common, from the newest thing."""
    model, whose = MODELS[subject], PLACES[subject]
    query = select(model.id, model.created_at).where(model.deleted_at.is_(None))
    for words in meant:
        if words is few:
            query = query.where(model.id.in_(select(whose).where(words.holds(), whose.is_not(None))))
        else:
            query = query.where(exists().where(whose == model.id, words.stands()))
    rows = session.execute(query.order_by(model.id.desc()).limit(limit))
    return [_Found(subject, key, created) for key, created in rows]


def _shown(session: Session, found: Sequence[_Found], words: tuple[str, ...]) -> list[Hit]:
    rows: dict[tuple[Subject, int], tuple[str, str]] = {}
    for subject in Subject:
        ids = [one.id for one in found if one.subject == subject]
        if ids:
            rows |= {(subject, row.id): _lines(row) for row in session.scalars(_loading(subject, ids)).unique()}
    return [
        Hit(one.subject, one.id, *rows[one.subject, one.id], words) for one in found if (one.subject, one.id) in rows
    ]


def _loading(subject: Subject, ids: Sequence[int]) -> Any:
    model = MODELS[subject]
    query = select(model).where(model.id.in_(ids))
    if subject is Subject.DEAL:
        return query.options(joinedload(Deal.stage), joinedload(Deal.contact), joinedload(Deal.company))
    if subject is Subject.CONTACT:
        return query.options(joinedload(Contact.company), joinedload(Contact.addresses))
    return query


def _lines(row: Any) -> tuple[str, str]:
    if isinstance(row, Deal):
        whom = row.company or row.contact
        return row.title, " · ".join(part for part in (row.stage.name, whom.name if whom else "") if part)
    if isinstance(row, Contact):
        at_work = " · ".join(part for part in (row.title, row.company.name if row.company else "") if part)
        return row.name, at_work or next((address.email for address in row.addresses), "")
    return row.name, row.domain or ""
