"""The index of words: it is brought up to date when somebody searches, so that sending never waits for it.

Each mailbox has a table of its own, whose rows stand in the order of listings: the newest mails with a word are read
without reading the others.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.gmail.mailbox.payload import body_and_files
from addon.sandbox.gmail.mailbox.search.folding import words
from addon.sandbox.gmail.schema import WORDS
from addon.sandbox.gmail.store import Store

EVERY = "every"
"""A trait of each mail."""

_SLICE = 200
_LONGEST = 1_000_000
_LISTS = ("List-Id", "List-Post", "Mailing-List")
_LINKS = {
    "drive": ("drive.google.com", "docs.google.com"),
    "document": ("docs.google.com/document",),
    "spreadsheet": ("docs.google.com/spreadsheets",),
    "presentation": ("docs.google.com/presentation",),
    "youtube": ("youtube.com/", "youtu.be/"),
}


def table(account: int) -> str:
    """The name of a mailbox's index."""
    return f"words_{account:d}"


def size_trait(size: int) -> str:
    """What mails of about this many bytes have in common: the number of bits in it."""
    return f"size{size.bit_length()}"


def catch_up(store: Store, account: int) -> None:
    """Index every mail that came since the last search, a slice at a time. Others may write between slices."""
    while _one_slice(store, account):
        pass


def _one_slice(store: Store, account: int) -> bool:
    with store.read() as db:
        if not _is_behind(db, account):
            return False
    with store.write() as db:
        db.execute(WORDS.format(table=table(account)))
        rows = db.execute(
            "SELECT m.id, m.place, m.size, c.raw FROM messages m JOIN contents c ON c.message = m.id"
            " WHERE m.id > ? AND m.account = ? ORDER BY m.id LIMIT ?",
            (_mark(db, account), account, _SLICE),
        ).fetchall()
        columns = "rowid, sender, receiver, cc, bcc, subject, body, filename, list, delivered, traits"
        db.executemany(
            f"INSERT INTO {table(account)} ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            sorted((place, *_entry(bytes(raw), size)) for _, place, size, raw in rows),
        )
        more = len(rows) == _SLICE
        # Numbers rise with time and are never used twice, so the highest indexed one says it all.
        (highest,) = (rows[-1][0],) if more else db.execute("SELECT coalesce(max(id), 0) FROM messages").fetchone()
        db.execute("INSERT OR REPLACE INTO marks (name, value) VALUES (?, ?)", (_name(account), highest))
    return more


def _is_behind(db: sqlite3.Connection, account: int) -> bool:
    mark = _mark(db, account)
    return mark < 0 or db.execute("SELECT 1 FROM messages WHERE id > ? LIMIT 1", (mark,)).fetchone() is not None


def _mark(db: sqlite3.Connection, account: int) -> int:
    """The number of the last mail that was indexed; -1 where there is no index yet."""
    row = db.execute("SELECT value FROM marks WHERE name = ?", (_name(account),)).fetchone()
    return -1 if row is None else int(row[0])


def _name(account: int) -> str:
    return f"indexed_{account:d}"


def _entry(raw: bytes, size: int) -> tuple[str, ...]:
    mail = Mail(raw)
    body, files = body_and_files(raw)
    body = body[:_LONGEST]
    texts = [
        *(" ".join(mail.all(name)) for name in ("From", "To", "Cc", "Bcc", "Subject")),
        body,
        # Something between two names, so that no phrase spans both.
        " fileend ".join(files),
        " ".join(mail.first(name) for name in _LISTS),
        " ".join(mail.all("Delivered-To")),
    ]
    return *(" ".join(words(text)) for text in texts), " ".join([EVERY, size_trait(size), *_traits(body, files)])


def _traits(body: str, files: list[str]) -> Iterator[str]:
    if files:
        yield "attachment"
    folded = body.lower()
    yield from (trait for trait, links in _LINKS.items() if any(link in folded for link in links))
