"""Bytes of an uploaded file -> rows: encoding, delimiter, header. Pure."""

from __future__ import annotations

from addon.domain.tables.addresses import address_of
from addon.domain.tables.previewing import Alternative, Preview, preview
from addon.domain.tables.reading import MAX_BYTES, read, refuse_size
from addon.domain.tables.refusals import TableRefused
from addon.domain.tables.table import Column, Row, Table

__all__ = [
    "MAX_BYTES",
    "Alternative",
    "Column",
    "Preview",
    "Row",
    "Table",
    "TableRefused",
    "address_of",
    "preview",
    "read",
    "refuse_size",
]
