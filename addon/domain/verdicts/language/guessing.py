"""Which language a text is in: by its letters and its commonest words, the weightier the fewer languages share them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from addon.domain.verdicts.language.words import plain

_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH_WORDS = 400
_ENOUGH_LETTERS = 6_000
_FEW_WORDS = 6
_LEAST = 1.0
"""A score below it tells nothing: that of one word that no other language has."""
_LETTER = 0.8
_AS_GOOD_AS = 0.9


def guess(text: str) -> str:
    """The code of the likeliest language, or "" where the text says too little or what it says is not read.

    >>> guess("Vielen Dank, ich bin nicht im Büro."), guess("ok")
    ('de', '')
    """
    scores = _scores(text)
    found = max(scores, key=lambda code: scores[code], default="")
    runner_up = max((score for code, score in scores.items() if code != found), default=0.0)
    if not found or scores[found] < _LEAST or runner_up >= scores[found]:
        return ""
    return found if found in _read() else ""


def is_read(text: str) -> bool:
    """Whether it is in a language whose phrases are known; an answer signed in another one may be in either.

    >>> is_read("I would like to see it, Jan, Hala sp. z o.o."), is_read("Tack men vi vill inte byta nu")
    (True, False)
    """
    scores = _scores(text)
    best = max(scores.values(), default=0.0)
    return best >= _LEAST and all(code in _read() for code, score in scores.items() if score >= best * _AS_GOOD_AS)


def is_foreign(text: str) -> bool:
    """Whether every language that it may be in is one whose phrases are not known: what sounds like a word of ours is
    none, and its "not" would not be heard.

    >>> is_foreign("Geen interesse, dank u."), is_foreign("Interesse!"), is_foreign("Ok")
    (True, False, False)
    """
    scores = _scores(text)
    best = max(scores.values(), default=0.0)
    return best >= _LEAST and not any(code in _read() for code, score in scores.items() if score >= best * _AS_GOOD_AS)


def is_short(text: str) -> bool:
    """Whether a text is an `Ok, thanks!`: too short for any language to be told, and nothing can hide in it."""
    return len(_WORD.findall(text)) <= _FEW_WORDS


def _scores(text: str) -> Mapping[str, float]:
    text = text[:_ENOUGH_LETTERS].lower()
    known = _weights()
    scores: dict[str, float] = {}
    seen = {plain(word) for word in _WORD.findall(text)[:_ENOUGH_WORDS]} | (set(text) - _ASCII)
    for found in seen:
        for code, weight in known.get(found, ()):
            scores[code] = scores.get(code, 0.0) + weight
    return scores


_ASCII = frozenset(map(chr, range(128)))


class _Learned:
    """Languages that an admin added, one set for the whole process."""

    tables: Mapping[str, Mapping[str, Any]] = {}


def learn(tables: Mapping[str, Mapping[str, Any]]) -> None:
    """Tell these languages too, by their codes; `words` and `letters` of a table add to those that are known."""
    _Learned.tables = tables
    for known in (_told, _read, _weights):
        known.cache_clear()


@cache
def _told() -> dict[str, dict[str, Any]]:
    told: dict[str, dict[str, Any]] = tomllib.loads((files(__package__) / "languages.toml").read_text("utf-8"))
    for code, table in _Learned.tables.items():
        known = told.get(code, {"words": "", "letters": ""})
        words, letters = (f"{known[key]} {table.get(key, '')}" for key in ("words", "letters"))
        told[code] = {"read": True, "words": words, "letters": "".join(letters.split())}
    return told


@cache
def _read() -> frozenset[str]:
    return frozenset(code for code, table in _told().items() if table.get("read"))


@cache
def _weights() -> dict[str, tuple[tuple[str, float], ...]]:
    """What a word, or a letter of its own, says for which languages."""
    speakers: dict[str, dict[str, float]] = {}
    for code, table in _told().items():
        for word in {part for told_word in table["words"].split() for part in _WORD.findall(plain(told_word))}:
            speakers.setdefault(word, {})[code] = 1.0
        for letter in table["letters"]:
            speakers.setdefault(letter, {})[code] = _LETTER
    return {found: tuple((c, w / len(by)) for c, w in by.items()) for found, by in speakers.items()}
