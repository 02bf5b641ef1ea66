"""How a file writes fractions and dates, seen from all its rows: one number alone does not say. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

_FRACTION = re.compile(r"\d([.,])(?:\d{1,2}|\d{4,})\D*", re.ASCII)
_BOTH = re.compile(r"\d([.,])\d{3}(?!\1)([.,])\d", re.ASCII)
_STROKES = re.compile(r"\s*(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}\b.*", re.ASCII)


def decimal_of(texts: Iterable[str]) -> str:
    """The mark before fractions, where the texts agree; else empty.

    >>> decimal_of(["1.200", "3,50"]), decimal_of(["1,200.00"]), decimal_of(["12", "1.5", "1,5"])
    (',', '.', '')
    """
    marks = set()
    for text in texts:
        bare = "".join(text.split())[:60]
        if both := _BOTH.search(bare):
            marks.add(both[2])
        elif (last := re.search(r"\d([.,])(\d+)\D*$", bare)) and _FRACTION.fullmatch(bare[last.start() :]):
            marks.add(last[1])
    return marks.pop() if len(marks) == 1 else ""


def month_first(texts: Iterable[str]) -> bool:
    """Whether 3/9/2026 is in March: some date says so by a day above 12 in the second place, and none denies it.

    >>> month_first(["3/9/2026", "3/25/2026"]), month_first(["3/9/2026"]), month_first(["25/3/2026", "3/25/2026"])
    (True, False, False)
    """
    first = second = False
    for text in texts:
        if found := _STROKES.fullmatch(text[:40]):
            first, second = first or int(found[1]) > 12, second or int(found[2]) > 12
    return second and not first
