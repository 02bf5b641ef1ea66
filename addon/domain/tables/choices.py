"""How a file is to be read where a person chose otherwise than was detected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from addon.domain.tables.refusals import TableRefused

ENCODINGS = ("utf-8", "cp1252", "cp1250", "iso8859-2", "latin-1", "mac_roman", "utf-16-le", "utf-16-be")
"""What a person may choose from, the likeliest first; `utf-32-*` is known by its mark only."""


@dataclass(frozen=True, kw_only=True)
class Choices:
    """None: as detected."""

    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    sheet: str | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Choices:
        """From a form or a row of the database. Raises TableRefused for what cannot be chosen."""
        encoding, delimiter = given.get("encoding") or None, given.get("delimiter") or None
        header, sheet = given.get("header"), given.get("sheet") or None
        if encoding is not None and encoding not in ENCODINGS:
            raise TableRefused("tables.wrong_encoding", encoding=str(encoding)[:40], line=1)
        if delimiter is not None and (len(str(delimiter)) != 1 or delimiter in '"\r\n\0'):
            raise TableRefused("tables.wrong_delimiter", delimiter=str(delimiter)[:10])
        return cls(
            encoding=encoding,
            delimiter=delimiter,
            header=header if isinstance(header, bool) else None,
            sheet=str(sheet) if sheet is not None else None,
        )

    def stored(self) -> dict[str, Any]:
        """What `of` takes."""
        return {name: value for name, value in vars(self).items() if value is not None}
