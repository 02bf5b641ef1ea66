"""Many phrases searched for at once, each only where its first word stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from addon.domain.verdicts.language.words import Words
from addon.domain.verdicts.said.reading import Reader, Run, Step

GAP = 4
"""Words at most for which `...` stands."""

_MOST_KNOWN = 20_000
_NO_GROUPS = Reader()

Slot = Callable[[int], tuple[int, Any] | None]
"""Reads what a slot stands for at a word's number: where it ends, and what it says."""


@dataclass(frozen=True)
class Hit:
    """A phrase found: what it was filed under, and from which word to which (not included)."""

    tag: Any
    start: int
    end: int
    read: tuple[Any, ...] = ()
    """What its slots say, in order."""


@dataclass(frozen=True, eq=False)
class _Phrase:
    tag: Any
    steps: tuple[Step, ...]
    needs: tuple[frozenset[str], ...]
    """Of each of these there must be a word, or the phrase is nowhere: most are told apart by that alone."""


class PhraseBook:
    """Many phrases, each tried only where its first word stands."""

    def __init__(self) -> None:
        self._by_word: dict[str, list[_Phrase]] = {}
        self._by_stem: dict[str, list[_Phrase]] = {}
        self._by_slot: dict[str, list[_Phrase]] = {}
        self._longest_stem = 0
        self._known: dict[str, tuple[_Phrase, ...]] = {}

    def add(self, phrases: Iterable[str], tag: Any, reader: Reader | None = None) -> None:
        """File phrases under a tag; `reader` knows the groups of words in them. Raises PhraseRefused."""
        self._known.clear()
        for phrase in phrases:
            steps = (reader or _NO_GROUPS).steps(phrase)
            filed = _Phrase(tag, steps, _needs(steps))
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
        present = frozenset(words.plain)
        for start in range(len(words)):
            for phrase in self._beginning(search, start):
                if phrase.needs and any(need.isdisjoint(present) for need in phrase.needs):
                    continue
                found = max(search.ends(phrase.steps, 0, start, True), default=None, key=lambda end: end[0])
                if found is not None:
                    yield Hit(phrase.tag, start, *found)

    def _beginning(self, search: _Search, start: int) -> Iterator[_Phrase]:
        word = search.words.plain[start]
        known = self._known.get(word)
        yield from self._with_first(word) if known is None else known
        for name, phrases in self._by_slot.items():
            if search.read(name, start) is not None:
                yield from phrases

    def _with_first(self, word: str) -> tuple[_Phrase, ...]:
        """The phrases that may begin with a word; remembered, as most words come again."""
        stems = (self._by_stem.get(word[:length], ()) for length in range(1, min(len(word), self._longest_stem) + 1))
        found = (*self._by_word.get(word, ()), *(phrase for phrases in stems for phrase in phrases))
        if len(self._known) < _MOST_KNOWN:
            self._known[word] = found
        return found


@dataclass(frozen=True)
class _Search:
    words: Words
    slots: Mapping[str, Slot]

    def read(self, name: str, place: int) -> tuple[int, Any] | None:
        return self.slots[name](place) if name in self.slots else None

    def ends(self, steps: tuple[Step, ...], at: int, place: int, free: bool) -> Iterator[tuple[int, tuple[Any, ...]]]:
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

    def _taken(self, step: Step, place: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
        word = self.words.plain[place]
        for run in _runs_at(step, word):
            if len(run) == 1 or self._goes_on(run, place):
                yield place + len(run), ()
        for name in step.slots:
            told = self.read(name, place)
            if told is not None:
                yield told[0], (told[1],)

    def _goes_on(self, run: Run, place: int) -> bool:
        if place + len(run) > len(self.words):
            return False
        for offset in range(1, len(run)):
            piece, word = run[offset], self.words.plain[place + offset]
            if self.words.breaks[place + offset] or not (
                word.startswith(piece[:-1]) if piece[-1] == "*" else word == piece
            ):
                return False
        return True


def _runs_at(step: Step, word: str) -> Iterator[Run]:
    """The runs of words that may begin with a word."""
    yield from step.words.get(word, ())
    if step.stems:
        for length in range(1, len(word) + 1):
            yield from step.stems.get(word[:length], ())


def _needs(steps: tuple[Step, ...]) -> tuple[frozenset[str], ...]:
    """The words of the steps that cannot be left out, behind the first; fewer words first, which fail sooner."""
    later = (step for step in steps[1:] if step.words and not (step.stems or step.slots or step.optional))
    return tuple(sorted((frozenset(step.words) for step in later), key=len))


def _first_steps(steps: tuple[Step, ...]) -> Iterator[Step]:
    """The steps with which a phrase may begin."""
    for step in steps:
        if not step.comma:
            yield step
        if not step.optional and not step.comma:
            return
