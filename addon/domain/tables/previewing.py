"""What a file looks like before anything of it is taken: how it was understood, what else it could be, its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from addon.domain.tables import decoding, delimiters, workbooks
from addon.domain.tables.reading import read
from addon.domain.tables.table import Row, Table

FIRST = 10
"""Rows shown."""


@dataclass(frozen=True)
class Alternative:
    """An encoding that the bytes could be in, and how their first odd line reads in it."""

    encoding: str
    sample: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Preview:
    table: Table
    rows: tuple[Row, ...]
    count: int
    encodings: tuple[Alternative, ...] = ()
    """Empty for a workbook."""
    delimiters: tuple[str, ...] = ()


def preview(data: bytes, filename: str = "", choices: Mapping[str, Any] | None = None) -> Preview:
    """As `read` with these choices. Raises TableRefused."""
    return of_table(read(data, filename, choices or {}), data)


def of_table(table: Table, data: bytes) -> Preview:
    """The preview of a file that was read already."""
    encodings: tuple[Alternative, ...] = ()
    known: tuple[str, ...] = ()
    if not workbooks.is_workbook(data):
        encodings = tuple(Alternative(name, sample, name == table.encoding) for name, sample in decoding.possible(data))
        known = (
            delimiters.CANDIDATES
            if table.delimiter in delimiters.CANDIDATES
            else (
                *delimiters.CANDIDATES,
                table.delimiter,
            )
        )
    return Preview(table=table, rows=table.rows[:FIRST], count=len(table.rows), encodings=encodings, delimiters=known)
