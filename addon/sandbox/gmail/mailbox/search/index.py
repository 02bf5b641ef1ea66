"""The index of words: it is brought up to date when somebody searches, so that sending never waits for it."""

from __future__ import annotations

import sqlite3

from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.gmail.mailbox.payload import body_text, filenames
from addon.sandbox.gmail.store import Store

_SLICE = 200
_INSERT = (
    "INSERT INTO words (rowid, sender, receiver, cc, bcc, subject, body, filename, list, delivered)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def catch_up(store: Store) -> None:
    """Index every mail that came since the last search, a slice at a time. Others may write between slices."""
    while _one_slice(store):
        pass


def _one_slice(store: Store) -> bool:
    with store.read() as db:
        if not _waiting(db, 1):
            return False
    with store.write() as db:
        rows = _waiting(db, _SLICE)
        for number, raw in rows:
            _index(db, int(number), bytes(raw))
        if rows:
            db.execute("INSERT OR REPLACE INTO marks (name, value) VALUES ('indexed', ?)", (rows[-1][0],))
    return len(rows) == _SLICE


def _waiting(db: sqlite3.Connection, limit: int) -> list[tuple[int, bytes]]:
    """Numbers rise with time and are never used twice, so the highest indexed one says it all."""
    return db.execute(
        "SELECT message, raw FROM contents"
        " WHERE message > coalesce((SELECT value FROM marks WHERE name = 'indexed'), 0) ORDER BY message LIMIT ?",
        (limit,),
    ).fetchall()


def _index(db: sqlite3.Connection, number: int, raw: bytes) -> None:
    mail = Mail(raw)
    files = filenames(raw)
    people = [" ".join(mail.all(name)) for name in ("From", "To", "Cc", "Bcc")]
    rest = (mail.first("Subject"), body_text(raw), " ".join(files), mail.first("List-Id"), mail.first("Delivered-To"))
    db.execute(_INSERT, (number, *people, *rest))
    if files:
        db.execute("UPDATE messages SET attached = 1 WHERE id = ?", (number,))
