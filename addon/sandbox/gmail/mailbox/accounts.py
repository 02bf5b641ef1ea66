"""The local mailboxes and whose addresses they answer to."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from addon.sandbox.gmail.store import Store


@dataclass(frozen=True)
class Account:
    """A mailbox on this machine. `sub` is Google's stable number for the person."""

    number: int
    email: str
    name: str
    sub: str

    @property
    def domain(self) -> str:
        """What stands behind the @ of its address."""
        return self.email.rpartition("@")[2]


class UnknownMailbox(LookupError):
    """No mailbox on this machine has this address."""


class Accounts:
    """Adds and finds mailboxes. They are never renamed, so what is found may be kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, Account] = {}

    def add(self, email: str, *, name: str = "") -> Account:
        """Open a mailbox; the one that is there already is returned as it is."""
        folded = fold(email)
        with self._store.write() as db:
            if found := self._load(db, folded):
                return found
            start = random.randrange(100_000, 900_000)
            db.execute(
                "INSERT INTO accounts (email, name, sub, history, history_floor) VALUES (?, ?, ?, ?, ?)",
                (folded, name, f"1{random.randrange(10**20):020d}", start, start),
            )
            account = self._load(db, folded)
            assert account is not None
            db.execute(
                "INSERT INTO send_as (account, email, name, is_primary, is_default) VALUES (?, ?, ?, 1, 1)",
                (account.number, folded, name),
            )
        return account

    def get(self, email: str) -> Account:
        """The mailbox with exactly this address. Raises UnknownMailbox."""
        folded = fold(email)
        if account := self._known.get(folded):
            return account
        with self._store.read() as db:
            if found := self._load(db, folded):
                self._known[folded] = found
                return found
        raise UnknownMailbox(f"No mailbox {email} on this machine.")

    def by_number(self, number: int) -> Account:
        """The mailbox of this number; it must exist."""
        with self._store.read() as db:
            row = db.execute("SELECT number, email, name, sub FROM accounts WHERE number = ?", (number,)).fetchone()
        return Account(*row)

    def receiving(self, address: str) -> Account | None:
        """The mailbox that mail to this address reaches: its own, a +tag of it, or an alias; None if outside."""
        local, _, domain = fold(address).rpartition("@")
        for candidate in dict.fromkeys((f"{local}@{domain}", f"{local.partition('+')[0]}@{domain}")):
            try:
                return self.get(candidate)
            except UnknownMailbox:
                continue
        with self._store.read() as db:
            row = db.execute(
                "SELECT account FROM send_as WHERE email = ? AND receives LIMIT 1", (f"{local}@{domain}",)
            ).fetchone()
        return self.by_number(row[0]) if row else None

    def __iter__(self) -> Iterator[Account]:
        with self._store.read() as db:
            rows = db.execute("SELECT number, email, name, sub FROM accounts ORDER BY number").fetchall()
        return iter([Account(*row) for row in rows])

    @staticmethod
    def _load(db: sqlite3.Connection, folded: str) -> Account | None:
        row = db.execute("SELECT number, email, name, sub FROM accounts WHERE email = ?", (folded,)).fetchone()
        return Account(*row) if row else None


def fold(address: str) -> str:
    """An address as it is compared: without blanks around it, in lower case."""
    return address.strip().lower()
