"""The addresses an account may put in From."""

from __future__ import annotations

from typing import Any

from addon.sandbox.gmail.errors import not_found
from addon.sandbox.gmail.mailbox.accounts import Account, fold
from addon.sandbox.gmail.store import Store

_COLUMNS = "email, name, reply_to, signature, is_primary, is_default, verified"


class SendAs:
    """Lists the account's own address and its aliases."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[int, frozenset[str]] = {}

    def add(self, account: Account, email: str, *, name: str = "", signature: str = "", verified: bool = True) -> None:
        """Let the account send as this address too; mail to it reaches the account."""
        with self._store.write() as db:
            db.execute(
                "INSERT OR REPLACE INTO send_as (account, email, name, signature, verified) VALUES (?, ?, ?, ?, ?)",
                (account.number, fold(email), name, signature, verified),
            )
        self._known.pop(account.number, None)

    def addresses(self, account: Account) -> frozenset[str]:
        """The verified addresses, folded."""
        if account.number not in self._known:
            with self._store.read() as db:
                rows = db.execute("SELECT email FROM send_as WHERE account = ? AND verified", (account.number,))
                self._known[account.number] = frozenset(str(row[0]) for row in rows.fetchall())
        return self._known[account.number]

    def list(self, account: Account) -> list[dict[str, Any]]:
        """All of them as `settings.sendAs.list` answers, the account's own first."""
        with self._store.read() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM send_as WHERE account = ? ORDER BY is_primary DESC, email", (account.number,)
            ).fetchall()
        return [_shown(*row) for row in rows]

    def get(self, account: Account, email: str) -> dict[str, Any]:
        """One of them; 404 where the account has no such address."""
        wanted = fold(email)
        for entry in self.list(account):
            if entry["sendAsEmail"] == wanted:
                return entry
        raise not_found()


def _shown(
    email: str, name: str, reply_to: str, signature: str, is_primary: int, is_default: int, verified: int
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "sendAsEmail": email,
        "displayName": name,
        "replyToAddress": reply_to,
        "signature": signature,
        "isDefault": bool(is_default),
    }
    if is_primary:
        return {**entry, "isPrimary": True}
    return {**entry, "treatAsAlias": True, "verificationStatus": "accepted" if verified else "pending"}
