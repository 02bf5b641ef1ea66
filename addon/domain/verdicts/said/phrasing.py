"""Phrases as people write them down, made ready for searching.

`...` stands for up to four words, `[me/us]` for one of these or nothing, `(me/us)` for one of these, `interest*` for
any ending, `<when>` for a named time; a comma may be there or not. Case, accents and apostrophes do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from addon.domain.verdicts.language.words import Words, plain

GAP = 4
"""Words at most for which `...` stands."""

_PIECE = re.compile(r"\[[^\]]*\]|\([^)]*\)|<\w+>|\.\.\.|,|[^\s,\[(<]+")
_PARTS = re.compile(r"e-?mail\w*\*?|[^\W_]+\*?|\*", re.IGNORECASE)
_APART = re.compile(r"['’-]")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "ae", "Ö": "oe", "Ü": "ue"})

Slot = Callable[[int], tuple[int, Any] | None]
"""Reads what a slot stands for at a word's number: where it ends, and what it says."""


class PhraseRefused(ValueError):
    """A phrase that cannot be read; the message names it."""


@dataclass(frozen=True)
class Hit:
    """A phrase found: what it was filed under, and from which word to which (not included)."""

    tag: Any
    start: int
    end: int
    read: tuple[Any, ...] = ()
    """What its slots say, in order."""


@dataclass(frozen=True, eq=False)
class _Step:
    """One place in a phrase: any of some runs of words, by their first; or a slot, a gap, a pause."""

    words: dict[str, list[tuple[str, ...]]]
    stems: dict[str, list[tuple[str, ...]]]
    slots: tuple[str, ...] = ()
    optional: bool = False
    gap: bool = False
    comma: bool = False


@dataclass(frozen=True, eq=False)
class _Phrase:
    tag: Any
    steps: tuple[_Step, ...]


class PhraseBook:
    """Many phrases, each tried only where its first word stands."""

    def __init__(self) -> None:
        self._by_word: dict[str, list[_Phrase]] = {}
        self._by_stem: dict[str, list[_Phrase]] = {}
        self._by_slot: dict[str, list[_Phrase]] = {}
        self._longest_stem = 0

    def add(self, phrases: Iterable[str], tag: Any) -> None:
        """File phrases under a tag. Raises PhraseRefused."""
        for phrase in phrases:
            filed = _Phrase(tag, _steps(phrase))
            for step in _first_steps(filed.steps):
                for index, names in (
                    (self._by_word, step.words),
                    (self._by_stem, step.stems),
                    (self._by_slot, step.slots),
                ):
                    for name in names:
                        if index is self._by_stem:
                            self._longest_stem = max(self._longest_stem, len(name))
                        known = index.setdefault(name, [])
                        if filed not in known:
                            known.append(filed)

    def find(self, words: Words, slots: Mapping[str, Slot] | None = None) -> Iterator[Hit]:
        """Every phrase in the words, also those within others; of one phrase at one place, the longest."""
        search = _Search(words, slots or {})
        for start in range(len(words)):
            for phrase in self._beginning(search, start):
                found = max(search.ends(phrase.steps, 0, start, True), default=None, key=lambda end: end[0])
                if found is not None:
                    yield Hit(phrase.tag, start, *found)

    def _beginning(self, search: _Search, start: int) -> Iterator[_Phrase]:
        word = search.words.plain[start]
        yield from self._by_word.get(word, ())
        for length in range(1, min(len(word), self._longest_stem) + 1):
            yield from self._by_stem.get(word[:length], ())
        for name, phrases in self._by_slot.items():
            if search.read(name, start) is not None:
                yield from phrases


@dataclass(frozen=True)
class _Search:
    words: Words
    slots: Mapping[str, Slot]

    def read(self, name: str, place: int) -> tuple[int, Any] | None:
        return self.slots[name](place) if name in self.slots else None

    def ends(self, steps: tuple[_Step, ...], at: int, place: int, free: bool) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Where the steps from `at` on may end when they begin at a word; `free`: a pause may stand before it."""
        if at == len(steps):
            yield place, ()
            return
        step = steps[at]
        if step.gap:
            for skipped in self._skipped(place):
                yield from self.ends(steps, at + 1, skipped, True)
            return
        if step.optional or step.comma:
            yield from self.ends(steps, at + 1, place, free or step.comma)
        if place < len(self.words) and (free or not self.words.breaks[place]):
            for end, told in self._taken(step, place):
                for last, more in self.ends(steps, at + 1, end, False):
                    yield last, told + more

    def _skipped(self, place: int) -> Iterator[int]:
        for skipped in range(place, min(place + GAP + 1, len(self.words))):
            if self.words.stops[skipped]:
                return
            yield skipped

    def _taken(self, step: _Step, place: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
        word = self.words.plain[place]
        for run in _runs_at(step, word):
            if len(run) == 1 or self._goes_on(run, place):
                yield place + len(run), ()
        for name in step.slots:
            told = self.read(name, place)
            if told is not None:
                yield told[0], (told[1],)

    def _goes_on(self, run: tuple[str, ...], place: int) -> bool:
        if place + len(run) > len(self.words):
            return False
        for offset in range(1, len(run)):
            piece, word = run[offset], self.words.plain[place + offset]
            if self.words.breaks[place + offset] or not (
                word.startswith(piece[:-1]) if piece[-1] == "*" else word == piece
            ):
                return False
        return True


def _runs_at(step: _Step, word: str) -> Iterator[tuple[str, ...]]:
    """The runs of words that may begin with a word."""
    yield from step.words.get(word, ())
    if step.stems:
        for length in range(1, len(word) + 1):
            yield from step.stems.get(word[:length], ())


def _first_steps(steps: tuple[_Step, ...]) -> Iterator[_Step]:
    """The steps with which a phrase may begin."""
    for step in steps:
        if not step.comma:
            yield step
        if not step.optional and not step.comma:
            return


def _steps(phrase: str) -> tuple[_Step, ...]:
    pieces = [piece for piece in _PIECE.findall(phrase) if piece in ("...", ",") or re.search(r"\w", piece)]
    while pieces and pieces[-1] in ("...", ","):
        pieces.pop()
    nested = any(mark in piece.strip("[]()") for piece in pieces for mark in "[]()")
    if nested or phrase.count("(") != phrase.count(")") or phrase.count("[") != phrase.count("]"):
        raise PhraseRefused(f"Brackets stand within brackets, or are not closed: {phrase!r}")
    if not pieces or pieces[0] in ("...", ",") or all(piece[0] == "[" for piece in pieces):
        raise PhraseRefused(f"A phrase must begin with a word: {phrase!r}")
    return tuple(_step(piece) for piece in pieces)


def _step(piece: str) -> _Step:
    if piece in ("...", ","):
        return _Step({}, {}, gap=piece == "...", comma=piece == ",")
    options = piece[1:-1].split("/") if piece[0] in "[(" else [piece]
    slots = tuple(option.strip()[1:-1] for option in options if option.strip().startswith("<"))
    words: dict[str, list[tuple[str, ...]]] = {}
    stems: dict[str, list[tuple[str, ...]]] = {}
    for run in (run for option in options if not option.strip().startswith("<") for run in _runs(option)):
        if run[0].endswith("*"):
            stems.setdefault(run[0][:-1], []).append(run)
        else:
            words.setdefault(run[0], []).append(run)
    return _Step(words, stems, slots, optional=piece[0] == "[")


def _runs(option: str) -> Iterator[tuple[str, ...]]:
    for choice in product(*(tuple(_ways(part)) for part in option.split())):
        run = tuple(part for way in choice for part in way)
        if run:
            yield run


def _ways(word: str) -> Iterator[tuple[str, ...]]:
    """`don't` is also written dont, and `für` fuer."""
    for spelling in dict.fromkeys((word, _APART.sub("", word), word.translate(_UMLAUTS))):
        parts = tuple(_part(part) for part in _PARTS.findall(spelling) if part != "*")
        if parts:
            yield parts


def _part(part: str) -> str:
    return plain(part[:-1]) + "*" if part.endswith("*") else plain(part)
