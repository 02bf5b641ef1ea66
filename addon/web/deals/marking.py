"""Which words of a hit were meant by what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from addon.domain.search.words import fold, may_slip, one_slip_apart

_WORD = re.compile(r"[^\W_]+")


def marked(text: str, words: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The text in parts, each with whether a typed word means it: as typed, as a beginning, or with a slip.

    >>> list(marked("Bursztyn: Łódź", ["lodz"]))
    [('Bursztyn: ', False), ('Łódź', True)]
    """
    place = 0
    parts = [part for word in words for part in _WORD.findall(word)]
    for match in _WORD.finditer(text):
        if _meant(fold(match[0]), parts):
            if match.start() > place:
                yield text[place : match.start()], False
            yield match[0], True
            place = match.end()
    if place < len(text):
        yield text[place:], False


def _meant(folded: str, words: Sequence[str]) -> bool:
    return any(folded.startswith(word) or (may_slip(word) and one_slip_apart(folded, word)) for word in words)
