"""A text cut into sentences, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from addon.domain.verdicts.facts import QUOTE

_END = re.compile(r"[.!?…]+[\"'”»)\]]*(?=\s)|\n[ \t]*\n\s*|\n(?=[ \t]*(?:[-*•]|\d{1,2}[.)])\s)|(?<=,)[ \t]*\n")
_SHORT_LINE = 45
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
    for end in sorted({match.end() for match in _END.finditer(text)} | set(_short_lines(text))):
        if end > place:
            yield place, end
            place = end
    yield place, len(text)


def _short_lines(text: str) -> Iterator[int]:
    """Ends of lines too short to have been wrapped, where the next begins with a capital."""
    for line in re.finditer(r"(?m)^(.*)\n(?=[ \t]*[^\W\da-z_])", text):
        if len(line[1]) < _SHORT_LINE and text[line.end() : line.end() + 20].lstrip(" \t")[:1].isupper():
            yield line.end()
