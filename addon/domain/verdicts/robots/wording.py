"""What robots write, and what people write about them: the phrase sets in `phrases`, one file a language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from addon.domain.verdicts.language.words import Words, plain
from addon.domain.verdicts.said.phrasing import PhraseBook

_IN_SUBJECTS = frozenset({"away.subjects", "automatic.subjects"})
_NO_PHRASES = frozenset({"away.months", "away.weekdays", "away.adverbs", "away.fillers", "away.titles"})


@dataclass(frozen=True)
class Heard:
    """A phrase found: the list it stands in (`away.states`), its language, and its words, the last not included."""

    name: str
    language: str
    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True)
class RobotWords:
    """The phrase sets made ready for searching."""

    _texts: dict[str, PhraseBook]
    _subjects: PhraseBook
    adverbs: dict[str, frozenset[str]]
    """Words, plain, that may stand before a state that opens a sentence: "currently out of office"."""

    def in_text(self, words: Words, spoken: str = "") -> list[Heard]:
        """Those of a language and of English, in which some write whatever they speak; of all where none is told."""
        known = [self._texts[code] for code in self._texts if spoken not in self._texts or code in (spoken, "en")]
        return [hit for book in known for hit in _heard(book, words)]

    def in_subject(self, words: Words) -> list[Heard]:
        return list(_heard(self._subjects, words))


@cache
def told() -> dict[str, dict[str, Any]]:
    """The files as they are, by language."""
    found = [file for file in (files(__package__) / "phrases").iterdir() if file.name.endswith(".toml")]
    return {file.name[: -len(".toml")]: tomllib.loads(file.read_text("utf-8")) for file in found}


@cache
def small_words(name: str, spoken: str = "") -> frozenset[str]:
    """The plain words of a list, `fillers` or `titles`, of a language and of English; of all where none is told."""
    known = [told()[code] for code in told() if spoken not in told() or code in (spoken, "en")]
    return frozenset(plain(word) for sections in known for word in sections["away"].get(name, ()))


@cache
def robot_words() -> RobotWords:
    """Every language there is a file for. Raises PhraseRefused for a phrase that cannot be read."""
    texts: dict[str, PhraseBook] = {}
    subjects, adverbs = PhraseBook(), {}
    for language, sections in told().items():
        texts[language] = PhraseBook()
        for name, phrases in _lists(sections):
            if name not in _NO_PHRASES:
                (subjects if name in _IN_SUBJECTS else texts[language]).add(phrases, (name, language))
        adverbs[language] = frozenset(map(plain, sections["away"].get("adverbs", ())))
    return RobotWords(texts, subjects, adverbs)


def _lists(sections: dict[str, dict[str, Any]]) -> Iterator[tuple[str, Sequence[str]]]:
    for section, lists in sections.items():
        for name, phrases in lists.items() if section not in ("calendar", "note") else ():
            yield f"{section}.{name}", phrases


def _heard(book: PhraseBook, words: Words) -> Iterator[Heard]:
    for hit in book.find(words):
        name, language = hit.tag
        yield Heard(name, language, hit.start, hit.end)
