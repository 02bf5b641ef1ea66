"""Reading a database as somebody would who stole it: every table, every column, nothing decrypted."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, inspect

from addon.domain.access import Database


def tables(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All rows by table, those of no model included, in an order of their own."""
    with database.engine.connect() as connection:
        return {name: _rows(connection, name) for name in sorted(_names(connection))}


def words(database: Database) -> str:
    """Everything that can be read in it."""
    rows = (row for found in tables(database).values() for row in found)
    return "\n".join(_word(value) for row in rows for value in row)


def state(database: Database) -> dict[str, tuple[int, str]]:
    """(number of rows, digest of all they hold) by table."""
    return {
        name: (len(rows), hashlib.sha256(repr(sorted(map(repr, rows))).encode()).hexdigest())
        for name, rows in tables(database).items()
    }


def _names(connection: Connection) -> list[str]:
    return inspect(connection).get_table_names()


def _rows(connection: Connection, name: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')]


def _word(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
