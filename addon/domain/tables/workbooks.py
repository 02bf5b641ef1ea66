"""The cells of an XLSX workbook as texts: dates as 2026-03-02, whole numbers without a point, formulas as last shown.

A workbook is a zip of XML, and whoever made it may mean harm: how large it grows and how wide its sheets claim to be is
looked at before the reader, which keeps a whole sheet in memory, is let at it.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import python_calamine as calamine

from addon.domain.tables.refusals import TableRefused

MARK = b"PK\x03\x04"
LARGEST_GROWN = 400_000_000
"""Bytes of everything inside, unpacked."""
LARGEST_WORDS = 100_000_000
"""Bytes of the texts that all sheets share, unpacked."""
LARGEST_SHEET = 6_000_000
"""Cells between the first and the last, empty ones too: the reader makes room for all of them."""

_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>])([^>]*)(?<!/)>")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_PLACE = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
_NUMBER = re.compile(rb"""(?:^|\s)r\s*=\s*["'](\d{1,7})["']""")
_CHUNK = 1_000_000

Cell = int | float | str | bool | time | date | datetime | timedelta


@dataclass(frozen=True)
class Sheet:
    """`rows` begin at the sheet's first row, so that they are numbered as a spreadsheet shows them."""

    name: str
    names: tuple[str, ...]
    rows: Iterator[list[str]]


def is_workbook(data: bytes) -> bool:
    return data.startswith(MARK)


def open_sheet(data: bytes, wanted: str | None = None) -> Sheet:
    """The sheet of this name, else the first that holds something. Raises TableRefused."""
    _check(data)
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        names = tuple(book.sheet_names)
        if wanted is not None and wanted not in names:
            raise TableRefused("tables.no_sheet", sheet=wanted[:100], sheets=list(names))
        name = wanted if wanted is not None else _first_filled(book, names)
        sheet = book.get_sheet_by_name(name)
        return Sheet(name, names, ([as_shown(cell) for cell in row] for row in sheet.iter_rows()))
    except (calamine.CalamineError, OSError, ValueError, IndexError) as trouble:
        raise TableRefused("tables.not_text", kind="xlsx") from trouble


def as_shown(cell: Cell) -> str:
    """What a person sees in a cell, in the spelling that this product reads everywhere.

    >>> as_shown(5.0), as_shown(0.1 + 0.2), as_shown(datetime(2026, 3, 2)), as_shown(True)
    ('5', '0.3', '2026-03-02', 'TRUE')
    """
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        # A spreadsheet shows fifteen digits: what is behind them is dust of binary fractions.
        return str(int(cell)) if math.isfinite(cell) and cell.is_integer() and abs(cell) < 1e15 else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    return str(cell)


def _first_filled(book: calamine.CalamineWorkbook, names: tuple[str, ...]) -> str:
    for name in names:
        if book.get_sheet_by_name(name).end is not None:
            return name
    raise TableRefused("tables.empty")


def _check(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            grown = sum(part.file_size for part in packed.infolist())
            words = sum(part.file_size for part in packed.infolist() if part.filename.endswith("sharedStrings.xml"))
            if grown > LARGEST_GROWN or words > LARGEST_WORDS:
                raise TableRefused("tables.too_large", size=grown, limit=LARGEST_GROWN)
            for part in packed.infolist():
                if part.filename.lower().startswith("xl/worksheets/") and part.filename.lower().endswith(".xml"):
                    _check_extent(packed, part)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as trouble:
        raise TableRefused("tables.not_text", kind="xlsx") from trouble


def _check_extent(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """One cell far out at the corner would have the reader make room for billions."""
    last_row = last_column = numbered = 0
    unplaced = False
    with packed.open(part) as xml:
        rest = b""
        while chunk := xml.read(_CHUNK):
            text = rest + chunk
            cut = text.rfind(b">") + 1
            text, rest = text[:cut], text[cut:]
            if len(rest) > _CHUNK:
                raise TableRefused("tables.not_text", kind="xlsx")
            for found in _ROW.finditer(text):
                if number := _NUMBER.search(found[1]):
                    numbered = max(numbered, int(number[1]))
            for found in _CELL.finditer(text):
                if place := _PLACE.search(found[1]):
                    last_row, last_column = max(last_row, int(place[2])), max(last_column, _column(place[1]))
                else:
                    unplaced = True
    rows = max(last_row, numbered) if unplaced else last_row
    columns = max(last_column, 100) if unplaced else last_column
    if rows * columns > LARGEST_SHEET:
        raise TableRefused("tables.too_large", size=rows * columns, limit=LARGEST_SHEET)


def _column(letters: bytes) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
