"""Where a message stands: its place in the order of listings, the shelf of its labels, and what Gmail counts by them.

Everything here costs what the message touches: a count is changed, never counted again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

UNREAD = "UNREAD"
ALL_MAIL = ""
"""Stands for the whole mailbox where threads are tallied by label."""

_TIES = 21
"""Bits for the order of arrival within one millisecond."""
_LATEST = (1 << 42) - 1


def first_place(date: int) -> int:
    """The lowest place that a message of this date (milliseconds) may have."""
    return min(max(date, 0), _LATEST) << _TIES


def place_of(date: int, arrival: int) -> int:
    """The place of a message: newer ones stand higher; among equals, those that came later. Never used twice."""
    return first_place(date) | (arrival & ((1 << _TIES) - 1))


def new_place(db: sqlite3.Connection, account: int, date: int) -> int:
    """The place of a message that arrives now."""
    (arrival,) = db.execute(
        "UPDATE accounts SET arrived = arrived + 1 WHERE number = ? RETURNING arrived", (account,)
    ).fetchone()
    return place_of(date, arrival)


def shelve(db: sqlite3.Connection, account: int, thread: int, labels: Iterable[str]) -> int:
    """Count a message in; returns the shelf of its labels."""
    wanted = set(labels)
    (shelf,) = db.execute(
        "INSERT INTO shelves (account, labels, messages) VALUES (?, ?, 1)"
        " ON CONFLICT (account, labels) DO UPDATE SET messages = messages + 1 RETURNING id",
        (account, _written(wanted)),
    ).fetchone()
    unread = int(UNREAD in wanted)
    for label in (*wanted, ALL_MAIL):
        messages, unread_now = db.execute(
            "INSERT INTO thread_labels (account, thread, label, messages, unread) VALUES (?, ?, ?, 1, ?)"
            " ON CONFLICT DO UPDATE SET messages = messages + 1, unread = unread + excluded.unread"
            " RETURNING messages, unread",
            (account, thread, label, unread),
        ).fetchone()
        _tally(db, account, label, int(messages == 1), int(unread and unread_now == 1))
    return int(shelf)


def unshelve(db: sqlite3.Connection, account: int, thread: int, labels: Iterable[str]) -> None:
    """Count a message out that has stood with these labels."""
    held = set(labels)
    db.execute("UPDATE shelves SET messages = messages - 1 WHERE account = ? AND labels = ?", (account, _written(held)))
    unread = int(UNREAD in held)
    for label in (*held, ALL_MAIL):
        messages, unread_left = db.execute(
            "UPDATE thread_labels SET messages = messages - 1, unread = unread - ?"
            " WHERE account = ? AND thread = ? AND label = ? RETURNING messages, unread",
            (unread, account, thread, label),
        ).fetchone()
        if not messages:
            db.execute(
                "DELETE FROM thread_labels WHERE account = ? AND thread = ? AND label = ?", (account, thread, label)
            )
        _tally(db, account, label, -int(not messages), -int(unread and not unread_left))


def shelves(db: sqlite3.Connection, account: int) -> list[tuple[int, frozenset[str], int]]:
    """Every shelf of a mailbox that is not empty: its number, its labels and how many messages stand on it."""
    rows = db.execute("SELECT id, labels, messages FROM shelves WHERE account = ? AND messages > 0", (account,))
    return [(int(number), frozenset(labels.split()), int(messages)) for number, labels, messages in rows.fetchall()]


def counts(db: sqlite3.Connection, account: int, label: str = ALL_MAIL) -> dict[str, int]:
    """The four numbers of a label, under the names that Gmail's answers use."""
    standing = [(labels, many) for _, labels, many in shelves(db, account) if not label or label in labels]
    row = db.execute("SELECT threads, unread FROM tallies WHERE account = ? AND label = ?", (account, label)).fetchone()
    threads, unread = row or (0, 0)
    return {
        "messagesTotal": sum(many for _, many in standing),
        "messagesUnread": sum(many for labels, many in standing if UNREAD in labels),
        "threadsTotal": int(threads),
        "threadsUnread": int(unread),
    }


def _tally(db: sqlite3.Connection, account: int, label: str, threads: int, unread: int) -> None:
    if threads or unread:
        db.execute(
            "INSERT INTO tallies (account, label, threads, unread) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET threads = threads + excluded.threads, unread = unread + excluded.unread",
            (account, label, threads, unread),
        )


def _written(labels: set[str]) -> str:
    return " ".join(sorted(labels))
