"""The bytes of a CSV or TSV file, or of pasted cells -> a table, or a refusal that says what is wrong and where."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from addon.domain.tables import decoding, delimiters, headings
from addon.domain.tables.refusals import TableRefused
from addon.domain.tables.table import Column, Row, Table

MAX_BYTES = 50_000_000
MAX_COLUMNS = 500


@dataclass(frozen=True)
class _Record:
    """`sheet_row` counts records from 1, blank ones too; a quoted newline does not start a new one."""

    sheet_row: int
    cells: list[str]


def read(data: bytes, filename: str = "") -> Table:
    """Read a file. `filename` only helps to tell tabs from commas. Raises TableRefused."""
    if len(data) > MAX_BYTES:
        raise TableRefused("tables.too_large", size=len(data), limit=MAX_BYTES)
    if not data.strip():
        raise TableRefused("tables.empty")

    decoded = decoding.decode(data)
    named, text = delimiters.split_sep_line(decoded.text)
    delimiter = named or delimiters.sniff(text, filename)
    records = [record for record in _records(text, delimiter) if any(record.cells)]
    if not records:
        raise TableRefused("tables.empty")

    header, body = records[0], records[1:]
    columns = headings.columns_of(_trimmed(header.cells, body))
    if not body:
        raise TableRefused("tables.no_rows")
    return Table(
        columns=columns,
        rows=tuple(_row(record, header, columns) for record in body),
        email_column=headings.email_column(columns, [record.cells for record in body]),
        encoding=decoded.encoding,
        guessed=decoded.guessed,
        delimiter=delimiter,
    )


def _records(text: str, delimiter: str) -> list[_Record]:
    try:
        return _parse(text, delimiter, strict=True)
    except csv.Error:
        # `"Acme" Ltd` is no reason to refuse a file; strict parsing thinks it is.
        return _parse(text, delimiter, strict=False)


def _parse(text: str, delimiter: str, *, strict: bool) -> list[_Record]:
    # Tabs are blanks to `skipinitialspace`, so an empty first cell of a TSV would be lost.
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=delimiter != "\t", strict=strict
    )
    records: list[_Record] = []
    begins = last = 1
    try:
        for number, cells in enumerate(reader, start=1):
            records.append(_Record(number, [cell.strip() for cell in cells]))
            last, begins = begins, reader.line_num + 1
    except csv.Error as trouble:
        if "unexpected end" in str(trouble):
            raise TableRefused("tables.unclosed_quote", line=begins) from trouble
        if "limit" in str(trouble):
            raise TableRefused("tables.field_too_long", line=begins, limit=csv.field_size_limit()) from trouble
        raise
    if not strict and records and begins - last > 1 and text.count('"') % 2:
        raise TableRefused("tables.unclosed_quote", line=last)
    return records


def _trimmed(header: list[str], body: Sequence[_Record]) -> list[str]:
    """The header without empty names at its end that no row fills: a spreadsheet's leftover commas."""
    names = list(header)
    while (
        names and not names[-1] and not any(len(row.cells) >= len(names) and row.cells[len(names) - 1] for row in body)
    ):
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise TableRefused("tables.too_many_columns", count=len(names), limit=MAX_COLUMNS)
    return names


def _row(record: _Record, header: _Record, columns: Sequence[Column]) -> Row:
    surplus = tuple(cell for cell in record.cells[len(columns) :] if cell)
    cells = record.cells + [""] * (len(columns) - len(record.cells))
    return Row(
        number=record.sheet_row - header.sheet_row,
        sheet_row=record.sheet_row,
        values={column.key: cell for column, cell in zip(columns, cells, strict=False)},
        problem="tables.row_too_long" if surplus else "",
        surplus=surplus,
    )
