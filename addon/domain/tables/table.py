"""What a file holds once it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Column:
    """`key` serves as a merge field (`first_name`), `label` is what the file says (`First name`)."""

    key: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of data.

    `number` counts data rows from 1, the header not counted, blank rows counted; `sheet_row` is what a spreadsheet
    shows at its left edge: the header is row 1, so the first data row is 2. `values` has every column's key, stripped
    of outer blanks. `problem` is "" or a code: `tables.row_too_long` (more cells than the header has names; the
    surplus is in `surplus`).
    """

    number: int
    sheet_row: int
    values: Mapping[str, str]
    problem: str = ""
    surplus: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Table:
    """Columns and rows, and how the bytes were understood.

    `guessed` is True where the encoding is a guess that a person should see before trusting it.
    `email_column` is the key of the column that holds the addresses, or None.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    email_column: str | None
    encoding: str
    guessed: bool
    delimiter: str
    header: bool = True
    """Whether the first row named the columns."""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    """Of a workbook; then encoding and delimiter are empty."""

    def addresses(self) -> list[str]:
        """What the e-mail column says, row by row, unchecked; "" where it is empty or there is no such column."""
        return [row.values[self.email_column] if self.email_column else "" for row in self.rows]
