"""Words as a search compares them: without case and accents, each Chinese, Japanese or Korean sign a word of its own,
and each emoji, too.

`Łódź` is found by `lodz`, `Straße` by `strasse`, `価格表` by `価格`. Nothing is stemmed: `offers` is not `offer`.
"""

from __future__ import annotations

import re
import unicodedata

_SIGN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003134f"
_WORD = re.compile(f"[{_SIGN}]|[^\\W_{_SIGN}]+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_EMOJI = re.compile("[\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
"""Signs that people look for; the index of words knows letters and digits only, so they are spelt out for it."""
_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h"})
_VOICED = "\u3099\u309a"
"""Marks that make another sound of a Japanese sign: no accents."""


def words(text: str) -> list[str]:
    """The words of a text, in order.

    >>> words("Re: Łódź, 2 ramps_(価格)")
    ['re', 'lodz', '2', 'ramps', '価', '格']
    >>> words("Hooray\U0001f389")
    ['hooray', 'emoji1f389']
    """
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign) or sign in _VOICED)
    spelt = _EMOJI.sub(lambda found: f" emoji{ord(found[0]):x} ", bare)
    return _WORD.findall(unicodedata.normalize("NFC", spelt).casefold().translate(_LETTERS))
