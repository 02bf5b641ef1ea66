"""Why a file cannot be taken: a code and what it speaks of. The words belong to the entrances."""

from __future__ import annotations


class TableRefused(Exception):
    """The file is not taken, and nothing of it was.

    Codes and their parameters:
    `tables.empty` · `tables.no_rows` · `tables.no_header` (address) · `tables.doubled_header` (names: list) ·
    `tables.unclosed_quote` (line) · `tables.nul_bytes` (line) · `tables.not_text` (kind: xlsx, xls, pdf, binary) ·
    `tables.field_too_long` (line, limit: characters) · `tables.too_large` (size, limit: bytes) ·
    `tables.too_many_columns` (count, limit) · `tables.no_sheet` (sheet, sheets: list) ·
    `tables.wrong_encoding` (encoding, line) · `tables.wrong_delimiter` (delimiter).
    Lines are lines of the file, from 1.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params: dict[str, object] = params
