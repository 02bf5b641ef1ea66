"""The messages of a mailbox: stored, found, labelled, removed; each change with its history in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from addon import clock
from addon.sandbox.gmail import shelving
from addon.sandbox.gmail.errors import invalid, not_found
from addon.sandbox.gmail.ids import mint
from addon.sandbox.gmail.mailbox.accounts import Account
from addon.sandbox.gmail.mailbox.history import History, Kind
from addon.sandbox.gmail.mailbox.labels import Labels
from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.gmail.store import Store

_COLUMNS = "id, account, thread, date, history, size, labels, snippet"


@dataclass(frozen=True)
class Message:
    """A message without its content. `date` is Gmail's receipt time in milliseconds; `account` a mailbox's number."""

    id: int
    account: int
    thread: int
    date: int
    history: int
    size: int
    labels: tuple[str, ...]
    snippet: str | None


class Messages:
    """Stores and changes messages. `db` is an open transaction; what takes an Account opens its own."""

    def __init__(self, store: Store, history: History, labels: Labels) -> None:
        self._store, self._history, self._labels = store, history, labels

    def add(
        self,
        db: sqlite3.Connection,
        account: int,
        mail: Mail,
        labels: Iterable[str],
        *,
        thread: int | None = None,
        date: int | None = None,
    ) -> Message:
        """Store a mail and note it in the history; without a thread it begins one of its own."""
        number, raw, names = mint(), mail.raw(), tuple(dict.fromkeys(labels))
        date = int(clock.now().timestamp() * 1000) if date is None else date
        message = Message(number, account, number if thread is None else thread, date, 0, len(raw), names, None)
        history = self._history.record(db, account, Kind.ADDED, number, message.thread, names)
        stored = " ".join(names)
        place = shelving.new_place(db, account, date)
        shelf = shelving.shelve(db, account, message.thread, names)
        db.execute(
            "INSERT INTO messages (id, account, thread, date, history, size, rfc_id, topic, labels, place, shelf)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                number,
                account,
                message.thread,
                date,
                history,
                len(raw),
                mail.message_id,
                mail.topic,
                stored,
                place,
                shelf,
            ],
        )
        db.execute("INSERT INTO contents (message, raw) VALUES (?, ?)", (number, raw))
        return message

    def find(self, account: Account, number: int | None) -> Message:
        """One message of this mailbox; 404 for anybody else's."""
        with self._store.read() as db:
            return _load(db, account.number, number)

    def raw(self, message: Message) -> bytes:
        """The mail itself; 404 where it was removed meanwhile."""
        with self._store.read() as db:
            row = db.execute("SELECT raw FROM contents WHERE message = ?", (message.id,)).fetchone()
        if row is None:
            raise not_found()
        return bytes(row[0])

    def totals(self, account: Account) -> tuple[int, int, int]:
        """How many messages and threads the mailbox holds, and its history id, all of one moment."""
        with self._store.read() as db:
            (history,) = db.execute("SELECT history FROM accounts WHERE number = ?", (account.number,)).fetchone()
            counted = shelving.counts(db, account.number)
        return counted["messagesTotal"], counted["threadsTotal"], int(history)

    def keep_snippet(self, message: Message, snippet: str) -> None:
        """Remember a snippet once made, so that lists need not read the mail again."""
        with self._store.write() as db:
            db.execute("UPDATE messages SET snippet = ? WHERE id = ?", (snippet, message.id))

    def in_thread(self, db: sqlite3.Connection, account: int, thread: int) -> list[Message]:
        """The messages of a thread, oldest first."""
        rows = db.execute(
            f"SELECT {_COLUMNS} FROM messages WHERE account = ? AND thread = ? ORDER BY date, id", (account, thread)
        )
        return [_message(row) for row in rows.fetchall()]

    def modify(
        self, account: Account, numbers: Sequence[int | None], add: Sequence[str], remove: Sequence[str]
    ) -> list[Message]:
        """Add and remove labels; all of it or, with a 400 or 404, none of it."""
        if set(add) & set(remove):
            raise invalid("Cannot both add and remove the same label")
        with self._store.write() as db:
            self._labels.check(db, account.number, [*add, *remove])
            found = [_load(db, account.number, number) for number in numbers]
            if not {*add, *remove} <= {"TRASH"} and any("DRAFT" in message.labels for message in found):
                raise invalid("Labels cannot be set on drafts")
            return [self.relabel(db, message, add, remove) for message in found]

    def relabel(self, db: sqlite3.Connection, message: Message, add: Sequence[str], remove: Sequence[str]) -> Message:
        """Change the labels of one message; what changes nothing leaves no trace in the history."""
        added = tuple(label for label in dict.fromkeys(add) if label not in message.labels)
        removed = tuple(label for label in message.labels if label in set(remove))
        if not added and not removed:
            return message
        labels = tuple(label for label in message.labels if label not in removed) + added
        history = message.history
        for kind, changed in ((Kind.LABELS_ADDED, added), (Kind.LABELS_REMOVED, removed)):
            if changed:
                history = self._history.record(db, message.account, kind, message.id, message.thread, labels, changed)
        shelving.unshelve(db, message.account, message.thread, message.labels)
        shelf = shelving.shelve(db, message.account, message.thread, labels)
        db.execute(
            "UPDATE messages SET labels = ?, shelf = ?, history = ? WHERE id = ?",
            (" ".join(labels), shelf, history, message.id),
        )
        return replace(message, labels=labels, history=history)

    def remove(self, db: sqlite3.Connection, message: Message) -> None:
        """Purge a message, the draft around it too."""
        self._history.record(db, message.account, Kind.DELETED, message.id, message.thread, message.labels)
        shelving.unshelve(db, message.account, message.thread, message.labels)
        db.execute("DELETE FROM drafts WHERE message = ?", (message.id,))
        db.execute("DELETE FROM messages WHERE id = ?", (message.id,))

    def delete(self, account: Account, numbers: Sequence[int | None], *, strict: bool = True) -> None:
        """Purge messages of this mailbox; unless `strict`, ids it does not have are passed over."""
        with self._store.write() as db:
            for number in numbers:
                if strict or _exists(db, account.number, number):
                    self.remove(db, _load(db, account.number, number))

    def drop_label(self, account: Account, label: str) -> None:
        """Delete a label of the mailbox's own and take it from all its messages."""
        with self._store.write() as db:
            self._labels.forget(account, label)
            for shelf, labels, _ in shelving.shelves(db, account.number):
                if label in labels:
                    rows = db.execute(f"SELECT {_COLUMNS} FROM messages WHERE shelf = ?", (shelf,)).fetchall()
                    for row in rows:
                        self.relabel(db, _message(row), (), (label,))


def _load(db: sqlite3.Connection, account: int, number: int | None) -> Message:
    row = db.execute(f"SELECT {_COLUMNS} FROM messages WHERE id = ? AND account = ?", (number, account)).fetchone()
    if row is None:
        raise not_found()
    return _message(row)


def _exists(db: sqlite3.Connection, account: int, number: int | None) -> bool:
    found = db.execute("SELECT 1 FROM messages WHERE id = ? AND account = ?", (number, account)).fetchone()
    return found is not None


def _message(row: tuple[int, int, int, int, int, int, str, str | None]) -> Message:
    number, account, thread, date, history, size, labels, snippet = row
    return Message(number, account, thread, date, history, size, tuple(labels.split()), snippet)
