"""A mail's text in pieces, new and quoted, so that a page can fold what was quoted. Nothing is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from addon.domain.verdicts.mails.markup import QUOTE_BEGINS
from addon.domain.verdicts.replies.quotations import introduction, is_marked, plain

MOST_LINES = 4_000
_NEAR = 6
"""Lines below the line "On ..., Ana wrote:" among which the quotation's marks begin, where it has any."""


@dataclass(frozen=True)
class Piece:
    text: str
    quoted: bool


def pieces(text: str) -> list[Piece]:
    """The first 4,000 lines, in order. A mail that is one quotation, such as a bare forward, is not folded.

    >>> pieces("Yes.\\n\\nOn Mon, 3 Mar 2025, Bob <bob@x.test> wrote:\\n> Shall we?\\n")[0]
    Piece(text='Yes.', quoted=False)
    """
    lines = text.split("\n")[:MOST_LINES]
    told = [plain(line) for line in lines]
    quoted = _quoted(lines, told)
    if not any(line.strip() and not folded for line, folded in zip(lines, quoted, strict=True)):
        quoted = [False] * len(lines)
    found = []
    for folded, rows in groupby(zip(lines, quoted, strict=True), key=lambda row: row[1]):
        words = "\n".join(line.rstrip() for line, _ in rows if line != QUOTE_BEGINS).strip("\n")
        if words.strip():
            found.append(Piece(words, folded))
    return found


def _quoted(lines: Sequence[str], told: Sequence[str]) -> list[bool]:
    """Of each line whether it is quoted."""
    quoted = [is_marked(line) for line in lines]
    place = 0
    while place < len(lines):
        length = 0 if quoted[place] else introduction(told, place)
        if length and not _is_marked_soon(lines, told, place + length):
            return quoted[:place] + [True] * (len(lines) - place)
        for each in range(place, place + length):
            quoted[each] = True
        place += length or 1
    for place, line in enumerate(lines):  # a blank line between quoted ones would cut the quotation in pieces
        if not line.strip() and place:
            quoted[place] = quoted[place - 1]
    return quoted


def _is_marked_soon(lines: Sequence[str], told: Sequence[str], place: int) -> bool:
    """Whether the quotation that begins here is marked, so that what is unmarked behind it is new."""
    while True:
        near = next((at for at in range(place, min(place + _NEAR, len(lines))) if lines[at].strip()), None)
        if near is None:
            return False
        if is_marked(lines[near]):
            return True
        length = introduction(told, near)
        if not length:
            return False
        place = near + length
