"""Names and values inside a sentence: letters that run from right to left must not turn the rest of it around."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

_OPEN, _CLOSE = "\u2068", "\u2069"
"""First strong isolate, and its end: the sentence goes on as if one letter of its own stood there."""
_TURNING = frozenset({"R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF", "PDI"})


def apart(text: str) -> str:
    """The text as it is, set apart where it holds letters or marks of another direction."""
    if text.isascii() or not any(unicodedata.bidirectional(letter) in _TURNING for letter in text):
        return text
    return f"{_OPEN}{text}{_CLOSE}"


def all_apart(params: Mapping[str, Any]) -> dict[str, Any]:
    """What fills a sentence; numbers stay numbers."""
    return {name: apart(value) if isinstance(value, str) else value for name, value in params.items()}
