"""The world outside: every mail that left a local mailbox for somebody who has none here, one row a recipient.

Counting these rows is counting what people really got.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from addon.sandbox.gmail.ids import shown
from addon.sandbox.gmail.mailbox.accounts import fold
from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.gmail.store import Store

_COLUMNS = "number, recipient, sender, message, rfc_id, subject, date, raw"


@dataclass(frozen=True)
class OutsideMail:
    """A mail as its recipient got it. `message_id` is the sender's Gmail id, `date` milliseconds of world time."""

    number: int
    recipient: str
    sender: str
    message_id: str
    rfc_id: str
    subject: str
    date: int
    raw: bytes

    def header(self, name: str) -> str:
        """The first header of this name, decoded; empty if absent."""
        return Mail(self.raw).first(name)


class Outside:
    """What the people out there have received."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def mails(self, to: str = "") -> list[OutsideMail]:
        """What one address received, oldest first; without an address, what everybody did."""
        return self._select("recipient = ?" if to else "?", fold(to) if to else 1)

    def after(self, number: int) -> list[OutsideMail]:
        """What has left since the mail of this number, oldest first, so that nobody's answer is lost in a restart."""
        return self._select("number > ?", number)

    def counts(self) -> dict[str, int]:
        """How many mails each address received."""
        with self._store.read() as db:
            rows = db.execute("SELECT recipient, count(*) FROM outside GROUP BY recipient").fetchall()
        return {str(recipient): int(many) for recipient, many in rows}

    def take(
        self, db: sqlite3.Connection, recipients: Iterable[str], *, sender: str, mail: Mail, message: int, date: int
    ) -> None:
        """Hand a mail to each of these addresses, in the sender's transaction."""
        rest = (sender, message, mail.message_id, mail.first("Subject"), date, mail.raw())
        db.executemany(
            "INSERT INTO outside (recipient, sender, message, rfc_id, subject, date, raw) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(recipient, *rest) for recipient in recipients],
        )

    def _select(self, where: str, value: str | int) -> list[OutsideMail]:
        with self._store.read() as db:
            rows = db.execute(f"SELECT {_COLUMNS} FROM outside WHERE {where} ORDER BY number", (value,)).fetchall()
        return [
            OutsideMail(number, recipient, sender, shown(message), rfc_id, subject, date, bytes(raw))
            for number, recipient, sender, message, rfc_id, subject, date, raw in rows
        ]
