"""Walks the alternatives of a search along the order of listings, newest first, and reads no further than it must."""

from __future__ import annotations

import json
import sqlite3
from typing import Any, TypeAlias

from addon.sandbox.gmail.mailbox.search.alternatives import END, Alternative, Alternatives
from addon.sandbox.gmail.mailbox.search.index import table
from addon.sandbox.gmail.shelving import shelves

Row: TypeAlias = tuple[int, int, int]
"""Message, thread, place."""

_FEW = 1_000
_ARMS = 60
"""Shelves walked by one statement."""

_COLUMNS = "m.id, m.thread, m.place"


class Walk:
    """Reads the messages of one mailbox that fit a search."""

    def __init__(self, db: sqlite3.Connection, account: int, alternatives: Alternatives) -> None:
        self._db, self._account, self._alternatives = db, account, alternatives
        self._standing = {number: many for number, _, many in shelves(db, account)}

    def messages(self, below: int, limit: int) -> list[Row]:
        """The newest that stand below a place."""
        found = {row for one in self._alternatives for row in self._along(one, below, limit)}
        return sorted(found, key=_place, reverse=True)[:limit]

    def threads(self, below: int, limit: int) -> list[Row]:
        """The newest message of each thread, where that stands below a place."""
        found: dict[int, Row] = {}
        at, more = below, True
        while more and len(found) < limit:
            rows = self.messages(at, limit + 1)
            more = len(rows) > limit
            for row in rows:
                if row[1] not in found and (below == END or not self._was_shown(row[1], below)):
                    found[row[1]] = row
            at = rows[-1][2] if rows else 0
        return list(found.values())[:limit]

    def _was_shown(self, thread: int, from_place: int) -> bool:
        """Whether the thread has a fitting message at this place or above."""
        for one in self._alternatives:
            fits, values = one.sql(self._account)
            statement = (
                f"SELECT 1 FROM messages m WHERE m.account = ? AND m.thread = ? AND +m.place >= ? AND {fits} LIMIT 1"
            )
            if self._db.execute(statement, [self._account, thread, from_place, *values]).fetchone():
                return True
        return False

    def _along(self, one: Alternative, below: int, limit: int) -> list[Row]:
        below = min(below, one.before)
        if one.places is not None:
            return self._named(one, one.places, below, limit)
        if one.match and self._index_leads(one):
            return self._by_words(one, below, limit)
        wanted = self._standing.keys() if one.shelves is None else one.shelves
        if wanted == self._standing.keys():
            return self._by_place(one, below, limit)
        return self._by_shelf(one, sorted(wanted), below, limit)

    def _index_leads(self, one: Alternative) -> bool:
        """Whether to walk the mails with these words, rather than these shelves because little stands on them."""
        standing = sum(self._standing.values() if one.shelves is None else map(self._standing.__getitem__, one.shelves))
        if standing > _FEW:
            return True
        words = table(self._account)
        few = f"SELECT count(*) FROM (SELECT 1 FROM {words} WHERE {words} MATCH ? LIMIT ?)"
        (found,) = self._db.execute(few, (one.match, standing)).fetchone()
        return bool(found < standing)

    def _named(self, one: Alternative, places: frozenset[int], below: int, limit: int) -> list[Row]:
        fits, values = one.sql(self._account)
        rows: list[Row] = []
        for place in places:
            statement = f"SELECT {_COLUMNS} FROM messages m WHERE m.account = ? AND m.place = ? AND {fits}"
            rows += self._db.execute(statement, [self._account, place, *values]).fetchall()
        return sorted((row for row in rows if row[2] < below), key=_place, reverse=True)[:limit]

    def _by_place(self, one: Alternative, below: int, limit: int) -> list[Row]:
        row, values = _probed(one, self._account)
        return self._db.execute(
            f"SELECT {_COLUMNS} FROM messages m WHERE m.account = ? AND m.place >= ? AND m.place < ?{row}"
            " ORDER BY m.place DESC LIMIT ?",
            [self._account, one.since, below, *values, limit],
        ).fetchall()

    def _by_words(self, one: Alternative, below: int, limit: int) -> list[Row]:
        words = table(self._account)
        row = f" AND {one.row}" if one.row else ""
        values: list[Any] = [one.match, one.since, below, self._account, *one.values]
        if one.shelves is not None and one.shelves != self._standing.keys():
            row += " AND m.shelf IN (SELECT value FROM json_each(?))"
            values.append(json.dumps(sorted(one.shelves)))
        # CROSS JOIN: the index of words leads, in its own order. The plus has SQLite look each place up, where it
        # would walk all places below the limit.
        return self._db.execute(
            f"SELECT {_COLUMNS} FROM {words} w CROSS JOIN messages m ON m.place = +w.rowid WHERE {words} MATCH ?"
            f" AND w.rowid >= ? AND w.rowid < ? AND m.account = ?{row} ORDER BY w.rowid DESC LIMIT ?",
            [*values, limit],
        ).fetchall()

    def _by_shelf(self, one: Alternative, wanted: list[int], below: int, limit: int) -> list[Row]:
        """SQLite merges the shelves as it walks them, and stops at the limit."""
        row, values = _probed(one, self._account)
        walk = f"SELECT {_COLUMNS} FROM messages m WHERE m.shelf = ? AND m.place >= ? AND m.place < ?{row}"
        found: list[Row] = []
        for start in range(0, len(wanted), _ARMS):
            arms = wanted[start : start + _ARMS]
            statement = f"{' UNION ALL '.join([walk] * len(arms))} ORDER BY 3 DESC LIMIT ?"
            given = [value for shelf in arms for value in (shelf, one.since, below, *values)]
            found += self._db.execute(statement, [*given, limit]).fetchall()
        return found


def _probed(one: Alternative, account: int) -> tuple[str, list[Any]]:
    """The row's own condition and its words, asked of each row that is walked."""
    row, values = f" AND {one.row}" if one.row else "", list(one.values)
    if one.match:
        words = table(account)
        row += f" AND EXISTS (SELECT 1 FROM {words} WHERE {words} MATCH ? AND rowid = m.place)"
        values.append(one.match)
    return row, values


def _place(row: Row) -> int:
    return row[2]
