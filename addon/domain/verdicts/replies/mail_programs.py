"""What mail programs and companies write around a text, in many languages: one file each in `programs/`.

A program speaks its user's language whatever the mail is written in, so all languages are looked for at once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from addon.domain.verdicts.language.lexicon import folded

_GAP = r"\b.{1,160}?"
_WORD = re.compile(r"[\w()/]+")
_NO_BLANKS = "\u2e80"
"""From here on stand the letters of those who do not put blanks between words: Chinese, Japanese, Korean."""
_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, kw_only=True)
class Programs:
    """Patterns for folded text. Those of `opens` and `below` are for the beginning of a line."""

    opens: re.Pattern[str]
    wrote_words: frozenset[str]
    wrote_phrases: re.Pattern[str]
    separators: re.Pattern[str]
    """Words of a line that stands above the original or a forwarded mail."""
    fields: dict[str, str]
    """`betreff` -> `subject`; from, sent, to, copy, subject."""
    sent_from: re.Pattern[str]
    disclaimers: re.Pattern[str]
    footers: re.Pattern[str]
    farewells: re.Pattern[str]

    def tells_who_wrote(self, line: str) -> bool:
        """Whether a line has a word for "wrote" in it. Words are looked up: thousands of lines may be asked about."""
        return not self.wrote_words.isdisjoint(_WORD.findall(line)) or bool(self.wrote_phrases.search(line))


@cache
def programs() -> Programs:
    """All languages together."""
    found = sorted((files(__package__) / "programs").iterdir(), key=lambda file: file.name)
    told = [tomllib.loads(file.read_text("utf-8")) for file in found if file.name.endswith(".toml")]

    def every(*path: str) -> list[str]:
        return [phrase for language in told for phrase in _at(language, path)]

    wrote = {folded(phrase) for phrase in every("wrote")}
    words = {phrase for phrase in wrote if _WORD.fullmatch(phrase) and phrase[0] < _NO_BLANKS}
    return Programs(
        opens=_any_of(every("opens")),
        wrote_words=frozenset(words),
        wrote_phrases=_any_of(phrase for phrase in wrote if words.isdisjoint(_WORD.findall(phrase))),
        separators=_any_of([*every("original"), *every("forwarded")]),
        fields={folded(n): kind for language in told for kind, names in language["fields"].items() for n in names},
        sent_from=_any_of(every("below", "sent_from")),
        disclaimers=_any_of(every("below", "disclaimers"), whole=False),
        footers=_any_of(every("below", "footers"), whole=False),
        farewells=_any_of(every("below", "farewells")),
    )


def _at(language: dict[str, Any], path: Iterable[str]) -> list[str]:
    found: Any = language
    for key in path:
        found = found[key]
    return list(found)


def _any_of(phrases: Iterable[str], *, whole: bool = True) -> re.Pattern[str]:
    """One pattern for all, longer phrases first. `whole`: the phrase ends where a word ends."""
    patterns = [_pattern(phrase, whole) for phrase in sorted(set(map(folded, phrases)), key=len, reverse=True)]
    return re.compile("|".join(patterns)) if patterns else _NOTHING


def _pattern(phrase: str, whole: bool) -> str:
    pieces = [r"\s+".join(map(re.escape, piece.split())) for piece in phrase.split("...")]
    pattern = _GAP.join(pieces)
    before = r"(?<!\w)" if phrase[0] < _NO_BLANKS else ""
    after = r"(?!\w)" if whole and phrase[-1] < _NO_BLANKS else ""
    return f"{before}{pattern}{after}"
