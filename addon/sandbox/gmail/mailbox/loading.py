"""Puts mail that a person already has into a mailbox, many at a time, and remembers how far it came.

What is loaded was always there: it leaves no records in the history, so nobody is told of each mail. Whoever follows
the mailbox meanwhile learns it at the end, when older cursors expire and a full look is due, as Gmail has it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from addon.sandbox.gmail.errors import ApiError
from addon.sandbox.gmail.ids import mint
from addon.sandbox.gmail.mailbox import kinship
from addon.sandbox.gmail.mailbox.accounts import Account, Accounts
from addon.sandbox.gmail.mailbox.history import History, Kind, risen
from addon.sandbox.gmail.mailbox.labels import Labels
from addon.sandbox.gmail.mailbox.messages import Message, Messages
from addon.sandbox.gmail.mailbox.old_mail import ODD, Old, Reached, Slice, Trouble
from addon.sandbox.gmail.store import Store

_LONGEST_NAME = 225


class Loading:
    """Loads sources into mailboxes. A source is known by a name of the caller's choice."""

    def __init__(self, store: Store, accounts: Accounts, history: History, labels: Labels) -> None:
        self._store, self._accounts, self._history, self._labels = store, accounts, history, labels
        self._messages = Messages(store, _LongAgo(), labels)

    def reached(self, email: str, source: str) -> Reached:
        """How far this source is in; the beginning where it is new. Raises UnknownMailbox."""
        account = self._accounts.get(email)
        with self._store.read() as db:
            row = db.execute(
                "SELECT place, done, messages, broken, finished FROM loads WHERE account = ? AND source = ?",
                (account.number, source),
            ).fetchone()
        if row is None:
            return Reached()
        place, done, messages, broken, finished = row
        return Reached(place, done, messages, broken, bool(finished))

    def load(self, email: str, source: str, one: Slice) -> None:
        """Put a slice in, and note that it is: both or neither. Raises UnknownMailbox."""
        account = self._accounts.get(email)
        with self._store.write() as db:
            troubles = list(one.troubles)
            fresh = 0
            for old in one.mails:
                try:
                    fresh += self._put_whole(db, account, old)
                except (ValueError, sqlite3.IntegrityError, sqlite3.InterfaceError, ApiError):
                    troubles.append(Trouble(old.where, ODD))
            db.execute(
                "INSERT INTO loads (account, source, place, done, messages, broken) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (account, source) DO UPDATE SET place = excluded.place, done = excluded.done,"
                " messages = messages + excluded.messages, broken = broken + excluded.broken, finished = 0",
                (account.number, source, one.place, one.done, fresh, len(troubles)),
            )
            db.executemany(
                "INSERT INTO load_troubles (account, source, place, why) VALUES (?, ?, ?, ?)",
                [(account.number, source, trouble.where, trouble.why) for trouble in troubles],
            )

    def finish(self, email: str, source: str) -> None:
        """All of the source is in: whoever follows the mailbox has to look anew."""
        account = self._accounts.get(email)
        with self._store.write() as db:
            changed = db.execute(
                "UPDATE loads SET finished = 1 WHERE account = ? AND source = ? AND NOT finished",
                (account.number, source),
            ).rowcount
            if changed:
                self._history.expire(account)

    def troubles(self, email: str, source: str) -> list[Trouble]:
        """What could not be read, in the source's order."""
        account = self._accounts.get(email)
        with self._store.read() as db:
            rows = db.execute(
                "SELECT place, why FROM load_troubles WHERE account = ? AND source = ? ORDER BY rowid",
                (account.number, source),
            ).fetchall()
        return [Trouble(*row) for row in rows]

    def _put_whole(self, db: sqlite3.Connection, account: Account, old: Old) -> bool:
        """Store one mail with all that belongs to it; what was never meant to be text may refuse to be stored."""
        db.execute("SAVEPOINT one_mail")
        try:
            return self._put(db, account, old)
        except BaseException:
            db.execute("ROLLBACK TO one_mail")
            raise
        finally:
            db.execute("RELEASE one_mail")

    def _put(self, db: sqlite3.Connection, account: Account, old: Old) -> bool:
        """Store one mail; False where it was here and only got labels."""
        labels = (*old.labels, *(self._label(db, account, name) for name in old.names))
        keys = kinship.keys_of(old)
        thread = kinship.thread_of(db, account.number, old, keys)
        if old.twice and thread is not None and (twin := self._twin(db, account, old, thread)):
            self._messages.relabel(db, twin, labels, ())
            return False
        message = self._messages.add(db, account.number, old.mail, labels, thread=thread, date=old.at)
        if "DRAFT" in labels:
            db.execute(
                "INSERT INTO drafts (id, account, message) VALUES (?, ?, ?)", (mint(), account.number, message.id)
            )
        kinship.remember(db, account.number, keys, message.thread)
        return True

    def _twin(self, db: sqlite3.Connection, account: Account, old: Old, thread: int) -> Message | None:
        rows = db.execute(
            "SELECT id FROM messages WHERE account = ? AND rfc_id = ? AND thread = ? AND date = ?",
            (account.number, old.mail.message_id, thread, old.at),
        ).fetchall()
        raw = old.mail.raw()
        for (number,) in rows:
            message = self._messages.find(account, number)
            if self._messages.raw(message) == raw:
                return message
        return None

    def _label(self, db: sqlite3.Connection, account: Account, name: str) -> str:
        """The id of the person's label of this name, which is made where it is new."""
        name = name[:_LONGEST_NAME].strip()
        row = db.execute(
            "SELECT id FROM labels WHERE account = ? AND folded = ?", (account.number, name.lower())
        ).fetchone()
        if row:
            return str(row[0])
        try:
            return str(self._labels.create(account, {"name": name})["id"])
        except ApiError:  # a folder that bears the name of one of Gmail's own labels, or more labels than Gmail takes
            return self._label(db, account, f"{name} (folder)") if not name.endswith(" (folder)") else "IMPORTANT"


class _LongAgo(History):
    """A history that numbers what is stored, and keeps no record of it."""

    def __init__(self) -> None:
        """It tells nobody anything, so it needs nothing."""

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
        return risen(db, account)[1]
