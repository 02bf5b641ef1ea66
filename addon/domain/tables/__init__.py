"""Bytes of an uploaded file -> rows: encoding, delimiter, header. Pure."""

from __future__ import annotations

from addon.domain.tables.addresses import address_of
from addon.domain.tables.reading import read
from addon.domain.tables.refusals import TableRefused
from addon.domain.tables.table import Column, Row, Table

__all__ = ["Column", "Row", "Table", "TableRefused", "address_of", "read"]
