"""Words as a search compares them: without case and accents, each Chinese, Japanese or Korean sign a word of its own.

`Łódź` is found by `lodz`, `Straße` by `strasse`, `価格表` by `価格`. Nothing is stemmed: `offers` is not `offer`.
"""

from __future__ import annotations

import re
import unicodedata

_SIGN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003134f"
_WORD = re.compile(f"[{_SIGN}]|[^\\W_{_SIGN}]+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h"})
_VOICED = "\u3099\u309a"
"""Marks that make another sound of a Japanese sign: no accents."""


def words(text: str) -> list[str]:
    """The words of a text, in order.

    >>> words("Re: Łódź, 2 ramps_(価格)")
    ['re', 'lodz', '2', 'ramps', '価', '格']
    """
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign) or sign in _VOICED)
    return _WORD.findall(unicodedata.normalize("NFC", bare).casefold().translate(_LETTERS))
