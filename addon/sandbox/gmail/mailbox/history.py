"""What happened in a mailbox, in order: the numbers rise with gaps, and old ones are forgotten."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from addon.sandbox.gmail.errors import ApiError, invalid, not_found
from addon.sandbox.gmail.faults import Faults
from addon.sandbox.gmail.ids import shown
from addon.sandbox.gmail.mailbox.accounts import Account
from addon.sandbox.gmail.mailbox.lateness import Lateness
from addon.sandbox.gmail.store import Store


class Kind(StrEnum):
    """The kinds of records, by the names that `historyTypes` uses."""

    ADDED = "messageAdded"
    DELETED = "messageDeleted"
    LABELS_ADDED = "labelAdded"
    LABELS_REMOVED = "labelRemoved"


_TOKEN = re.compile(r"[0-9]{1,18}")

_GAP = 37
"""The largest step between two history ids."""
_ANY = ""
"""Traces of a record whatever its labels are."""

_FIELD = {
    Kind.ADDED: "messagesAdded",
    Kind.DELETED: "messagesDeleted",
    Kind.LABELS_ADDED: "labelsAdded",
    Kind.LABELS_REMOVED: "labelsRemoved",
}


@dataclass(frozen=True)
class Change:
    """One record as listeners (the pushes) see it after the commit."""

    account: int
    id: int
    labels: tuple[str, ...]


def risen(db: sqlite3.Connection, account: int) -> tuple[int, int, str]:
    """Let a mailbox's history id rise by an uneven step, as Gmail's do: before, after, and the mailbox's address."""
    gap = random.randint(1, _GAP)
    number, email = db.execute(
        "UPDATE accounts SET history = history + ? WHERE number = ? RETURNING history, email", (gap, account)
    ).fetchone()
    return int(number) - gap, int(number), str(email)


class History:
    """Writes records in the transaction of the change itself, and pages through them."""

    def __init__(self, store: Store, faults: Faults) -> None:
        self._store = store
        self._lateness = Lateness(faults)
        self._listeners: list[Callable[[Change], None]] = []

    def on_change(self, listener: Callable[[Change], None]) -> None:
        """Call this after each committed change, outside locks."""
        self._listeners.append(listener)

    def record(
        self,
        db: sqlite3.Connection,
        account: int,
        kind: Kind,
        message: int,
        thread: int,
        labels: Sequence[str],
        changed: Sequence[str] = (),
    ) -> int:
        """Note a change of a message that carries `labels` after it; returns the record's number."""
        before, number, email = risen(db, account)
        self._lateness.note(account, email, before)
        db.execute(
            "INSERT INTO history (account, id, kind, message, thread, labels, changed) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (account, number, kind, message, thread, " ".join(labels), " ".join(changed)),
        )
        db.executemany(
            "INSERT INTO traces (account, label, kind, id) VALUES (?, ?, ?, ?)",
            [(account, label, kind, number) for label in {*labels, *changed, _ANY}],
        )
        change = Change(account, number, (*labels, *changed))
        for listener in self._listeners:
            self._store.after_commit(lambda listener=listener: listener(change))  # type: ignore[misc]
        return number

    def latest(self, account: Account) -> int:
        """The mailbox's present history id, as far as it may be seen."""
        with self._store.read() as db:
            (number,) = db.execute("SELECT history FROM accounts WHERE number = ?", (account.number,)).fetchone()
        return self.seen(account, int(number))

    def seen(self, account: Account, latest: int) -> int:
        """As far as this history id of the mailbox may be seen: a fault may make history late."""
        return self._lateness.seen(account.number, account.email, latest)

    def expire(self, account: Account) -> None:
        """Forget everything up to now: a cursor older than the present answers 404 from here on."""
        with self._store.write() as db:
            db.execute("UPDATE accounts SET history_floor = history WHERE number = ?", (account.number,))
            db.execute("DELETE FROM history WHERE account = ?", (account.number,))
            db.execute("DELETE FROM traces WHERE account = ?", (account.number,))

    def list(
        self,
        account: Account,
        start: int,
        *,
        kinds: Sequence[Kind] = (),
        label: str = "",
        limit: int = 100,
        token: str = "",
    ) -> dict[str, Any]:
        """The records after `start`, oldest first, as `history.list` answers them. 404 where forgotten."""
        if token and not _TOKEN.fullmatch(token):
            raise ApiError("invalidParameter", "Invalid pageToken")
        with self._store.read() as db:
            latest, floor = db.execute(
                "SELECT history, history_floor FROM accounts WHERE number = ?", (account.number,)
            ).fetchone()
            if start < floor or start > latest:
                raise not_found()
            latest = self.seen(account, latest)
            statement, values = _page(account.number, max(start, int(token or 0)), latest, kinds, label, limit + 1)
            rows = db.execute(statement, values).fetchall()
        answer: dict[str, Any] = {}
        if rows:
            answer["history"] = [_record(*row) for row in rows[:limit]]
        if len(rows) > limit:
            answer["nextPageToken"] = str(rows[limit - 1][0])
        return {**answer, "historyId": str(latest)}


def kinds_of(names: Sequence[str]) -> list[Kind]:
    """The kinds that a request names; 400 for an unknown one."""
    try:
        return [Kind(name) for name in names]
    except ValueError:
        raise invalid(f"Invalid value at 'history_types': {', '.join(names)}") from None


def _page(
    account: int, after: int, latest: int, kinds: Sequence[Kind], label: str, limit: int
) -> tuple[str, list[Any]]:
    """The records of one page, found by their traces: one walk for each kind, merged by number as far as needed."""
    columns = "h.id, h.kind, h.message, h.thread, h.labels, h.changed"
    if not label and set(kinds) in (set(), set(Kind)):
        where = "h.account = ? AND h.id > ? AND h.id <= ?"
        return f"SELECT {columns} FROM history h WHERE {where} ORDER BY h.id LIMIT ?", [account, after, latest, limit]
    wanted = list(dict.fromkeys(kinds)) or list(Kind)
    walk = "SELECT id FROM traces WHERE account = ? AND label = ? AND kind = ? AND id > ? AND id <= ?"
    found = f"{' UNION ALL '.join([walk] * len(wanted))} ORDER BY id LIMIT ?"
    values: list[Any] = [value for kind in wanted for value in (account, label or _ANY, kind, after, latest)]
    # CROSS JOIN keeps SQLite from walking the history for what the traces have found already.
    joined = f"SELECT {columns} FROM ({found}) t CROSS JOIN history h ON h.account = ? AND h.id = t.id ORDER BY h.id"
    return joined, [*values, limit, account]


def _record(number: int, kind: str, message: int, thread: int, labels: str, changed: str) -> dict[str, Any]:
    brief = {"id": shown(message), "threadId": shown(thread)}
    entry: dict[str, Any] = {"message": {**brief, **({"labelIds": labels.split()} if labels else {})}}
    if changed:
        entry["labelIds"] = changed.split()
    return {"id": str(number), "messages": [brief], _FIELD[Kind(kind)]: [entry]}
