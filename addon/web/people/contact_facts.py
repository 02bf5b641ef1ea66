"""What is known of a person or a company, as label and words; what has a page or an address of its own is a link."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.errors import NotFound
from addon.domain.fields.checking import Typed
from addon.domain.fields.keys import OPTIONS, FieldSpec, Kind
from addon.domain.teams import queries as teams
from addon.domain.views import naming
from addon.domain.views.table import Cell, Named
from addon.i18n import Words
from addon.models import Company, Contact
from addon.web.fields import field_words
from addon.web.seat import Person, owner

PAGES: Mapping[Kind, str] = {Kind.COMPANY: "/companies/", Kind.CONTACT: "/people/"}


@dataclass(frozen=True, kw_only=True)
class LinkedFact:
    label: str
    value: str
    missing: bool = False
    person: Person | None = None
    url: str = ""
    outside: bool = False
    """The link leads away from here."""
    long: bool = False
    """Several lines, as they were typed."""
    note: str = ""


def facts(
    session: Session, specs: Sequence[FieldSpec], standing: Mapping[str, Typed], say: Words, *, now: datetime
) -> list[LinkedFact]:
    """One a field, in order; a field without a value says so."""
    pointed = {
        (spec.kind, value)
        for spec in specs
        if spec.kind in naming.NAMED and isinstance(value := standing.get(spec.key), int)
    }
    names = naming.names(session, pointed)
    there = _there(session, pointed)
    return [_fact(session, spec, standing.get(spec.key), names, there, say, now) for spec in specs]


def _there(session: Session, pointed: Collection[tuple[Kind, int]]) -> set[tuple[Kind, int]]:
    """Those people and companies that have a page: not the deleted ones."""
    found: set[tuple[Kind, int]] = set()
    for kind, model in ((Kind.COMPANY, Company), (Kind.CONTACT, Contact)):
        ids = [number for other, number in pointed if other == kind]
        if ids:
            live = select(model.id).where(model.id.in_(ids), model.deleted_at.is_(None))
            found.update((kind, number) for number in session.scalars(live))
    return found


def _fact(
    session: Session,
    spec: FieldSpec,
    value: Any,
    names: naming.Names,
    there: Collection[tuple[Kind, int]],
    say: Words,
    now: datetime,
) -> LinkedFact:
    words = field_words.words(_cell(spec, value, names), say, now=now)
    if spec.key == "locale" and words:
        words = field_words.language(words, say)
    url, outside = _url(spec, value, words, there)
    return LinkedFact(
        label=field_words.label(spec, say),
        value=words or say("web.deal.unknown"),
        missing=not words,
        person=_person(session, value) if spec.kind == Kind.PERSON and words else None,
        url=url,
        outside=outside,
        long=spec.kind == Kind.LONG_TEXT,
    )


def _cell(spec: FieldSpec, value: Any, names: naming.Names) -> Cell:
    if value is None:
        return None
    if spec.kind in OPTIONS:
        chosen = value if isinstance(value, frozenset) else {value}
        return tuple(Named(option.id, option.name) for option in spec.options if option.id in chosen)
    if spec.kind in naming.NAMED:
        name = names.get((spec.kind, value))
        return Named(value, name) if name is not None else None
    cell: Cell = value if not isinstance(value, int) or isinstance(value, bool) else Decimal(value)
    return cell


def _url(spec: FieldSpec, value: Any, words: str, there: Collection[tuple[Kind, int]]) -> tuple[str, bool]:
    """Where it leads, and whether away from here."""
    if not words:
        return "", False
    if spec.kind in PAGES:
        return (f"{PAGES[spec.kind]}{value}" if (spec.kind, value) in there else ""), False
    if spec.kind == Kind.PHONE:
        dialled = "".join(letter for letter in words if letter.isascii() and (letter.isdigit() or letter == "+"))
        return f"tel:{dialled}", False
    is_link = spec.kind == Kind.LINK and words.startswith(("https://", "http://"))
    return (words, True) if is_link else ("", False)


def _person(session: Session, user_id: int) -> Person | None:
    try:
        return owner(teams.get_user(session, user_id))
    except NotFound:
        return None
