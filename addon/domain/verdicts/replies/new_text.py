"""The new text of a reply: without quotation, signature and the like. An answer is never emptied.

A forward with a comment keeps the comment. A mail that is a forward and nothing else keeps the text of the forwarded
mail, for want of words of its own; one that only sends a marked quotation back has no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from addon.domain.verdicts.mails.markup import QUOTE_BEGINS
from addon.domain.verdicts.replies.closings import without_closing
from addon.domain.verdicts.replies.quotations import beside, introduction, is_marked, plain

_MOST_LINES = 4_000
_LONGEST_LINE = 100_000
_IMAGE = re.compile(
    r"\s*(?:[\[<](?:cid:|image:|bild:|imagen:|obraz:|gambar:|immagine:|inline image|image\d{3}\.)[^\]>\n]{0,300}[\]>]"
    r"|\ufffc|!\[[^\]\n]{0,200}\]\([^)\n]{0,500}\))\s*$",
    re.IGNORECASE,
)
_WRAPPED = 60  # characters from which on a line may have been wrapped
_LINES_TO_MARKS = 6
_AMOUNT = re.compile(r"\s*>\s?[\d.,]+\s*\D")
_MESSAGE_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>\s*:")


def new_text(text: str, writer: str = "") -> str:
    """The text that is new in this mail, blank lines at its ends removed; "" only where nothing was written.

    `writer`: the name that the mail was sent under.

    >>> new_text("Yes, let's talk.\\n\\nOn Mon, 3 Mar 2025, Bob <bob@x.test> wrote:\\n> Shall we talk?\\n")
    "Yes, let's talk."
    """
    lines = [line[:_LONGEST_LINE].rstrip() for line in text.replace("\xa0", " ").split("\n", _MOST_LINES)]
    lines = [line for line in lines[:_MOST_LINES] if not _IMAGE.match(line)]
    kept = _without_quotation(lines)
    if not any(line.strip() for line in kept) and _is_bare_quotation(lines):
        return ""
    return next(
        filter(
            None,
            (
                _joined(without_closing(kept, writer)),
                _joined(kept),
                _joined(line for line in lines if not is_marked(line)),
                _joined(line.lstrip("> |") for line in lines),
            ),
        ),
        "",
    )


def _joined(lines: Iterable[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line for line in lines if line != QUOTE_BEGINS).strip())


def _without_quotation(lines: list[str]) -> list[str]:
    told = [plain(line) for line in lines]
    kept: list[str] = []
    place = 0
    while place < len(lines):
        if is_marked(lines[place]):
            amounts = _amounts(lines, place)
            kept += lines[place : place + amounts]
            place = place + amounts if amounts else _behind_wrapped(told, place)
            continue
        shared = beside(told[place])
        if shared:
            kept.append(lines[place][: len(shared[0])])
            if shared[1].strip() or not _is_marked_from(told, place + 1):
                break
            place += 1
            continue
        length = introduction(told, place)
        if length and not _is_marked_from(told, place + length) and any(line.strip() for line in kept):
            break
        # Where nothing stands above, the quotation, or the forwarded mail, is all there is.
        if not length:
            kept.append(lines[place])
        place += length or 1
    return kept


def _amounts(lines: Sequence[str], place: int) -> int:
    """How many lines of a list like `> 30 kg: 12 EUR` stand here, below what announces it; 0 for a quotation."""
    above = next((line for line in reversed(lines[max(0, place - 2) : place]) if line.strip()), "").rstrip()
    if not above.endswith(":") or is_marked(above) or _is_introduced(lines, place):
        return 0
    end = next((at for at in range(place, len(lines)) if not is_marked(lines[at])), len(lines))
    return end - place if all(_AMOUNT.match(line) for line in lines[place:end]) else 0


def _is_introduced(lines: Sequence[str], place: int) -> bool:
    told = [plain(line) for line in lines[max(0, place - _LINES_TO_MARKS) : place]]
    return any(introduction(told, at) for at in range(len(told)))


def _behind_wrapped(lines: Sequence[str], place: int) -> int:
    """Behind a marked line, and behind its end where a relay broke it and marked only what stands before the break."""
    following = place + 1
    if following + 1 < len(lines) and _is_rest(lines[place].strip(), lines[following].strip()):
        behind = next((line for line in lines[following + 1 : following + 3] if line.strip()), "")
        if is_marked(behind):
            return following + 1
    return following


def _is_rest(marked: str, line: str) -> bool:
    if not line or is_marked(line):
        return False
    if any(
        marked.count(opening) > marked.count(closing) > line.count(opening) - 1 and closing in line
        for opening, closing in ("()", "<>")
    ):
        return True
    if _MESSAGE_ID.fullmatch(line):
        return True
    if re.fullmatch(r"\(https?://\S+\)\s*>?", line):
        return True
    return len(marked) >= _WRAPPED and marked[-1] not in ".!?:;>" and line[0].isalpha() and line[-1] in ".!?\"'”>"


def _is_bare_quotation(lines: list[str]) -> bool:
    """Whether somebody sent a quotation back, introduced and marked, and wrote nothing."""
    told = [plain(line) for line in lines]
    first = next((place for place, line in enumerate(told) if line.strip()), None)
    length = introduction(told, first) if first is not None else 0
    return first is not None and bool(length) and _is_marked_from(told, first + length)


def _is_marked_from(lines: Sequence[str], place: int) -> bool:
    """Whether the quotation from here on is marked with `>`, so that what is unmarked is new."""
    for _ in range(3):
        following = [i for i in range(place, min(place + _LINES_TO_MARKS, len(lines))) if lines[i].strip()]
        if not following:
            return False
        if is_marked(lines[following[0]]):
            return True
        length = introduction(lines, following[0])
        if not length:
            return False
        place = following[0] + length
    return False
