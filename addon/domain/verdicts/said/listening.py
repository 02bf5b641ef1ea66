"""What people say in each language, one file a language in `phrases/`, made ready for searching."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from addon.domain.verdicts.facts import What
from addon.domain.verdicts.said.dates import Calendar
from addon.domain.verdicts.said.phrasing import PhraseBook


class Role(StrEnum):
    """What a phrase is for; the head of en.toml says it in full."""

    SAID = "said"
    OPENING = "opening"
    ALONE = "alone"
    UNLESS = "unless"
    NEGATION = "negations"
    NEGATION_BEHIND = "negations_behind"
    AFFIRMATION = "affirmations"
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


@cache
def ears() -> dict[str, Ear]:
    """Every language in which people are understood, by its code. Raises PhraseRefused."""
    told = {file.name[: -len(".toml")]: file for file in (files(__package__) / "phrases").iterdir()}
    return {code: _ear(code, tomllib.loads(told[code].read_text("utf-8"))) for code in sorted(told)}


def likely(code: str) -> tuple[str, ...]:
    """The languages whose phrases are worth looking for: the guessed one and English, or all where none was guessed."""
    return tuple(known for known in ears() if code not in ears() or known in (code, "en"))


def _ear(code: str, told: dict[str, Any]) -> Ear:
    book = PhraseBook()
    for role in Role:
        found = told.get(role.value, ())
        if isinstance(found, dict):
            for what, phrases in found.items():
                book.add(phrases, Tag(code, role, What(what)))
        else:
            book.add(found, Tag(code, role))
    calendar = Calendar(told.get("dates", {}), month_first=code == "en")
    return Ear(code=code, book=book, calendar=calendar, naming=told.get("naming", {}))
