"""Words as they are searched for: without case and accents, and forgiving one slip in a long word. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import islice

LONGEST = 40
"""Characters of a word that count."""
FORGIVING = 5
"""Letters from which on a word may be mistyped."""
MOST = 400
"""Words of one deal, person or company that are kept."""
_READ = 5_000
"""Characters of one text that are looked at."""
_TYPED = 8
"""Words of a question that count."""

_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"}
)
_JOINED = re.compile(r"[^\W_][\w.+-]*@[^\W_][\w.-]*|[^\W_][\w-]*(?:\.[\w-]+)+")
"""An address of mail, a domain: one word, besides its parts."""
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")


def fold(text: str) -> str:
    """Without case and accents.

    >>> fold("Łódź"), fold("Straße"), fold("Crème Brûlée"), fold("Ørsted")
    ('lodz', 'strasse', 'creme brulee', 'orsted')
    """
    low = text.casefold()
    if low.isascii():
        return low
    apart = unicodedata.normalize("NFKD", low.translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_LETTERS).casefold()


def words_in(texts: Iterable[str | None]) -> dict[str, None]:
    """The words of these texts in their order, each once, addresses and domains whole and in parts; at most `MOST`.

    >>> list(words_in(["Jane@Acme.example", "86 400"]))
    ['jane', 'acme', 'example', 'jane@acme.example', 'acme.example', '86', '400']
    """
    found: dict[str, None] = {}
    for given in texts:
        if not given:
            continue
        text = fold(given[:_READ])
        found.update(dict.fromkeys(word[:LONGEST] for word in _WORD.findall(text)))
        if "." in text or "@" in text:
            found.update(dict.fromkeys(_joined(text)))
        if len(found) >= MOST:
            break
    return dict.fromkeys(islice(found, MOST))


def phone_words(phone: str) -> dict[str, None]:
    """A number as people type it: its parts, all of it in one, and in one without what stands first.

    >>> sorted(phone_words("+48 600 123"))
    ['123', '48', '48600123', '600', '600123']
    """
    parts = _DIGITS.findall(phone)
    return words_in([phone]) | dict.fromkeys("".join(parts[start:])[:LONGEST] for start in range(len(parts)))


def typed(text: str) -> list[str]:
    """The words of a question in their order, each once; an address is one word."""
    found: list[str] = []
    folded = fold(text[:_READ])
    place = 0
    for match in _JOINED.finditer(folded):
        found += _WORD.findall(folded[place : match.start()])
        found.append(match[0].strip(".-"))
        place = match.end()
    found += _WORD.findall(folded[place:])
    return list(dict.fromkeys(word[:LONGEST] for word in found))[:_TYPED]


def _joined(text: str) -> list[str]:
    found: list[str] = []
    for match in _JOINED.finditer(text):
        whole = match[0].strip(".-")
        found.append(whole[:LONGEST])
        if "@" in whole:
            found.append(whole.rpartition("@")[2][:LONGEST])
    return found


def slips(word: str) -> set[str]:
    """The word with one letter left out, in every way.

    >>> sorted(slips("acme"))
    ['ace', 'acm', 'ame', 'cme']
    """
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def may_slip(word: str) -> bool:
    """Whether a typo in it is forgiven: a number or an address is right or wrong."""
    return len(word) >= FORGIVING and word.isalpha()


def one_slip_apart(one: str, other: str) -> bool:
    """Whether a letter too many, too few, another one, or two in the wrong order are all that differs.

    >>> one_slip_apart("presentation", "presentaton"), one_slip_apart("marta", "matra"), one_slip_apart("acme", "emca")
    (True, True, False)
    """
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, rest_other = one[start:], other[start:]
    return (
        rest[1:] == rest_other[1:]
        or rest[1:] == rest_other
        or rest == rest_other[1:]
        or (rest[:2] == rest_other[1::-1] and rest[2:] == rest_other[2:])
    )
