"""A text read as an absence note or another automatic reply would be: what each of its sentences does.

A note says that its writer is away, for how long, and whom to ask instead; it speaks to nobody in particular. A person
who mentions an absence says something to the matter as well, or speaks of an absence that is over, or not theirs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from addon.domain.verdicts.language.lexicon import folded, languages
from addon.domain.verdicts.language.sentences import Sentence, sentences
from addon.domain.verdicts.language.words import Words, words_of
from addon.domain.verdicts.robots.wording import Heard, robot_words

_REACH = 16
"""Words at most between "I am" and "out of the office"."""
_MOST = 30
_LONGEST_TEXT = 4_000
_FEW = 4
_BROKEN = re.compile(
    r"(?:(?<!\d)\d{1,2}|\b(?:tel|sig|sr|sra|mr|mrs|ms|dr|st|nr|no|ul|tgl|inkl|einschl|bzw|ca|jl))\.$", re.I
)
_SMALL_PRINT = re.compile(
    r"confidential|vertraulich|confidentiel|riservat[eoi]|confidencial|poufn|rahasia|disclaimer|privileged|hrb \d"
)
_CONTACT = re.compile(r"\+?\d[\d ()/-]{6,}\d|https?://|www\.|\S@\S")


@dataclass(frozen=True)
class Read:
    """A sentence, its words, the phrases found in it, and what it does."""

    sentence: Sentence
    words: Words
    heard: tuple[Heard, ...]
    marks: frozenset[str]
    languages: frozenset[str]
    """Those in which an absence is told."""

    @property
    def is_question(self) -> bool:
        return self.sentence.text.rstrip("\"'”» )").endswith("?")

    def has(self, *names: str) -> bool:
        return not self.marks.isdisjoint(names)


def read(text: str, *, writer: str = "", spoken: str = "") -> list[Read]:
    """The sentences of a new text up to its closing; `writer`: the sender's name, by which notes speak of him.

    Marks are `absence` and the names of the lists in `phrases`, or `courtesy`, or `other`.
    """
    found: list[Read] = []
    for sentence in _whole(sentences(text[:_LONGEST_TEXT]))[:_MOST]:
        closes = bool(found) and _closes(sentence.text)
        one = _read(sentence, frozenset(words_of(writer).plain), spoken)
        found.append(one)
        if closes and not one.has("absence"):
            break
    return found


def _whole(parts: Sequence[Sentence]) -> list[Sentence]:
    """Sentences again where a point ended no sentence: `bis zum 14. März`."""
    found: list[Sentence] = []
    for part in parts:
        if found and _BROKEN.search(found[-1].text):
            found[-1] = Sentence(f"{found[-1].text} {part.text}", found[-1].position)
        else:
            found.append(part)
    return found


def _read(sentence: Sentence, writer: frozenset[str], spoken: str) -> Read:
    words = words_of(sentence.text)
    heard = _apart([hit for hit in robot_words().in_text(words, spoken) if hit.start not in words.quoted])
    marks = {hit.name for hit in heard if spoken in ("", hit.language) or hit.language == "en" or _is_sure(hit.name)}
    absences = set(_absences(words, heard, writer))
    if absences:
        marks.add("absence")
        marks |= _besides(words, [hit for hit in heard if hit.language in absences or hit.name in _OF_NOTES])
    if not _SAYING.intersection(marks) and not _tells_return(words, marks):
        marks.add("courtesy" if _is_courtesy(sentence.text, words) else "other")
    return Read(sentence, words, tuple(heard), frozenset(marks), frozenset(absences))


def _apart(heard: Sequence[Heard]) -> list[Heard]:
    """Without what only seems to be said to somebody, within a robot's phrase: `no need to resend`, `jusqu'à lundi`."""
    robots = [hit for hit in heard if hit.name in _WHOLE]
    return [
        hit for hit in heard if hit.name != "person.conversation" or not any(_holds(other, hit) for other in robots)
    ]


def _holds(other: Heard, hit: Heard) -> bool:
    within = other.start <= hit.start and hit.end <= other.end and len(other) > len(hit)
    return within or (other.name == "away.until" and other.start < hit.start < other.end)


_WHOLE = frozenset(
    {"away.robot", "away.later", "away.until", "away.urgent", "automatic.machine", "automatic.sentences"}
)


def _tells_return(words: Words, marks: Collection[str]) -> bool:
    """`Reopening on 10 March`"""
    return "away.back" in marks and any(word[0].isdigit() for word in words.plain)


_SAYING = frozenset(
    {
        *("absence", "away.later", "away.urgent", "away.thanks", "away.robot", "automatic.sentences"),
        *("automatic.machine", "automatic.hints", "person.over", "person.mentions", "person.conversation"),
    }
)


def _is_sure(name: str) -> bool:
    """Whether phrases of a list are long enough to be believed in a text that seems to be in another language."""
    return name in ("automatic.sentences", "automatic.machine", "away.robot")


def _absences(words: Words, heard: Sequence[Heard], writer: frozenset[str]) -> Iterator[str]:
    """Languages in which a sentence says that its writer is away."""
    by_language: dict[str, list[Heard]] = {}
    for hit in heard:
        if hit.name in _OF_ABSENCE:
            by_language.setdefault(hit.language, []).append(hit)
    for language, hits in by_language.items():
        if any(hit.name == "away.statements" for hit in hits) or any(
            _is_said(words, hits, state, language, writer) for state in hits if state.name == "away.states"
        ):
            yield language


def _besides(words: Words, heard: Sequence[Heard]) -> frozenset[str]:
    """What a sentence says behind the absence: `I am on leave but read this: we will not renew`."""
    contrast = next((hit.start for hit in heard if hit.name == "away.contrasts"), None)
    notes = [hit for hit in heard if hit.name in _OF_NOTES]
    turns = contrast is not None and not any(
        hit.start > contrast and hit.name not in _OF_DAYS and not hit.name.startswith("away.contra") for hit in notes
    )
    if contrast is not None and turns and len(words) - contrast > _FEW:
        return frozenset({"contrast"})
    last = max((hit.end for hit in notes), default=0)
    return frozenset({"other"}) if len(words) - last > _TAIL else frozenset()


_OF_DAYS = frozenset({"away.until", "away.starts", "away.today", "away.tomorrow"})
_OF_NOTES = frozenset(
    {
        *("away.states", "away.statements", "away.later", "away.urgent", "away.robot", "away.until", "away.back"),
        *("away.starts", "away.contact", "away.today", "away.tomorrow", "away.thanks"),
    }
)
_TAIL = 10
"""Words that may follow what makes a sentence a note's: for days, names, reasons."""

_OF_ABSENCE = frozenset(
    {"away.heads", "away.states", "away.statements", "away.barriers", "away.denials", "away.conditions"}
)


def _is_said(words: Words, hits: Sequence[Heard], state: Heard, language: str, writer: frozenset[str]) -> bool:
    """Whether somebody says of himself that he is in a state."""
    if _opens(words, state, robot_words().adverbs[language]):
        return True
    for head in hits:
        if head.name == "away.heads" and 0 <= state.start - head.end <= _REACH and _joined(hits, head, state):
            return True
    named = [place for place in range(max(0, state.start - 6), state.start) if words.plain[place] in writer]
    return bool(named) and not _between(hits, named[-1], state.start, "away.denials", "away.barriers")


def _opens(words: Words, state: Heard, adverbs: frozenset[str]) -> bool:
    """`Out of office until Monday`, `Currently travelling`."""
    return state.start <= _FEW + 2 and all(word in adverbs or word.isdigit() for word in words.plain[: state.start])


def _joined(hits: Sequence[Heard], head: Heard, state: Heard) -> bool:
    if _between(hits, head.end, state.start, "away.barriers", "away.denials"):
        return False
    return not _between(hits, head.start - 3, head.start, "away.conditions")


def _between(hits: Sequence[Heard], start: int, end: int, *names: str) -> bool:
    return any(hit.name in names and start <= hit.start and hit.end <= end for hit in hits)


def _is_courtesy(text: str, words: Words) -> bool:
    """Greetings, names, telephone numbers, what lawyers write beneath: nothing that is said to anybody."""
    if len(words) <= _FEW or _SMALL_PRINT.search(text.lower()):
        return True
    if _CONTACT.search(text) and len(words) <= 12:
        return True
    plain = folded(text)
    return len(words) <= 7 and any(
        language.greetings.match(plain) or language.farewells.match(plain) for language in languages().values()
    )


def _closes(text: str) -> bool:
    plain = folded(text).strip(" ,.!")
    return len(plain.split()) <= 6 and any(
        (found := language.farewells.match(plain)) is not None and (found.end() == len(plain) or "\n" in text)
        for language in languages().values()
    )
