"""Where a mailbox may forward to, and whether all that comes in is forwarded."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from addon.sandbox.gmail.errors import ApiError, not_found
from addon.sandbox.gmail.mailbox.accounts import Account, fold
from addon.sandbox.gmail.mailbox.confirming import Confirming, checked_address, fresh_code
from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.gmail.mailbox.preferences import DISPOSITIONS, Preferences, choice, yes_or_no
from addon.sandbox.gmail.store import Store

_AUTO = "autoForwarding"
_LEFT: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "leaveInInbox": ((), ()),
    "archive": ((), ("INBOX",)),
    "trash": (("TRASH",), ("INBOX",)),
    "markRead": ((), ("UNREAD",)),
}


class Forwarding:
    """Addresses outside the mailbox's own domain must be confirmed by their owner before anything goes there."""

    def __init__(self, store: Store, preferences: Preferences, confirming: Confirming) -> None:
        self._store, self._preferences, self._confirming = store, preferences, confirming

    def list(self, account: Account) -> list[dict[str, str]]:
        """All addresses as `settings.forwardingAddresses.list` answers them."""
        with self._store.read() as db:
            rows = db.execute(
                "SELECT email, verified FROM forwarding_addresses WHERE account = ? ORDER BY email", (account.number,)
            ).fetchall()
        return [_shown(*row) for row in rows]

    def get(self, account: Account, email: str) -> dict[str, str]:
        """One of them; 404 for any other."""
        for entry in self.list(account):
            if entry["forwardingEmail"] == fold(email):
                return entry
        raise not_found()

    def may_go_to(self, account: Account, email: str) -> bool:
        """Whether this address was added and confirmed."""
        return {"forwardingEmail": fold(email), "verificationStatus": "accepted"} in self.list(account)

    def create(self, account: Account, wanted: Mapping[str, Any]) -> dict[str, str]:
        """Add an address; one of another domain is pending until it is confirmed. 409 for a double."""
        email = checked_address(wanted.get("forwardingEmail"), "forwardingEmail")
        accepted, code = email.rpartition("@")[2] == account.domain, fresh_code()
        with self._store.write() as db:
            try:
                db.execute(
                    "INSERT INTO forwarding_addresses (account, email, verified, code) VALUES (?, ?, ?, ?)",
                    (account.number, email, accepted, code),
                )
            except sqlite3.IntegrityError:
                raise ApiError("alreadyExists", "Forwarding address already exists") from None
            if not accepted:
                self._confirming.ask(db, account, email, f"Receive Mail from {account.email}", code)
        return _shown(email, accepted)

    def accept(self, account: Account, email: str) -> bool:
        """The owner of the address has agreed; whether they had been asked."""
        with self._store.write() as db:
            done = db.execute(
                "UPDATE forwarding_addresses SET verified = 1 WHERE account = ? AND email = ?",
                (account.number, fold(email)),
            )
        return done.rowcount > 0

    def delete(self, account: Account, email: str) -> None:
        """Forget an address; forwarding everything there ends with it."""
        known = self.get(account, email)["forwardingEmail"]
        with self._store.write() as db:
            db.execute("DELETE FROM forwarding_addresses WHERE account = ? AND email = ?", (account.number, known))
            if self.auto(account).get("emailAddress") == known:
                self._preferences.put(db, account, _AUTO, {"enabled": False})

    def auto(self, account: Account) -> dict[str, Any]:
        """What `settings.getAutoForwarding` answers."""
        return self._preferences.get(account, _AUTO) or {"enabled": False}

    def update_auto(self, account: Account, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Forward everything, or no longer. 400 unless the address is confirmed and the disposition known."""
        yes_or_no(wanted, "enabled")
        value: dict[str, Any] = {"enabled": bool(wanted.get("enabled"))}
        if value["enabled"]:
            value["emailAddress"] = checked_address(wanted.get("emailAddress"), "emailAddress")
            value["disposition"] = wanted.get("disposition")
            choice(value["disposition"], DISPOSITIONS, "auto_forwarding.disposition")
            if not self.may_go_to(account, value["emailAddress"]):
                raise ApiError("failedPrecondition", "Unrecognized forwarding address")
        with self._store.write() as db:
            self._preferences.put(db, account, _AUTO, value)
        return value

    def everything(self, account: Account) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
        """Where all mail goes, and the labels that it gains and loses here by that; None where it stays."""
        auto = self.auto(account)
        return (str(auto["emailAddress"]), *_LEFT[auto["disposition"]]) if auto["enabled"] else None


def redirected(account: Account, mail: Mail, address: str) -> Mail | None:
    """The mail as it goes on, its sender unchanged; None where it has come round in a circle."""
    if any(account.email in value.split()[:1] for value in mail.all("X-Forwarded-For")):
        return None
    marks = [("X-Forwarded-To", address), ("X-Forwarded-For", f"{account.email} {address}")]
    return mail.without("X-Forwarded-To", "Delivered-To", "Return-Path").with_first(marks)


def _shown(email: str, verified: int) -> dict[str, str]:
    return {"forwardingEmail": email, "verificationStatus": "accepted" if verified else "pending"}
