"""The commonest words of each language: those that say nothing of what a text is about."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from addon.domain.verdicts.language.words import plain

_WORD = re.compile(r"[^\W\d_]+")


@cache
def commonest(code: str) -> frozenset[str]:
    """The commonest words of a language, plain; none of a language that is not known.

    >>> "nicht" in commonest("de"), "rechnung" in commonest("de")
    (True, False)
    """
    told = tomllib.loads((files(__package__) / "languages.toml").read_text("utf-8"))
    return frozenset(
        part for word in told.get(code, {}).get("words", "").split() for part in _WORD.findall(plain(word))
    )
