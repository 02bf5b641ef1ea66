"""Files of earlier versions: opened as they are, and brought up to date once, in place."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict

from addon.sandbox.gmail.schema import LATER_COLUMNS, TABLES
from addon.sandbox.gmail.shelving import ALL_MAIL, UNREAD, place_of

_VERSION = 1


def make_tables(db: sqlite3.Connection) -> None:
    """Make what a file lacks; what it holds already stays. Interrupted, it is done again at the next opening."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    known = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}
    db.execute("BEGIN IMMEDIATE")
    try:
        outdated = "messages" in known and version < _VERSION
        if outdated:
            _widen(db)
        for statement in TABLES.split(";"):
            db.execute(statement)
        _add_later_columns(db)
        if outdated:
            _fill(db)
        db.execute(f"PRAGMA user_version = {_VERSION}")
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def _add_later_columns(db: sqlite3.Connection) -> None:
    for table, column, kind in LATER_COLUMNS:
        if column not in _columns(db, table):
            db.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")


def _columns(db: sqlite3.Connection, table: str) -> set[str]:
    return {name for _, name, *_ in db.execute(f"PRAGMA table_info({table})").fetchall()}


def _widen(db: sqlite3.Connection) -> None:
    """Before there were shelves, `placements` had a row for each label of a mail, and mailboxes shared `words`."""
    db.execute("DROP TABLE IF EXISTS placements")
    db.execute("DROP TABLE IF EXISTS words")
    db.execute("DROP INDEX IF EXISTS messages_by_date")
    for column in ("hidden", "attached"):
        if column in _columns(db, "messages"):
            db.execute(f"ALTER TABLE messages DROP COLUMN {column}")
    db.execute("ALTER TABLE accounts ADD COLUMN arrived INTEGER NOT NULL DEFAULT 0")
    for column in ("place", "shelf"):
        db.execute(f"ALTER TABLE messages ADD COLUMN {column} INTEGER NOT NULL DEFAULT 0")


def _fill(db: sqlite3.Connection) -> None:
    arrived: Counter[int] = Counter()
    shelves: dict[tuple[int, str], int] = {}
    standing: Counter[int] = Counter()
    by_thread: dict[tuple[int, int, str], list[int]] = defaultdict(lambda: [0, 0])
    for number, account, thread, date, text in db.execute(
        "SELECT id, account, thread, date, labels FROM messages ORDER BY id"
    ).fetchall():
        labels = sorted(set(text.split()))
        arrived[account] += 1
        shelf = shelves.setdefault((account, " ".join(labels)), len(shelves) + 1)
        standing[shelf] += 1
        for label in (*labels, ALL_MAIL):
            tallied = by_thread[account, thread, label]
            tallied[0] += 1
            tallied[1] += UNREAD in labels
        place = place_of(date, arrived[account])
        db.execute("UPDATE messages SET place = ?, shelf = ? WHERE id = ?", (place, shelf, number))
    db.executemany(
        "INSERT INTO shelves (id, account, labels, messages) VALUES (?, ?, ?, ?)",
        [(shelf, account, labels, standing[shelf]) for (account, labels), shelf in shelves.items()],
    )
    db.executemany("UPDATE accounts SET arrived = ? WHERE number = ?", [(n, account) for account, n in arrived.items()])
    db.executemany(
        "INSERT INTO thread_labels (account, thread, label, messages, unread) VALUES (?, ?, ?, ?, ?)",
        [(*key, *many) for key, many in by_thread.items()],
    )
    db.execute(
        "INSERT INTO tallies (account, label, threads, unread)"
        " SELECT account, label, count(*), sum(unread > 0) FROM thread_labels GROUP BY account, label"
    )
    _trace(db)


def _trace(db: sqlite3.Connection) -> None:
    for account, number, kind, labels, changed in db.execute(
        "SELECT account, id, kind, labels, changed FROM history"
    ).fetchall():
        db.executemany(
            "INSERT INTO traces (account, label, kind, id) VALUES (?, ?, ?, ?)",
            [(account, label, kind, number) for label in {*labels.split(), *changed.split(), ALL_MAIL}],
        )
