"""Whom a text names: a colleague who is in charge, somebody who stands in.

A name is a run of capitalised words behind one that leads to it ("my colleague", "Mr"), before one that trails it
("... takes care of this"), or beside an address. Each language's words stand in its file `people.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from addon.domain.verdicts.facts import Named
from addon.domain.verdicts.language.words import ADDRESS, Words, plain, words_of
from addon.domain.verdicts.said.phrasing import PhraseBook

_MOST_WORDS = 4
_LONGEST_NAME = 100
_PARTICLES = frozenset(
    {
        *("bin", "binti", "da", "de", "dei", "del", "della", "den", "der", "di", "dos", "el", "la", "le", "ten"),
        *("van", "vom", "von", "zu"),
    }
)
_ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")


@dataclass(frozen=True)
class _Speech:
    titles: frozenset[str]
    nobody: frozenset[str]
    leads: PhraseBook


def people(text: str, naming: Mapping[str, Sequence[str]]) -> tuple[Named, ...]:
    """Those whom a text names, in its order. `naming`: what its language's `people.toml` holds."""
    speech = _speech(tuple((key, tuple(phrases)) for key, phrases in naming.items()))
    words = words_of(text)
    addresses = {place: address for place in range(len(words)) if (address := _address(text, words, place))}
    names = dict(_names(text, words, speech))
    found: dict[int, Named] = {}
    for place, address in addresses.items():
        beside = next((start for start, end in names.items() if start < place <= end + 3), None)
        before = _run_before(text, words, place, speech) if beside is None else None
        start, end = (beside, names[beside]) if beside is not None else before or (place, place)
        found.setdefault(start, Named(name=_joined(text, words, start, end), address=address))
    for start, end in names.items():
        found.setdefault(start, Named(name=_joined(text, words, start, end)))
    return tuple(_whole(found[start] for start in sorted(found)))


@cache
def _speech(naming: tuple[tuple[str, tuple[str, ...]], ...]) -> _Speech:
    told = dict(naming)
    book = PhraseBook()
    book.add(told.get("leads", ()), "lead")
    book.add(told.get("titles", ()), "lead")
    book.add(told.get("trails", ()), "trail")
    return _Speech(_plain(told.get("titles", ())), _plain(told.get("nobody", ())), book)


def _plain(words: Collection[str]) -> frozenset[str]:
    return frozenset(plain(word) for word in words)


def _names(text: str, words: Words, speech: _Speech) -> Iterator[tuple[int, int]]:
    """Where names begin and end, by the words around them."""
    for hit in speech.leads.find(words):
        if hit.tag == "lead":
            start, end = _run_from(text, words, hit.end, speech)
        else:
            start, end = _run_before(text, words, hit.start, speech) or (0, 0)
        if end > start:
            yield start, end


def _run_from(text: str, words: Words, start: int, speech: _Speech) -> tuple[int, int]:
    while start < len(words) and words.plain[start] in speech.titles:
        start += 1
    if start < len(words) and words.stops[start]:
        return start, start
    end = start
    while end < len(words) and end - start < _MOST_WORDS and (end == start or not words.breaks[end]):
        if not _is_name(text, words, end, speech) and not (end > start and _joins(text, words, end, speech)):
            break
        end += 1
    return start, end


def _run_before(text: str, words: Words, end: int, speech: _Speech) -> tuple[int, int] | None:
    start = end
    while start > 0 and end - start < _MOST_WORDS and not (start < end and words.breaks[start]):
        if not _is_name(text, words, start - 1, speech) and not (
            start < end and _joins(text, words, start - 1, speech)
        ):
            break
        start -= 1
    while start < end and words.plain[start] in _PARTICLES:
        start += 1
    return (start, end) if start < end else None


def _joins(text: str, words: Words, place: int, speech: _Speech) -> bool:
    """`van der` within a name: a name must stand behind it."""
    behind = next((i for i in range(place, min(place + 3, len(words))) if words.plain[i] not in _PARTICLES), place)
    return words.plain[place] in _PARTICLES and behind > place and _is_name(text, words, behind, speech)


def _is_name(text: str, words: Words, place: int, speech: _Speech) -> bool:
    start, end = words.spans[place]
    word = words.plain[place]
    return (
        text[start].isupper()
        and word != ADDRESS
        and word not in speech.nobody
        and word not in speech.titles
        and not (end - start > 3 and text[start:end].isupper() and place + 1 == len(words))
    )


def _joined(text: str, words: Words, start: int, end: int) -> str:
    if end <= start:
        return ""
    return " ".join(text[words.spans[start][0] : words.spans[end - 1][1]].split())[:_LONGEST_NAME]


def _address(text: str, words: Words, place: int) -> str:
    if words.plain[place] != ADDRESS:
        return ""
    found = _ADDRESS.search(text[slice(*words.spans[place])])
    return found[0].lower() if found else ""


def _whole(people: Iterator[Named]) -> Iterator[Named]:
    """Each person once: `Rossi` is nobody else than the `Maria Rossi` named before."""
    known: list[Named] = []
    for person in people:
        if not any(person.name in other.name and person.address in (other.address, "") for other in known):
            known.append(person)
            yield person
