"""Who sits in front of the page: the signed-in person, their words, and the sessions they may open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import g, request, session
from sqlalchemy.orm import Session

from addon.domain.access import Viewer, doors
from addon.domain.errors import DomainError
from addon.domain.teams import queries as teams
from addon.i18n import Words, languages
from addon.models import User
from addon.web.services import database

SIGNED_IN = "user"
"""Key of the signed-in address in the cookie."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """A colleague or a contact as pages draw them: initials on a tone of their own."""

    name: str
    initials: str
    tone: str


@dataclass(frozen=True, kw_only=True)
class Seat(Person):
    viewer: Viewer
    user_id: int
    email: str
    dark: bool
    words: Words
    currency: str


def initials(name: str) -> str:
    """At most two letters.

    >>> initials("Anna Kowalczyk"), initials("dimas"), initials("")
    ('AK', 'D', '?')
    """
    parts = [part for part in name.replace(".", " ").split() if part[0].isalnum()]
    letters = [parts[0][0], parts[-1][0]] if len(parts) > 1 else [part[0] for part in parts]
    return "".join(letters).upper() or "?"


def person(name: str, number: int) -> Person:
    """`number` chooses the tone, so that a person keeps it everywhere."""
    return Person(name=name, initials=initials(name), tone=("", "b", "c", "d")[number % 4])


def owner(user: User) -> Person:
    return person(user.name or user.email, user.id)


def current() -> Seat | None:
    """The signed-in person, read once a request; None where nobody is, or may be any more."""
    if "seat" not in g:
        g.seat = _sit_down()
    found: Seat | None = g.seat
    return found


def seat() -> Seat:
    """The signed-in person, on pages that need one."""
    found = current()
    if found is None:
        raise LookupError("nobody is signed in")
    return found


def words() -> Words:
    """Of the person in front of the page; of their browser where nobody is signed in."""
    found = g.get("seat")
    if found is not None:
        return found.words  # type: ignore[no-any-return]
    return Words(request.accept_languages.best_match(languages()) or "en")


@contextmanager
def reading() -> Iterator[Session]:
    with database().reading(seat().viewer) as opened:
        yield opened


@contextmanager
def writing() -> Iterator[Session]:
    """Commits when the block ends."""
    with database().writing(seat().viewer) as opened:
        yield opened


def _sit_down() -> Seat | None:
    email = session.get(SIGNED_IN)
    if not isinstance(email, str):
        return None
    try:
        viewer = doors.user_by_address(database(), email)
    except DomainError:  # no longer with us
        return None
    with database().reading(viewer) as opened:
        me, team = teams.me(opened), teams.team(opened)
        who = owner(me)
        return Seat(
            name=who.name,
            initials=who.initials,
            tone=who.tone,
            viewer=viewer,
            user_id=me.id,
            email=me.email,
            dark=me.dark,
            words=Words(me.locale, me.zone or team.zone),
            currency=team.currency,
        )
