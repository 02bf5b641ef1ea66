"""A text cut into sentences, each with its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from addon.domain.verdicts.facts import QUOTE
from addon.domain.verdicts.language.lexicon import folded

# The look behind keeps a run of ten thousand full stops from being tried at each of them.
_STOP = re.compile(r"(?<![.!?…؟])[.!?…؟]+[\"'”»’)\]]{0,5}(?=\s)|[。！？]+[”」』）]{0,3}")
_BREAK = re.compile(r"\n[ \t]*\n\s*|\n(?=[ \t]*(?:[-*•]|\d{1,2}[.)])\s)")
_LINE = re.compile(r"(?m)^(.*)\n")
_WORD_BEFORE = re.compile(r"[^\s\"'“”„«»(\[/]{1,40}$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?){0,3}[^\W\d_]$")
_DOTTED = re.compile(r"(?:\w{1,4}\.)+\w{1,4}$")
_SHORT_LINE = 45
_WORD_LENGTH = 40
_MOST = 400


@dataclass(frozen=True)
class Sentence:
    """`text` on one line, whole; `position` is where it begins in the text it was cut from."""

    text: str
    position: int

    @property
    def quote(self) -> str:
        """The sentence as far as it may be stored."""
        return self.text if len(self.text) <= QUOTE else self.text[: QUOTE - 1] + "…"


@dataclass(frozen=True)
class _Abbreviations:
    always: frozenset[str]
    before_numbers: frozenset[str]
    midway: frozenset[str]
    before_ordinals: frozenset[str]
    months: tuple[str, ...]


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text in order, blank ones left out.

    >>> [(s.text, s.position) for s in sentences("Hi Bob,\\nyes. Let's\\ntalk!")]
    [('Hi Bob,', 0), ('yes.', 8), ("Let's talk!", 13)]
    """
    found = []
    for start, end in _spans(text):
        words = " ".join(text[start:end].split())
        if words.strip(".,;:!?-–—_*•… "):
            found.append(Sentence(words, start + len(text[start:end]) - len(text[start:end].lstrip())))
        if len(found) >= _MOST:
            break
    return found


def _spans(text: str) -> Iterator[tuple[int, int]]:
    place = 0
    for end in sorted({*_stops(text), *(match.end() for match in _BREAK.finditer(text)), *_short_lines(text)}):
        if end > place:
            yield place, end
            place = end
    yield place, len(text)


def _stops(text: str) -> Iterator[int]:
    for stop in _STOP.finditer(text):
        if stop[0] not in (".", "...", "…") or _ends(text, stop):
            yield stop.end()


def _ends(text: str, stop: re.Match[str]) -> bool:
    """Whether a full stop ends a sentence, and not a title, a number or an abbreviation."""
    following = text[stop.end() : stop.end() + 200]
    behind = following.lstrip()
    if "\n" in following[: len(following) - len(behind)].replace("\n", "", 1):
        return True  # a blank line ends it whatever stands before
    goes_on = behind[:1].islower() or behind[:1].isdigit()
    if stop[0] != ".":
        return not goes_on
    found = _WORD_BEFORE.search(text, max(0, stop.start() - _WORD_LENGTH), stop.start())
    word = found[0] if found else ""
    if word.isdigit():
        return not _is_ordinal(text, found.start() if found else 0, word, behind)
    return not _is_abbreviation(word, behind, goes_on=goes_on)


def _is_abbreviation(word: str, behind: str, *, goes_on: bool) -> bool:
    known, low = abbreviations(), folded(word)
    if low in known.always or (low in known.before_numbers and behind[:1].isdigit()):
        return True
    # An initial (J. Kowalski), or a letter of an abbreviation with blanks (z. B.).
    if _INITIALS.match(word) and (len(word) == 1 or low not in known.midway):
        return word.islower() or behind[:1].isupper() or goes_on
    return goes_on and bool(low in known.midway or _DOTTED.match(word))


def _is_ordinal(text: str, begins: int, number: str, behind: str) -> bool:
    if len(number) > 2 or not behind:
        return False
    if behind[:1].islower() or behind[:1].isdigit() or folded(behind[:12]).startswith(abbreviations().months):
        return True
    before = text[max(0, begins - _WORD_LENGTH) : begins]
    last = before.split()[-1:]
    return not before.rpartition("\n")[2].strip() or folded(last[0] if last else "") in abbreviations().before_ordinals


def _short_lines(text: str) -> Iterator[int]:
    """Ends of lines too short to have been wrapped: a greeting, or where the next begins with a capital."""
    for line in _LINE.finditer(text):
        if len(line[1]) >= _SHORT_LINE:
            continue
        if line[1].rstrip().endswith(",") or text[line.end() : line.end() + 20].lstrip(" \t")[:1].isupper():
            yield line.end()


@cache
def abbreviations() -> _Abbreviations:
    """Those of all languages together: a Pole writes to a German in English about ul. Długa 3."""
    told = tomllib.loads((files(__package__) / "abbreviations.toml").read_text("utf-8"))

    def every(kind: str) -> frozenset[str]:
        return frozenset(folded(word) for language in told.values() if kind in language for word in language[kind])

    return _Abbreviations(
        always=every("always"),
        before_numbers=every("before_numbers"),
        midway=every("midway"),
        before_ordinals=every("before_ordinals"),
        months=tuple(folded(month) for month in told["months"]["all"]),
    )
