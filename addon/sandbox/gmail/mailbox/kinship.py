"""Which mails of a load belong to one thread, in whichever order they come, in one start or in several."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from hashlib import blake2b

from addon.sandbox.gmail.mailbox import conversations
from addon.sandbox.gmail.mailbox.old_mail import Old


def remember(db: sqlite3.Connection, account: int, keys: Sequence[int], thread: int) -> None:
    """Mails with one of these keys belong to this thread."""
    db.executemany(
        "INSERT OR IGNORE INTO load_threads (account, key, thread) VALUES (?, ?, ?)",
        [(account, key, thread) for key in keys],
    )


def thread_of(db: sqlite3.Connection, account: int, old: Old, keys: Sequence[int]) -> int | None:
    """The thread of a mail loaded before that shares a key; else what the headers say of mails that were here."""
    marks = ", ".join("?" * len(keys))
    row = db.execute(
        f"SELECT thread FROM load_threads WHERE account = ? AND key IN ({marks}) ORDER BY thread LIMIT 1",
        (account, *keys),
    ).fetchone()
    if row:
        return int(row[0])
    return None if old.thread else conversations.joined(db, account, old.mail)


def keys_of(old: Old) -> list[int]:
    """What mails of one thread have in common, in whichever order they come.

    Its name in the source; or its own id, the first and the last that it answers, each with its subject: a reply may
    lie before the mail that it answers.
    """
    if old.thread:
        return [_hash(f"thread {old.thread}")]
    named = old.mail.references
    ids = dict.fromkeys((old.mail.message_id, *named[:1], *named[-1:]))
    topic = old.mail.topic
    return [_hash(f"{one}\n{topic}") for one in ids if one]


def _hash(text: str) -> int:
    octets = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(octets, digest_size=8).digest(), "big", signed=True)
