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
    words = _WORD.findall(folded(text))[:_ENOUGH_WORDS]
    scores = {code: sum(word in language.common_words for word in words) for code, language in languages().items()}
    best, second = sorted(scores.values(), reverse=True)[:2]
    if best == second or best < 2:
        return ""
    likeliest = max(scores, key=lambda code: scores[code])
    return likeliest if languages()[likeliest].is_read else ""


def is_short(text: str) -> bool:
    """Whether a text is an `Ok, thanks!`: too short for any language to be told, and nothing can hide in it."""
    return len(_WORD.findall(text)) <= _FEW_WORDS


def likely(code: str) -> list[Language]:
    """The languages whose phrases are worth looking for: the guessed one and English, or all where none was guessed."""
    known = languages()
    return (
        [language for key, language in known.items() if key in (code, "en")] if code in known else list(known.values())
    )
