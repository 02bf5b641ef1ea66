"""Keeps the index true, whoever writes: importing this makes every session remember what it touched.

Changed objects are seen when they are flushed. What is written by statement is seen by its entries in the diary, which
every change has (law 1). The index is written once, in the same transaction, just before it commits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session

from addon.domain.access import Viewer
from addon.domain.access.tenancy import TeamSession
from addon.domain.search import field_words, index
from addon.domain.search.texts import VALUES
from addon.models import Activity, Address, Company, Contact, Deal, Field, Subject

TOUCHED = "touched"
"""Key of the session's info: a set of (subject, id). Who writes by statement without a diary adds to it."""
_RENAMED = "renamed"
_FIELDS = "fields"
"""Ids of fields that were deleted or brought back."""
_ADDRESS = "address"

_WORDS_OF: Mapping[type[Any], frozenset[str]] = {
    Deal: frozenset(
        {"title", "product", "channel", "next_step", "lost_reason", "contact_id", "company_id", "deleted_at"}
    ),
    Contact: frozenset({"name", "first_name", "last_name", "title", "phone", "company_id", "deleted_at"}),
    Company: frozenset({"name", "domain", "deleted_at"}),
}
_SUBJECT: Mapping[type[Any], Subject] = {
    Deal: Subject.DEAL,
    Contact: Subject.CONTACT,
    Company: Subject.COMPANY,
}
_VALUES = {table: (subject, holder) for subject, (table, holder) in VALUES.items()}
_CHANGING = (".created", ".edited", ".deleted", ".restored")
"""How the diary's kinds end that are about words. A move is not: it must cost nothing here."""
_NAMES = frozenset({"name", "deleted_at"})
"""What others show of a person or a company."""


def index_many(session: Session, subject: Subject, ids: Collection[int]) -> None:
    """Have these found by what they hold now, when the transaction commits."""
    _touched(session).update((subject, key) for key in ids)


def write_now(session: Session) -> None:
    """Write what is remembered; a commit does it by itself."""
    session.flush()
    touched: set[tuple[str, int]] = session.info.pop(TOUCHED, set())
    renamed: set[tuple[str, int]] = session.info.pop(_RENAMED, set())
    if not (touched or session.info.get(_FIELDS)) or not isinstance(session.info.get("viewer"), Viewer):
        return
    with index.whole_team(session):
        for field_id in session.info.pop(_FIELDS, ()):
            field_words.go_on(session, field_id)
        ids = {subject: {key for kind, key in touched if kind == subject} for subject in Subject}
        _add_people_of(session, [key for kind, key in touched if kind == _ADDRESS], ids)
        _add_who_shows(session, renamed, ids)
        index.write(session, {subject: keys for subject, keys in ids.items() if keys})


@event.listens_for(TeamSession, "before_flush")
def _remember(session: Session, _context: Any, _instances: Any) -> None:
    for row in session.new:
        _note(session, row, new=True)
    for row in session.dirty:
        _note(session, row, new=False)
    for row in session.deleted:
        _note(session, row, new=True)


@event.listens_for(TeamSession, "after_flush")
def _remember_new(session: Session, _context: Any) -> None:
    """New rows have their ids now."""
    for row in session.new:
        if (subject := _SUBJECT.get(type(row))) is not None:
            _touched(session).add((subject, row.id))


@event.listens_for(TeamSession, "do_orm_execute")
def _remember_statement(state: ORMExecuteState) -> None:
    if not state.is_insert or state.bind_mapper is None or state.bind_mapper.class_ is not Activity:
        return
    given: Any = state.parameters
    rows: Iterable[Mapping[str, Any]] = given if isinstance(given, list) else [given or {}]
    for row in rows:
        _note_entry(state.session, row.get("kind", ""), row.get("subject_kind", ""), row.get("subject_id"))


@event.listens_for(TeamSession, "before_commit")
def _write(session: Session) -> None:
    if not session.in_nested_transaction():
        write_now(session)


def _note(session: Session, row: Any, *, new: bool) -> None:
    kind = type(row)
    if kind is Activity:
        _note_entry(session, row.kind, row.subject_kind, row.subject_id)
    elif kind in _SUBJECT:
        if not new:
            _note_changed(session, row)
    elif kind is Address:
        _note_holders(session, row, "contact_id", Subject.CONTACT)
    elif kind in _VALUES:
        subject, holder = _VALUES[kind]
        _note_holders(session, row, holder, subject)
    elif kind is Field and not new:
        _note_field(session, row)


def _note_field(session: Session, row: Field) -> None:
    """The first holders at once, the others by the worker."""
    if inspect(row).attrs.deleted_at.history.has_changes():
        row.words_from = 0
        session.info.setdefault(_FIELDS, []).append(row.id)


def _note_entry(session: Session, kind: str, subject_kind: str, subject_id: int | None) -> None:
    if subject_id is None:
        return
    if subject_kind in tuple(Subject) and kind.endswith(_CHANGING):
        _touched(session).add((subject_kind, subject_id))
    elif subject_kind == _ADDRESS:
        _touched(session).add((_ADDRESS, subject_id))


def _note_changed(session: Session, row: Any) -> None:
    changed = {name for name in _WORDS_OF[type(row)] if inspect(row).attrs[name].history.has_changes()}
    if changed:
        _touched(session).add((_SUBJECT[type(row)], row.id))
    if changed & _NAMES and not isinstance(row, Deal):
        session.info.setdefault(_RENAMED, set()).add((_SUBJECT[type(row)], row.id))


def _note_holders(session: Session, row: Any, holder: str, subject: Subject) -> None:
    """Whose it is, and whose it was."""
    history = inspect(row).attrs[holder].history
    for key in (getattr(row, holder), *(history.deleted or ())):
        if key is not None:
            _touched(session).add((subject, key))


def _touched(session: Session) -> set[tuple[str, int]]:
    touched: set[tuple[str, int]] = session.info.setdefault(TOUCHED, set())
    return touched


def _add_people_of(session: Session, addresses: list[int], ids: dict[Subject, set[int]]) -> None:
    for start in range(0, len(addresses), index.SLICE):
        some = addresses[start : start + index.SLICE]
        whose = select(Address.contact_id).where(Address.id.in_(some), Address.contact_id.is_not(None))
        ids[Subject.CONTACT].update(key for key in session.scalars(whose) if key is not None)


def _add_who_shows(session: Session, renamed: Collection[tuple[str, int]], ids: dict[Subject, set[int]]) -> None:
    """Deals show the names of their person and company, people that of their company."""
    people = [key for kind, key in renamed if kind == Subject.CONTACT]
    companies = [key for kind, key in renamed if kind == Subject.COMPANY]
    if people:
        ids[Subject.DEAL].update(session.scalars(select(Deal.id).where(Deal.contact_id.in_(people))))
    if companies:
        ids[Subject.DEAL].update(session.scalars(select(Deal.id).where(Deal.company_id.in_(companies))))
        ids[Subject.CONTACT].update(session.scalars(select(Contact.id).where(Contact.company_id.in_(companies))))
