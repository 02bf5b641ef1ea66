"""A sentence cut into words for comparing: without case, accents and the marks that people leave out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_LONGEST = 3_000
_ADDRESS = r"(?:https?://|www\.)\S+|[^\s@<>()\[\],;:\"]{1,64}@[^\s@<>()\[\],;:\"]*\w"
_WORD = r"e-?mail\w*|\d{1,4}(?:[./-]\d{1,4}){1,2}(?!\w)|[^\W_]+"
_ANY = re.compile(f"({_ADDRESS})|{_WORD}", re.IGNORECASE)
_NO_ADDRESS = re.compile(f"(www\\.)|{_WORD}", re.IGNORECASE)
_BREAK = re.compile(r"[,;:()!?\n–—|]|\s-\s")
_HARD_BREAK = re.compile(r"[;:()!?|]")
_QUOTED = re.compile(r"[“„«»][^“”„«»]{1,80}[”“«»]|\"[^\"]{1,80}\"")
_LETTERS = str.maketrans({"ł": "l", "ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ı": "i"})
ADDRESS = "@"
"""Stands for an address or a link: what is written in one was not said."""


@dataclass(frozen=True)
class Words:
    """The words of a text in order, plain, with what stood between them. `spans` count characters of that text."""

    plain: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    breaks: tuple[bool, ...]
    """Whether a comma or another pause stands before the word."""
    stops: tuple[bool, ...]
    """Whether more than a comma stands before the word."""
    quoted: frozenset[int]
    """The words that stand in quotation marks, where others do not."""

    def __len__(self) -> int:
        return len(self.plain)


@lru_cache(maxsize=20_000)
def plain(word: str) -> str:
    """A word without case and accents.

    >>> plain("Interessée"), plain("Büro"), plain("zajęć"), plain("E-Mail")
    ('interessee', 'buro', 'zajec', 'email')
    """
    lowered = word.lower()
    if lowered.isascii():
        return lowered.replace("-", "") if lowered[0] == "e" else lowered
    apart = unicodedata.normalize("NFKD", lowered.translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)) or word


def words_of(text: str) -> Words:
    """The words of a text, of its first 3,000 characters."""
    text = text[:_LONGEST]
    found: list[str] = []
    spans: list[tuple[int, int]] = []
    breaks: list[bool] = []
    stops: list[bool] = []
    place = 0
    for match in (_ANY if "@" in text or "://" in text else _NO_ADDRESS).finditer(text):
        between = text[place : match.start()]
        pauses = len(between) > 1 or between in (",", ":", ";", "(", "/")
        found.append(ADDRESS if match[1] else plain(match[0]))
        spans.append(match.span())
        breaks.append(pauses and bool(_BREAK.search(between)))
        stops.append(breaks[-1] and bool(_HARD_BREAK.search(between)))
        place = match.end()
    return Words(tuple(found), tuple(spans), tuple(breaks), tuple(stops), _in_quotes(text, spans))


def _in_quotes(text: str, spans: list[tuple[int, int]]) -> frozenset[int]:
    """Numbers of the words in quotation marks; none where everything stands in them."""
    within = [match.span() for match in _QUOTED.finditer(text)]
    if not within:
        return frozenset()
    found = frozenset(i for i, (start, end) in enumerate(spans) if any(a <= start and end <= b for a, b in within))
    return found if len(found) < len(spans) else frozenset()
