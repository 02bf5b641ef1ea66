"""Phrases as people write them down, read into the steps by which they are searched for.

`...` stands for up to four words, `<offer>` for any word of the group of that name, `[me/us]` for one of these or
nothing, `(me/us)` for one of these, `interest*` for any ending, `<when>` for a named time; a comma may be there or not.
Case, accents and apostrophes do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from addon.domain.verdicts.language.words import plain

_PIECE = re.compile(r"\[[^\]]*\]|\([^)]*\)|<[^<>]*>|\.\.\.|,|[^\s,\[(<]+")
_WORD = re.compile(r"<[^<>]*>|[^\s<>]+")
_PARTS = re.compile(r"e-?mail\w*\*?|[^\W_]+\*?|\*", re.IGNORECASE)
_APART = re.compile(r"['’-]")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "ae", "Ö": "oe", "Ü": "ue"})

Run = tuple[str, ...]
"""Plain words that follow each other; `interest*` stands for any ending."""


class PhraseRefused(ValueError):
    """A phrase that cannot be read; the message names it and says what to do."""


@dataclass(frozen=True, eq=False)
class Step:
    """One place in a phrase: any of some runs of words, by their first; or a slot, a gap, a pause."""

    words: dict[str, list[Run]]
    stems: dict[str, list[Run]]
    slots: tuple[str, ...] = ()
    optional: bool = False
    gap: bool = False
    comma: bool = False


@dataclass(frozen=True)
class Reader:
    """Reads phrases in which groups of words stand by their names.

    `slots`: names that are read otherwise; `common`: knows the groups that are not here.
    """

    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    slots: Collection[str] = ()
    common: Reader | None = None
    _known: dict[str, tuple[Run, ...]] = field(default_factory=dict)

    def steps(self, phrase: str) -> tuple[Step, ...]:
        """The steps of a phrase. Raises PhraseRefused."""
        pieces = [piece for piece in _PIECE.findall(phrase) if piece in ("...", ",") or re.search(r"\w", piece)]
        while pieces and pieces[-1] in ("...", ","):
            pieces.pop()
        nested = any(mark in piece.strip("[]()") for piece in pieces for mark in "[]()")
        if nested or any(phrase.count(left) != phrase.count(right) for left, right in ("()", "[]", "<>")):
            raise PhraseRefused(f"Brackets stand within brackets, or are not closed: {phrase!r}")
        if not pieces or pieces[0] in ("...", ",") or all(piece[0] == "[" for piece in pieces):
            raise PhraseRefused(f"A phrase must begin with a word: {phrase!r}")
        return tuple(self._step(piece, phrase) for piece in pieces)

    def _step(self, piece: str, phrase: str) -> Step:
        if piece in ("...", ","):
            return Step({}, {}, gap=piece == "...", comma=piece == ",")
        options = [option.strip() for option in (piece[1:-1].split("/") if piece[0] in "[(" else [piece])]
        slots = tuple(option[1:-1] for option in options if self._is_slot(option))
        words: dict[str, list[Run]] = {}
        stems: dict[str, list[Run]] = {}
        for run in (run for option in options if not self._is_slot(option) for run in self._runs(option, phrase)):
            if run[0].endswith("*"):
                stems.setdefault(run[0][:-1], []).append(run)
            else:
                words.setdefault(run[0], []).append(run)
        return Step(words, stems, slots, optional=piece[0] == "[")

    def _is_slot(self, option: str) -> bool:
        return option[:1] == "<" and option[1:-1] in self.slots

    def _runs(self, option: str, phrase: str) -> Iterator[Run]:
        for choice in product(*(tuple(self._ways(word, phrase)) for word in _WORD.findall(option))):
            run = tuple(part for way in choice for part in way)
            if run:
                yield run

    def _ways(self, word: str, phrase: str) -> Iterator[Run]:
        """`don't` is also written dont, and `für` fuer."""
        if word[0] == "<":
            yield from self._group(word[1:-1], phrase)
            return
        for spelling in dict.fromkeys((word, _APART.sub("", word), word.translate(_UMLAUTS))):
            parts = tuple(_part(part) for part in _PARTS.findall(spelling) if part != "*")
            if parts:
                yield parts

    def _group(self, name: str, phrase: str) -> tuple[Run, ...]:
        if name not in self._known:
            if name in self.slots:
                raise PhraseRefused(f"<{name}> must stand by itself, not beside other words in brackets: {phrase!r}")
            if name not in self.groups and self.common:
                return self.common._group(name, phrase)
            if name not in self.groups:
                raise PhraseRefused(f"There is no group of words named <{name}>; name it in words.toml: {phrase!r}")
            self._known[name] = ()  # a group that names itself adds nothing
            runs = (run for option in self.groups[name] for run in self._runs(option, f"{name}: {option}"))
            self._known[name] = tuple(dict.fromkeys(runs))
        return self._known[name]


def _part(part: str) -> str:
    return plain(part[:-1]) + "*" if part.endswith("*") else plain(part)
