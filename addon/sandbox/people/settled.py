"""What the people have done: kept in the mailboxes' own file, so that a letter and its note are one commit.

A demo that dies, at whatever moment, neither forgets an answer nor gives it twice.
"""

from __future__ import annotations

import sqlite3

from addon.sandbox.gmail.store import Store

_TABLE = "CREATE TABLE IF NOT EXISTS people_did (step TEXT PRIMARY KEY) WITHOUT ROWID"


class Settled:
    """The keys of the steps that were taken."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.write() as db:
            db.execute(_TABLE)

    def __contains__(self, key: str) -> bool:
        with self._store.read() as db:
            return db.execute("SELECT 1 FROM people_did WHERE step = ?", (key,)).fetchone() is not None

    @staticmethod
    def note(db: sqlite3.Connection, key: str) -> bool:
        """Note a step within a transaction; False if it was taken before."""
        return db.execute("INSERT OR IGNORE INTO people_did (step) VALUES (?)", (key,)).rowcount == 1
