"""Words without case and accents: how names of options and people are compared, and how values are sorted. Pure."""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
"""Letters that no decomposition takes apart."""


def fold(text: str) -> str:
    """One spelling for all that reads the same.

    >>> fold("  Già  PAGATO "), fold("Łódź"), fold("Straße")
    ('gia pagato', 'lodz', 'strasse')
    """
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.casefold().translate(_LETTERS).split())
