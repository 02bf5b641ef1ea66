"""Whom an absence note names instead: "in urgent cases please contact Jan Nowak (jan.nowak@acme.test)"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from addon.domain.verdicts.facts import Named
from addon.domain.verdicts.language.words import plain
from addon.domain.verdicts.mails.envelope import addresses_in
from addon.domain.verdicts.robots.noting import Read
from addon.domain.verdicts.robots.wording import small_words

_MOST = 5
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:|/]+@[^\s<>()\[\]\"',;:|/]+\w")
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_NAME = re.compile(r"[^\W\d_a-zß-öø-ÿąćęłńóśźż][\w'’-]*\.?$")
_PARTICLES = frozenset({"van", "von", "de", "del", "della", "di", "da", "der", "den", "el", "la", "zu", "dos", "du"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_BEFORE = 90
_LONGEST_NAME = 4


def stand_ins(note: Sequence[Read], own: Collection[str], spoken: str = "") -> tuple[Named, ...]:
    """People and addresses that a note gives for the time of an absence, in order, each address once.

    `own`: addresses that are nobody's stand-in, such as the writer's. `spoken`: the note's language, "" if not known.
    """
    found: dict[str, Named] = {}
    titles = small_words("titles", spoken)
    for one in _telling(note):
        people = list(_with_address(one.sentence.text, own, titles)) or list(_without_address(one, titles))
        for person in people:
            found.setdefault(person.address or person.name.lower(), person)
    addressed = {person.name for person in found.values() if person.address}
    return tuple(person for person in found.values() if person.address or person.name not in addressed)[:_MOST]


def _telling(note: Sequence[Read]) -> Iterator[Read]:
    """Sentences about whom to ask, and any that hold an address: a note gives none for another reason."""
    for one in note:
        if "@" in one.sentence.text or any(hit.name in ("away.contact", "away.urgent") for hit in one.heard):
            yield one


def _with_address(text: str, own: Collection[str], titles: Collection[str]) -> Iterator[Named]:
    place = 0
    for match in _ADDRESS.finditer(text):
        address = next(iter(addresses_in(match[0])), "")
        if not address or address in own:
            continue
        before = text[max(place, match.start() - _BEFORE) : match.start()]
        place = match.end()
        name = _last_name(before, titles) or _bracketed(text[place:], titles)
        yield Named(name=_as_addressed(name, address), address=address)


def _bracketed(behind: str, titles: Collection[str]) -> str:
    """`jan@acme.test (Jan Nowak)`"""
    found = re.match(r">?\s*\(([^()@\d]{3,40})\)", behind)
    return _last_name(found[1], titles) if found else ""


def _last_name(before: str, titles: Collection[str]) -> str:
    """The capitalised words nearest before an address: `please contact Jan Nowak (`, `Jan Nowak, tel. 0123, `."""
    runs: list[list[str]] = [[]]
    end = 0
    for word in _WORD.finditer(before):
        gap = before[end : word.start()]
        end = word.end()
        fits = bool(_NAME.match(word[0])) and plain(word[0].rstrip(".")) not in titles
        if not fits and not (runs[-1] and word[0] in _PARTICLES and not gap.strip()):
            runs.append([])
        elif runs[-1] and gap.strip():
            runs.append([word[0]])
        else:
            runs[-1].append(word[0])
    named = [run for run in (_trimmed(run) for run in runs) if len(run) >= 1]
    full = [run for run in named if len(run) >= 2]
    chosen = full[-1] if full else (named[-1] if named else [])
    return " ".join(chosen[-_LONGEST_NAME:])


def _trimmed(run: list[str]) -> list[str]:
    while run and run[-1] in _PARTICLES:
        run = run[:-1]
    return run


def _as_addressed(name: str, address: str) -> str:
    """The name as its address spells it, where a language bends names: `z Janem Nowakiem (jan.nowak@...)`.

    A name of one word that the address does not know is none.
    """
    local = [piece for piece in re.split(r"[._+\-\d]+", plain(address.partition("@")[0])) if piece]
    words = name.split()
    known = [_unbent(word, local) for word in words]
    if any(known):
        return " ".join(straight or word for straight, word in zip(known, words, strict=True))
    return name if len(words) >= 2 else ""


def _unbent(word: str, local: Sequence[str]) -> str:
    bare = plain(word)
    for piece in local:
        if len(piece) >= 2 and piece in (bare, plain(word.lower().translate(_UMLAUTS))):
            return word[:-1] + piece[-1] if word[-1] in "ąę" else word
        if len(piece) >= 3 and len(bare) >= 3 and bare[: max(2, len(piece) - 2)] == piece[: max(2, len(piece) - 2)]:
            same = next(
                (i for i, (a, b) in enumerate(zip(bare, piece, strict=False)) if a != b), min(len(bare), len(piece))
            )
            if abs(len(bare) - len(piece)) <= 3:
                return word[:same] + piece[same:]
    return ""


def _without_address(one: Read, titles: Collection[str]) -> Iterator[Named]:
    """`Please contact Jan Nowak.` Only a name of two words and more is believed to be one."""
    text = one.sentence.text
    for hit in one.heard:
        if hit.name != "away.contact":
            continue
        behind = text[one.words.spans[hit.end - 1][1] :][:60]
        first = re.match(r"\W*(?:\w+\W+){0,3}?((?:[^\W\d_a-z][\w'’-]+ ){1,3}[^\W\d_a-z][\w'’-]+)", behind)
        if first and not any(plain(word) in titles for word in first[1].split()[-2:]):
            words = [word for word in first[1].split() if plain(word) not in titles]
            if len(words) >= 2:
                yield Named(name=" ".join(words))
                return
