"""What people say in each language, made ready for searching: the built-in phrases and those that an admin added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from addon.domain.verdicts.facts import What
from addon.domain.verdicts.language import guessing
from addon.domain.verdicts.said.dates import Calendar
from addon.domain.verdicts.said.files import built_in, in_folder, merged
from addon.domain.verdicts.said.phrasing import PhraseBook
from addon.domain.verdicts.said.reading import PhraseRefused, Reader

_TIMES = ("when", "period")
"""Names in angle brackets that stand for a time instead of a group of words."""


class Role(StrEnum):
    """What a phrase is for: where it must stand, or what it does to others."""

    ANYWHERE = "anywhere"
    OPENING = "opening"
    ALONE = "alone"
    UNLESS = "unless"
    NEGATION = "negations"
    NEGATION_BEHIND = "negations_behind"
    AFFIRMATION = "affirmations"
    SUPPOSITION = "suppositions"
    TURN = "turns"
    LEAD_IN = "lead_ins"


@dataclass(frozen=True)
class Tag:
    code: str
    role: Role
    what: What | None = None


@dataclass(frozen=True, kw_only=True)
class Ear:
    """One language's phrases, its way of naming times and people."""

    code: str
    book: PhraseBook
    calendar: Calendar
    naming: dict[str, list[str]]


class _Added:
    """The folder of an admin's own phrases, one for the whole process like the clock."""

    folder: Path | None = None


def hear_also(folder: Path | None) -> None:
    """Hear the phrases in a folder besides the built-in ones; None hears those alone.

    Raises PhraseRefused, naming file and line or key; then nothing changes.
    """
    if folder == _Added.folder:
        return
    if folder:
        _ears_with(folder)
    added = in_folder(folder) if folder else {}
    _Added.folder = folder
    guessing.learn({code: files.get("language", {}) for code, files in added.items() if code not in built_in()})


def ears() -> dict[str, Ear]:
    """Every language in which people are understood, by its code. Raises PhraseRefused."""
    return _ears_with(_Added.folder)


def likely(code: str) -> tuple[str, ...]:
    """The languages whose phrases are worth looking for: the guessed one and English, or all where none was guessed."""
    return tuple(known for known in ears() if code not in ears() or known in (code, "en"))


@cache
def _ears_with(folder: Path | None) -> dict[str, Ear]:
    added = in_folder(folder) if folder else {}
    own = {code: _ear(code, told, folder) for code, told in merged(added, built_in()).items() if code in added}
    return {code: own.get(code) or _built_in(code) for code in sorted({*own, *built_in()})}


@cache
def _built_in(code: str) -> Ear:
    return _ear(code, built_in()[code], None)


def _ear(code: str, told: Mapping[str, Mapping[str, Any]], folder: Path | None) -> Ear:
    words = Reader(told.get("words", {}), _TIMES)
    book = PhraseBook()
    for role in (Role.NEGATION, Role.NEGATION_BEHIND, Role.AFFIRMATION, Role.SUPPOSITION, Role.TURN, Role.LEAD_IN):
        with _telling(f"{code}/sentences.toml", role, folder):
            book.add(told.get("sentences", {}).get(role, ()), Tag(code, role), words)
    for what in What:
        file = told.get(what, {})
        reader = Reader(file.get("words", {}), _TIMES, words)
        for role in (Role.ANYWHERE, Role.OPENING, Role.ALONE, Role.UNLESS):
            with _telling(f"{code}/{what}.toml", role, folder):
                book.add(file.get(role, ()), Tag(code, role, what), reader)
    with _telling(f"{code}/times.toml", "", folder):
        calendar = Calendar(told.get("times", {}), month_first=code == "en")
    return Ear(code=code, book=book, calendar=calendar, naming=dict(told.get("people", {})))


@contextmanager
def _telling(name: str, key: str, folder: Path | None) -> Iterator[None]:
    """Says of a phrase that is refused where it stands."""
    try:
        yield
    except PhraseRefused as refused:
        place = str(folder / name) if folder else name
        raise PhraseRefused(f"{place}, {key}: {refused}" if key else f"{place}: {refused}") from None
