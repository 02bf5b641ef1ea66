"""The phrase sets, one file a language in `phrases/`, made ready for searching."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from addon.domain.verdicts.facts import What

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "–": "-", "—": "-", "\xa0": " "})
_GAP = r"(?:\s+\S+){0,4}\s+"
_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, kw_only=True)
class Language:
    """One language: patterns search folded text (see `folded`) and find whole words only."""

    code: str
    common_words: frozenset[str]
    negations: re.Pattern[str]
    greetings: re.Pattern[str]
    farewells: re.Pattern[str]
    said: dict[What, re.Pattern[str]]
    is_read: bool
    """Whether there are phrases for what people say; without them only robots are told from people."""


def folded(text: str) -> str:
    """Text for comparing: case and apostrophes made one. As long as before, so that positions hold."""
    plain = text.translate(_APOSTROPHES)
    lowered = plain.lower()
    if len(lowered) == len(plain):
        return lowered
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in plain)


@cache
def languages() -> dict[str, Language]:
    """Every language there is a file for, by its code, English first."""
    found = [file for file in (files(__package__) / "phrases").iterdir() if file.name.endswith(".toml")]
    read = {file.name[: -len(".toml")]: tomllib.loads(file.read_text("utf-8")) for file in found}
    return {code: _language(code, read[code]) for code in sorted(read, key=lambda code: (code != "en", code))}


def _language(code: str, told: dict[str, Any]) -> Language:
    return Language(
        code=code,
        common_words=frozenset(told["common_words"]),
        negations=_any_of(told["negations"]),
        greetings=_any_of(told["greetings"]),
        farewells=_any_of(told["farewells"]),
        said={what: _any_of(told["said"].get(what.value, ())) for what in What},
        is_read=bool(told["said"]),
    )


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all, longer phrases first."""
    patterns = [_pattern(folded(phrase.strip())) for phrase in sorted(phrases, key=len, reverse=True) if phrase.strip()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)") if patterns else _NOTHING


def _pattern(phrase: str) -> str:
    words = [r"\s+".join(map(re.escape, piece.split())) for piece in phrase.split("...")]
    if phrase.endswith("..."):
        words = words[:-1]
    return _GAP.join(words)
