"""Who may work in a mailbox besides its owner. Kept and shown; the REST interface opens no mailbox to them."""

from __future__ import annotations

import sqlite3
from typing import Any

from addon.sandbox.gmail.errors import ApiError, invalid, not_found
from addon.sandbox.gmail.mailbox.accounts import Account, Accounts, UnknownMailbox, fold
from addon.sandbox.gmail.mailbox.confirming import checked_address
from addon.sandbox.gmail.store import Store

_MOST = 25


class Delegates:
    """People of the same domain, by their mailboxes' own addresses."""

    def __init__(self, store: Store, accounts: Accounts) -> None:
        self._store, self._accounts = store, accounts

    def list(self, account: Account) -> list[dict[str, str]]:
        """All of them as `settings.delegates.list` answers."""
        with self._store.read() as db:
            rows = db.execute("SELECT email FROM delegates WHERE account = ? ORDER BY email", (account.number,))
            return [_shown(str(row[0])) for row in rows.fetchall()]

    def get(self, account: Account, email: str) -> dict[str, str]:
        """One of them; 404 for anybody else."""
        if _shown(fold(email)) not in self.list(account):
            raise not_found()
        return _shown(fold(email))

    def create(self, account: Account, email: Any) -> dict[str, str]:
        """Let somebody in. 400 unless it is a colleague with a mailbox here, 409 for a double."""
        wanted = checked_address(email, "delegateEmail")
        if wanted.rpartition("@")[2] != account.domain or wanted == account.email or not self._exists(wanted):
            raise invalid("Invalid delegate")
        if len(self.list(account)) >= _MOST:
            raise ApiError("failedPrecondition", "Too many delegates")
        with self._store.write() as db:
            try:
                db.execute("INSERT INTO delegates (account, email) VALUES (?, ?)", (account.number, wanted))
            except sqlite3.IntegrityError:
                raise ApiError("alreadyExists", "Delegate already exists") from None
        return _shown(wanted)

    def delete(self, account: Account, email: str) -> None:
        """Let somebody in no more; 404 where they were not."""
        with self._store.write() as db:
            done = db.execute("DELETE FROM delegates WHERE account = ? AND email = ?", (account.number, fold(email)))
            if not done.rowcount:
                raise not_found()

    def _exists(self, email: str) -> bool:
        try:
            self._accounts.get(email)
        except UnknownMailbox:
            return False
        return True


def _shown(email: str) -> dict[str, str]:
    return {"delegateEmail": email, "verificationStatus": "accepted"}
