"""Texts without capitals, reckoned by the database itself and alike on both: letters of every script, accents kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

NAME = "small_letters"
_SCRIPTS = (range(0x80, 0x530), range(0x1E00, 0x1F00))
"""Latin with all its accents, Greek and Cyrillic."""


def lowered(text: str) -> str:
    """Letter by letter, so that nothing changes its length.

    >>> lowered("ŁÓDŹ İ")
    'łódź İ'
    """
    if text.isascii():
        return text.lower()
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


_CAPITALS = "".join(letter for script in _SCRIPTS for letter in map(chr, script) if lowered(letter) != letter)


class small_letters(GenericFunction[str]):
    """`small_letters(text)` in statements."""

    type = String()
    name = NAME
    inherit_cache = True


@compiles(small_letters, "postgresql")
def _on_postgres(element: small_letters, compiler: Any, **how: Any) -> str:
    """A database may have been made to know the capitals of ASCII alone: then those of the usual scripts are told it.

    Compared byte by byte, as SQLite does.
    """
    text = compiler.process(element.clauses, **how)
    plain = f"lower('Ł') = 'ł' OR octet_length({text}) = length({text})"  # the first is reckoned once, by the planner
    told = f"translate(lower({text}), '{_CAPITALS}', '{lowered(_CAPITALS)}')"
    return f'(CASE WHEN {plain} THEN lower({text}) ELSE {told} END COLLATE "C")'


def teach_sqlite(connection: Any) -> None:
    """Its own lower() knows the capitals of ASCII alone."""
    connection.create_function(NAME, 1, _lowered_or_nothing, deterministic=True)


def _lowered_or_nothing(text: object) -> object:
    return lowered(text) if isinstance(text, str) else text
