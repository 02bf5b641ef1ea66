"""The bytes of a CSV, TSV or XLSX file, or of pasted cells -> a table, or a refusal that says what is wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from addon.domain.tables import decoding, delimiters, headings, workbooks
from addon.domain.tables.choices import Choices
from addon.domain.tables.refusals import TableRefused
from addon.domain.tables.table import Column, Row, Table

MAX_BYTES = 50_000_000
MAX_COLUMNS = 500


@dataclass(frozen=True, slots=True)
class _Record:
    """`sheet_row` counts records from 1, blank ones too; a quoted newline does not start a new one."""

    sheet_row: int
    cells: list[str]


@dataclass(frozen=True, kw_only=True)
class _Found:
    """How the bytes were understood, and the records in them."""

    records: list[_Record]
    encoding: str = ""
    guessed: bool = False
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()


def refuse_size(size: int) -> None:
    """Raises TableRefused for a file of so many bytes that it is not read at all."""
    if size > MAX_BYTES:
        raise TableRefused("tables.too_large", size=size, limit=MAX_BYTES)


def read(data: bytes, filename: str = "", choices: Mapping[str, Any] | None = None) -> Table:
    """Read a file. `filename` only helps to tell tabs from commas. Raises TableRefused.

    With `choices` (see Choices; an empty one too) a file without a header gets numbered columns and a doubled heading
    a number; without, both are refused: who writes mails with merge fields must name them.
    """
    refuse_size(len(data))
    if not data.strip():
        raise TableRefused("tables.empty")
    chosen = Choices.of(choices or {})
    found = _sheet(data, chosen) if workbooks.is_workbook(data) else _text(data, filename, chosen)
    if not found.records:
        raise TableRefused("tables.empty")
    header = _has_header(found.records, chosen, strict=choices is None)
    return _table(found, header=header, strict=choices is None)


def _sheet(data: bytes, chosen: Choices) -> _Found:
    sheet = workbooks.open_sheet(data, chosen.sheet)
    records = [_Record(number, cells) for number, cells in enumerate(sheet.rows, start=1) if any(cells)]
    return _Found(records=records, sheet=sheet.name, sheets=sheet.names)


def _text(data: bytes, filename: str, chosen: Choices) -> _Found:
    decoded = decoding.decode_as(data, chosen.encoding) if chosen.encoding else decoding.decode(data)
    named, text = delimiters.split_sep_line(decoded.text)
    delimiter = chosen.delimiter or named or delimiters.sniff(text, filename)
    return _Found(
        records=[record for record in _records(text, delimiter) if any(record.cells)],
        encoding=decoded.encoding,
        guessed=decoded.guessed,
        delimiter=delimiter,
    )


def _has_header(records: Sequence[_Record], chosen: Choices, *, strict: bool) -> bool:
    if chosen.header is not None or strict:
        return chosen.header is not False
    return headings.looks_like_header(records[0].cells, [record.cells for record in records[1:51]])


def _table(found: _Found, *, header: bool, strict: bool) -> Table:
    records = found.records
    if header:
        names, first = _trimmed(records[0].cells, records[1:]), records[0].sheet_row
        columns = headings.columns_of(names) if strict else headings.columns_numbered(names)
        body = records[1:]
    else:
        width = max(len(record.cells) for record in records)
        columns = headings.columns_numbered(_trimmed([""] * width, records))
        body, first = records, 0
    if not body:
        raise TableRefused("tables.no_rows")
    return Table(
        columns=columns,
        rows=tuple(_row(record, first, columns) for record in body),
        email_column=headings.email_column(columns, [record.cells for record in body[:300]]),
        encoding=found.encoding,
        guessed=found.guessed,
        delimiter=found.delimiter,
        header=header,
        sheet=found.sheet,
        sheets=found.sheets,
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
        io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=delimiter not in "\t ", strict=strict
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


def _row(record: _Record, first: int, columns: Sequence[Column]) -> Row:
    """`first` is the header's row, 0 where there is none."""
    surplus = tuple(cell for cell in record.cells[len(columns) :] if cell)
    cells = record.cells + [""] * (len(columns) - len(record.cells))
    return Row(
        number=record.sheet_row - first,
        sheet_row=record.sheet_row,
        values={column.key: cell for column, cell in zip(columns, cells, strict=False)},
        problem="tables.row_too_long" if surplus else "",
        surplus=surplus,
    )
