"""What people say in each language, made ready for searching: the built-in phrases and those that an admin added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from addon.domain.verdicts.facts import What
from addon.domain.verdicts.language import guessing
from addon.domain.verdicts.said.dates import Calendar
from addon.domain.verdicts.said.files import Languages, built_in, in_folder, merged
from addon.domain.verdicts.said.phrasing import PhraseBook, PhraseRefused

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
    _ears_with(folder)
    _Added.folder = folder
    added = in_folder(folder) if folder else {}
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
    told: Languages = merged(built_in(), added)
    return {code: _ear(code, told[code], folder if code in added else None) for code in sorted(told)}


def _ear(code: str, told: Mapping[str, Mapping[str, Any]], folder: Path | None) -> Ear:
    book = PhraseBook(told.get("words", {}), _TIMES)
    for role in (Role.NEGATION, Role.NEGATION_BEHIND, Role.AFFIRMATION, Role.SUPPOSITION, Role.TURN, Role.LEAD_IN):
        _file(book, told.get("sentences", {}).get(role, ()), Tag(code, role), f"{code}/sentences.toml", folder)
    for what in What:
        for role in (Role.ANYWHERE, Role.OPENING, Role.ALONE, Role.UNLESS):
            phrases = told.get(what, {}).get(role, ())
            _file(book, phrases, Tag(code, role, what), f"{code}/{what}.toml", folder)
    try:
        calendar = Calendar(told.get("times", {}), month_first=code == "en")
    except PhraseRefused as refused:
        raise PhraseRefused(_located(f"{code}/times.toml", "", refused, folder)) from None
    return Ear(code=code, book=book, calendar=calendar, naming=dict(told.get("people", {})))


def _file(book: PhraseBook, phrases: Sequence[str], tag: Tag, name: str, folder: Path | None) -> None:
    try:
        book.add(phrases, tag)
    except PhraseRefused as refused:
        raise PhraseRefused(_located(name, tag.role, refused, folder)) from None


def _located(name: str, key: str, refused: PhraseRefused, folder: Path | None) -> str:
    place = str(folder / name) if folder else name
    return f"{place}, {key}: {refused}" if key else f"{place}: {refused}"
