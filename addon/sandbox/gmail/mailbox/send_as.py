"""The addresses an account may put in From, with the signature and the answering address of each.

Exactly one is the default and exactly one the account's own. An address of another domain must be confirmed by whoever
reads its mail before it may be used. Signatures are kept for whoever composes mails; sending adds none.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from addon.sandbox.gmail.errors import ApiError, invalid, not_found
from addon.sandbox.gmail.mailbox.accounts import Account, fold
from addon.sandbox.gmail.mailbox.confirming import Confirming, checked_address, fresh_code
from addon.sandbox.gmail.mailbox.markup import sanitized
from addon.sandbox.gmail.store import Store

_COLUMNS = "email, name, reply_to, signature, is_primary, is_default, verified, treat_as_alias, relay"
_SECURITY = frozenset({"none", "ssl", "starttls"})


class SendAs:
    """Lists, makes and changes the account's own address and its aliases."""

    def __init__(self, store: Store, confirming: Confirming) -> None:
        self._store, self._confirming = store, confirming
        self._known: dict[int, frozenset[str]] = {}

    def add(self, account: Account, email: str, *, name: str = "", signature: str = "", verified: bool = True) -> None:
        """Let the account send as this address too, as its administrator may; mail to it reaches the account."""
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

    def default(self, account: Account) -> dict[str, Any]:
        """The one that new mails are sent as."""
        return next(entry for entry in self.list(account) if entry["isDefault"])

    def create(self, account: Account, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Make an alias; one of another domain stays pending until it is confirmed. 400 nonsense, 409 a double."""
        email = checked_address(wanted.get("sendAsEmail"), "sendAsEmail")
        accepted = email.rpartition("@")[2] == account.domain
        with self._store.write() as db:
            found = db.execute("SELECT 1 FROM send_as WHERE account = ? AND email = ?", (account.number, email))
            if found.fetchone():
                raise ApiError("alreadyExists", "Send-as alias already exists")
            db.execute(
                "INSERT INTO send_as (account, email, verified, receives, treat_as_alias) VALUES (?, ?, ?, 0, 0)",
                (account.number, email, accepted),
            )
            self._write(db, account, email, wanted, _written({}, wanted))
            if not accepted:
                self._ask(db, account, email)
            self._store.after_commit(lambda: self._forget(account))
        return self.get(account, email)

    def change(self, account: Account, email: str, wanted: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
        """Change an alias; `whole` (PUT) empties what is not named. 404 where the account has no such address."""
        with self._store.write() as db:
            known = self.get(account, email)
            written = _written({} if whole else known, wanted)
            self._write(db, account, str(known["sendAsEmail"]), wanted, written)
            return self.get(account, email)

    def delete(self, account: Account, email: str) -> None:
        """Send as this address no more; the account's own stays, and becomes the default where that one went."""
        with self._store.write() as db:
            known = self.get(account, email)
            if known.get("isPrimary"):
                raise invalid("Cannot delete the primary send-as address")
            db.execute("DELETE FROM send_as WHERE account = ? AND email = ?", (account.number, known["sendAsEmail"]))
            if known["isDefault"]:
                _make_default(db, account, account.email)
            self._store.after_commit(lambda: self._forget(account))

    def verify(self, account: Account, email: str) -> None:
        """Ask for the confirmation once more. 400 where there is nothing left to confirm."""
        with self._store.write() as db:
            known = self.get(account, email)
            if known.get("verificationStatus") != "pending":
                raise ApiError("failedPrecondition", "The send-as alias is not pending verification")
            self._ask(db, account, str(known["sendAsEmail"]))

    def accept(self, account: Account, email: str) -> bool:
        """Whoever reads the mail of this address has agreed; whether they had been asked."""
        with self._store.write() as db:
            done = db.execute(
                "UPDATE send_as SET verified = 1, code = '' WHERE account = ? AND email = ?",
                (account.number, fold(email)),
            )
            self._store.after_commit(lambda: self._forget(account))
        return done.rowcount > 0

    def _ask(self, db: sqlite3.Connection, account: Account, email: str) -> None:
        code = fresh_code()
        db.execute("UPDATE send_as SET code = ? WHERE account = ? AND email = ?", (code, account.number, email))
        self._confirming.ask(db, account, email, f"Send Mail as {email}", code)

    def _write(
        self,
        db: sqlite3.Connection,
        account: Account,
        email: str,
        wanted: Mapping[str, Any],
        written: Mapping[str, Any],
    ) -> None:
        db.execute(
            "UPDATE send_as SET name = ?, reply_to = ?, signature = ?, treat_as_alias = ?, relay = ?"
            " WHERE account = ? AND email = ?",
            [*written.values(), account.number, email],
        )
        if "isDefault" not in wanted:
            return
        known = self.get(account, email)
        if known["isDefault"] and wanted["isDefault"] is not True:
            raise invalid("Cannot unset the default send-as address; set another one instead")
        if wanted["isDefault"] is True:
            if known.get("verificationStatus") == "pending":
                raise ApiError("failedPrecondition", "A pending send-as alias cannot be the default")
            _make_default(db, account, email)

    def _forget(self, account: Account) -> None:
        self._known.pop(account.number, None)


def _written(known: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The columns to write, in the order of `_write`: what is wanted over what is known."""
    texts = {key: _text(wanted, key, str(known.get(key, ""))) for key in ("displayName", "replyToAddress", "signature")}
    if texts["replyToAddress"]:
        texts["replyToAddress"] = checked_address(texts["replyToAddress"], "replyToAddress")
    relay = _relay(wanted["smtpMsa"]) if wanted.get("smtpMsa") else known.get("smtpMsa")
    return {
        "name": " ".join(texts["displayName"].split()),
        "reply_to": texts["replyToAddress"],
        "signature": sanitized(texts["signature"]),
        "treat_as_alias": bool(wanted.get("treatAsAlias", known.get("treatAsAlias", False))),
        "relay": json.dumps(relay) if relay else "",
    }


def _text(wanted: Mapping[str, Any], key: str, otherwise: str) -> str:
    value = wanted.get(key, otherwise)
    if not isinstance(value, str | None):
        raise invalid(f"Invalid value at 'send_as.{key}' (TYPE_STRING)")
    return value or ""


def _relay(wanted: object) -> dict[str, Any]:
    """An SMTP service without its password, which is never shown again (nor used: mails leave by this simulator)."""
    given = wanted if isinstance(wanted, dict) else {}
    host, port, security = given.get("host"), given.get("port"), given.get("securityMode")
    if not isinstance(host, str) or not host or security not in _SECURITY:
        raise invalid("Invalid SMTP service")
    if not isinstance(port, int) or not 0 < port < 65_536:
        raise invalid("Invalid SMTP port")
    return {"host": host, "port": port, "securityMode": security}


def _make_default(db: sqlite3.Connection, account: Account, email: str) -> None:
    db.execute("UPDATE send_as SET is_default = (email = ?) WHERE account = ?", (email, account.number))


def _shown(
    email: str,
    name: str,
    reply_to: str,
    signature: str,
    is_primary: int,
    is_default: int,
    verified: int,
    treat_as_alias: int,
    relay: str,
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
    if relay:
        entry["smtpMsa"] = json.loads(relay)
    status = "accepted" if verified else "pending"
    return {**entry, "treatAsAlias": bool(treat_as_alias), "verificationStatus": status}
