"""How mails begin and end in each language, one file a language in `phrases/`, made ready for searching."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "–": "-", "—": "-", "\xa0": " "})
_GAP = r"(?:\s+\S+){0,4}\s+"
_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, kw_only=True)
class Language:
    """One language: patterns search folded text (see `folded`) and find whole words only."""

    code: str
    greetings: re.Pattern[str]
    farewells: re.Pattern[str]


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
        greetings=_any_of(told["greetings"]),
        farewells=_any_of(told["farewells"]),
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
