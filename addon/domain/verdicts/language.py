"""Which language a text is in: a count of its commonest words."""

from __future__ import annotations

import re

from addon.domain.verdicts.lexicon import Language, folded, languages

_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH_WORDS = 400
_FEW_WORDS = 6


def guess(text: str) -> str:
    """The code of the likeliest language, or "" where the text says too little or what it says is not read.

    >>> guess("Vielen Dank, ich bin nicht im Büro."), guess("ok")
    ('de', '')
    """
    found = _likeliest(text)
    return found[0] if len(found) == 1 and languages()[found[0]].is_read else ""


def is_read(text: str) -> bool:
    """Whether it is in a language whose phrases are known; an answer signed in another one may be in either.

    >>> is_read("I would like to see it, Jan, Hala sp. z o.o."), is_read("Tack men vi vill inte byta nu")
    (True, False)
    """
    found = _likeliest(text)
    return bool(found) and all(languages()[code].is_read for code in found)


def _likeliest(text: str) -> list[str]:
    """Codes of the languages with most of their common words in the text; none where it says too little."""
    words = set(_WORD.findall(folded(text))[:_ENOUGH_WORDS])
    scores = {code: len(words.intersection(language.common_words)) for code, language in languages().items()}
    best = max(scores.values())
    return [code for code, score in scores.items() if score == best] if best > 1 else []


def is_short(text: str) -> bool:
    """Whether a text is an `Ok, thanks!`: too short for any language to be told, and nothing can hide in it."""
    return len(_WORD.findall(text)) <= _FEW_WORDS


def likely(code: str) -> list[Language]:
    """The languages whose phrases are worth looking for: the guessed one and English, or all where none was guessed."""
    known = languages()
    return (
        [language for key, language in known.items() if key in (code, "en")] if code in known else list(known.values())
    )
