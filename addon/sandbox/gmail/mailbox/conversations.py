"""Which thread a mail belongs to: the reply chain in its headers and its subject must agree."""

from __future__ import annotations

import sqlite3

from addon.sandbox.gmail.errors import not_found
from addon.sandbox.gmail.mailbox.mime import Mail

_MOST = 60


def joined(db: sqlite3.Connection, account: int, mail: Mail) -> int | None:
    """The thread of the newest mail here that this one answers under the same subject; None begins a new thread.

    A delivery report keeps its mail's thread under a subject of its own.
    """
    for thread, topic in _parents(db, account, mail):
        if mail.is_report or topic == mail.topic:
            return thread
    return None


def asked_for(db: sqlite3.Connection, account: int, mail: Mail, thread: int | None) -> int | None:
    """The thread that a request names, where the mail's headers and subject bear it out, else None.

    404 for a thread that this mailbox does not have.
    """
    if thread is None:
        return None
    if not exists(db, account, thread):
        raise not_found()
    fits = any(found == thread and topic == mail.topic for found, topic in _parents(db, account, mail))
    return thread if fits else None


def exists(db: sqlite3.Connection, account: int, thread: int) -> bool:
    """Whether the mailbox has a message in this thread."""
    row = db.execute("SELECT 1 FROM messages WHERE account = ? AND thread = ? LIMIT 1", (account, thread)).fetchone()
    return row is not None


def _parents(db: sqlite3.Connection, account: int, mail: Mail) -> list[tuple[int, str]]:
    """Thread and topic of the mails here that this one refers to, newest first."""
    ids = mail.references[-_MOST:]
    if not ids:
        return []
    marks = ", ".join("?" * len(ids))
    rows = db.execute(
        f"SELECT thread, topic FROM messages WHERE account = ? AND rfc_id IN ({marks}) ORDER BY date DESC, id DESC",
        (account, *ids),
    )
    return [(int(thread), str(topic)) for thread, topic in rows.fetchall()]
