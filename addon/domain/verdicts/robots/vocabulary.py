"""How much of a text is made of the words that absence notes, and other automatic replies, are made of.

Phrases tell a note whose wording is known; this tells the others. A note speaks of being away, of days, of whom to ask
meanwhile and of mail, and of nothing else. A receipt speaks of a mail that came in and what becomes of it, a notice
of somebody who left; neither says "I". A person who mentions such things has something else to say as well, and has
other words for it. The words stand in `phrases`, under [note], a line for each thing that is spoken of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from addon.domain.verdicts.language.commonest import commonest
from addon.domain.verdicts.language.words import ADDRESS, plain
from addon.domain.verdicts.robots.noting import Read
from addon.domain.verdicts.robots.wording import Heard, small_words, told

_ABOUT = ("absence", "back", "help", "post", "arrived", "handled", "gone", "me")
_OF_NOTES = frozenset({"absence", "back", "help", "post"})
_FEWEST = 3
_NEAR = 3
"""Words between "not" and the absence that it denies, and one more."""
_MOST_STRANGE = 0.34
"""Share of strange words up to which a text is taken for a note."""
_MOST_STRANGE_OF_NOBODY = 0.25
_BESIDE = 3
"""Strange words that make a sentence without any other one that is beside the matter."""


@dataclass(frozen=True)
class Vocabulary:
    """`about`: which of the lists of [note] are spoken of; `known` and `strange`: numbers of words that robots use, and
    that they do not. Names, numbers and the small words of a language are neither.
    """

    language: str = ""
    about: frozenset[str] = frozenset()
    known: int = 0
    strange: int = 0
    denied: bool = False
    """Whether an absence is denied: `I am not on vacation`."""

    beside: bool = False
    """Whether a sentence says something of which robots do not speak."""
    thanked: bool = False
    addressed: bool = False
    """Whether an address is given."""

    own: bool = False
    """Whether somebody says something of himself: not of others who are away."""

    @property
    def is_notes(self) -> bool:
        """Whether it is an absence note's, and nobody's who also says something else."""
        return (
            "absence" in self.about
            and self.own
            and not self.denied
            and not self.beside
            and len(self.about & _OF_NOTES) >= _FEWEST
            and self._is_known(_MOST_STRANGE)
        )

    @property
    def is_receipts(self) -> bool:
        """Whether it only says that a mail came in, or thanks for it, and what becomes of it."""
        came = "arrived" in self.about or self.thanked
        return came and "handled" in self.about and bool(self.about & {"help", "post"}) and self._is_nobodys

    @property
    def is_notices(self) -> bool:
        """Whether it only says that somebody left, or an address is not read, and where to write instead."""
        return self.addressed and "gone" in self.about and bool(self.about & {"help", "post"}) and self._is_nobodys

    @property
    def _is_nobodys(self) -> bool:
        return "me" not in self.about and not self.beside and self._is_known(_MOST_STRANGE_OF_NOBODY)

    def _is_known(self, most: float) -> bool:
        return self.strange <= most * (self.known + self.strange)


def vocabulary(note: Sequence[Read], spoken: str) -> Vocabulary:
    """Of which words a note is made. `spoken`: its language; where that is not told, the one that knows it best."""
    tried = (spoken,) if spoken in _words() else tuple(_words())
    return min((_counted(note, code) for code in tried), key=lambda found: (found.strange, -found.known))


def speaks_of_mail(one: Read, codes: frozenset[str]) -> bool:
    """Whether a sentence speaks of mail and how it will be answered, in one of these languages."""
    return any("post" in _words()[code].about(word) for code in codes & _words().keys() for word in one.words.plain)


def _counted(note: Sequence[Read], code: str) -> Vocabulary:
    counts = [_Counts.of(one, code) for one in note]
    return Vocabulary(
        language=code,
        about=frozenset().union(*(one.about for one in counts)),
        known=sum(one.known for one in counts),
        strange=sum(one.strange for one in counts),
        denied=any(one.denied for one in counts),
        beside=any(one.strange >= _BESIDE and not one.known for one in counts),
        own=any(_is_own(one, code) for one in note),
        thanked=any(one.has("away.thanks", "automatic.hints") for one in note),
        addressed=any(ADDRESS in one.words.plain for one in note),
    )


def _is_own(one: Read, code: str) -> bool:
    """Whether a sentence says "I", or "our office", or begins with the absence: `Absent until Monday`."""
    words = _words()[code]
    opening = next((words.about(word) for word in one.words.plain if words.is_strange(word)), frozenset())
    if one.has("absence") or "absence" in opening:
        return True
    if any("me" in words.about(word) for word in one.words.plain):
        return True
    return any(hit.name == "away.heads" and hit.language == code for hit in one.heard)


def _denies(hit: Heard, code: str) -> bool:
    return hit.name == "away.denials" and hit.language == code


@dataclass
class _Counts:
    """What one sentence adds."""

    about: set[str]
    known: int = 0
    strange: int = 0
    denied: bool = False

    @classmethod
    def of(cls, one: Read, code: str) -> _Counts:
        """Courtesies say nothing but that somebody will be back."""
        counts = cls(set())
        words = _words()[code]
        denials = () if one.has("absence") else [hit.end for hit in one.heard if _denies(hit, code)]
        for place, word in enumerate(one.words.plain if not one.has("courtesy") or one.has("away.back") else ()):
            found = words.about(word)
            counts.about |= found
            counts.known += bool(found - {"me"})
            counts.strange += not found and words.is_strange(word) and not _is_name(one, place, code)
            counts.denied |= "absence" in found and any(0 <= place - end < _NEAR for end in denials)
        return counts


def _is_name(one: Read, place: int, code: str) -> bool:
    """Capitalised within a sentence. Germans write every noun so: theirs must stand two in a row, or behind a title."""
    if not place or not _is_capital(one, place):
        return False
    if code != "de":
        return True
    beside = (_is_capital(one, other) for other in (place - 1, place + 1) if 0 < other < len(one.words))
    return any(beside) or one.words.plain[place - 1] in small_words("titles")


def _is_capital(one: Read, place: int) -> bool:
    return one.sentence.text[one.words.spans[place][0]].isupper()


@dataclass(frozen=True)
class _Words:
    whole: dict[str, frozenset[str]]
    stems: tuple[tuple[str, str], ...]
    ends: tuple[tuple[str, str], ...]
    small: frozenset[str]

    def about(self, word: str) -> frozenset[str]:
        known = self.whole.get(word)
        if known is None:
            begun = {about for stem, about in self.stems if word.startswith(stem)}
            known = frozenset(begun | {about for end, about in self.ends if word.endswith(end)})
            if len(self.whole) < _MOST_KNOWN:
                self.whole[word] = known
        return known

    def is_strange(self, word: str) -> bool:
        return word != ADDRESS and len(word) > 1 and not word[0].isdigit() and word not in self.small


_MOST_KNOWN = 20_000


@cache
def _words() -> dict[str, _Words]:
    return {code: _of_language(code, sections["note"]) for code, sections in told().items() if "note" in sections}


def _of_language(code: str, lists: dict[str, list[str]]) -> _Words:
    whole: dict[str, set[str]] = {}
    stems: list[tuple[str, str]] = []
    ends: list[tuple[str, str]] = []
    for about in _ABOUT:
        for word in _each(lists.get(about, ())):
            if word.startswith("*"):
                ends.append((plain(word[1:]), about))
            elif word.endswith("*"):
                stems.append((plain(word[:-1]), about))
            else:
                whole.setdefault(plain(word), set()).add(about)
    for word, found in whole.items():
        found |= {about for stem, about in stems if word.startswith(stem)}
    small = {plain(word) for word in _each(lists.get("small", ()))} | commonest(code)
    return _Words(
        {word: frozenset(found) for word, found in whole.items()}, tuple(stems), tuple(ends), frozenset(small)
    )


def _each(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield from line.split()
