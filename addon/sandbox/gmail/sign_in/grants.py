"""What people have allowed: codes for ten minutes, refresh tokens until revoked, access tokens for an hour."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from addon import clock
from addon.sandbox.gmail.mailbox.accounts import Account, Accounts
from addon.sandbox.gmail.store import Store

_CODE_SECONDS = 600
ISSUED_HERE = "sandbox"
"""The client of grants that were issued without a consent page."""


@dataclass(frozen=True)
class Access:
    """What an access token opens. `expires` is epoch seconds of real time; `message` the one mail it is for."""

    account: Account
    scopes: frozenset[str]
    expires: float
    message: int | None

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.expires <= clock.real_now().timestamp()


@dataclass(frozen=True)
class Code:
    """An authorization code's content: what was asked for and by whom it was allowed."""

    account: Account
    client: str
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str
    nonce: str
    refresh: bool


@dataclass(frozen=True)
class Grant:
    """A refresh token that is still good."""

    token: str
    account: Account
    client: str
    scopes: tuple[str, ...]


class Grants:
    """Issues, redeems and revokes."""

    def __init__(self, store: Store, accounts: Accounts) -> None:
        self._store, self._accounts = store, accounts
        self._known: dict[str, Access] = {}

    def issue(self, email: str, scopes: Iterable[str], *, client: str = ISSUED_HERE) -> str:
        """A refresh token for this mailbox, as if its owner had allowed these scopes. Raises UnknownMailbox.

        One issued without a client may be redeemed by any registered client.
        """
        token = "1//sandbox-" + secrets.token_urlsafe(32)
        account = self._accounts.get(email)
        with self._store.write() as db:
            db.execute(
                "INSERT INTO grants (token, account, client, scopes) VALUES (?, ?, ?, ?)",
                (token, account.number, client, " ".join(scopes)),
            )
        return token

    def find(self, token: str) -> Grant | None:
        """The grant behind a refresh token; None when unknown or revoked."""
        with self._store.read() as db:
            row = db.execute(
                "SELECT account, client, scopes FROM grants WHERE token = ? AND NOT revoked", (token,)
            ).fetchone()
        return Grant(token, self._accounts.by_number(row[0]), row[1], tuple(row[2].split())) if row else None

    def has(self, account: Account, client: str) -> bool:
        """Whether this person already allowed this client something: then Google gives no second refresh token."""
        with self._store.read() as db:
            row = db.execute(
                "SELECT 1 FROM grants WHERE account = ? AND client = ? AND NOT revoked LIMIT 1",
                (account.number, client),
            ).fetchone()
        return row is not None

    def revoke(self, email: str) -> None:
        """The owner takes everything back: all refresh and access tokens of the mailbox die. Raises UnknownMailbox."""
        account = self._accounts.get(email)
        with self._store.write() as db:
            db.execute("UPDATE grants SET revoked = 1 WHERE account = ?", (account.number,))
            db.execute("DELETE FROM tokens WHERE account = ?", (account.number,))
            self._forget_known()

    def revoke_token(self, token: str) -> bool:
        """Revoke one refresh token and what came from it, or one access token; False when there is none such."""
        with self._store.write() as db:
            row = db.execute("SELECT refresh_token FROM tokens WHERE token = ?", (token,)).fetchone()
            refresh = (row[0] if row else None) or token
            many = db.execute("UPDATE grants SET revoked = 1 WHERE token = ? AND NOT revoked", (refresh,)).rowcount
            gone = db.execute("DELETE FROM tokens WHERE token = ? OR refresh_token = ?", (token, refresh)).rowcount
            self._forget_known()
        return bool(many or gone)

    def expire_token(self, token: str) -> None:
        """An access token ends before its time; the refresh token behind it stays good."""
        with self._store.write() as db:
            db.execute("UPDATE tokens SET expires = 0 WHERE token = ?", (token,))
            self._forget_known()

    def access_token(
        self,
        email: str,
        scopes: Iterable[str],
        *,
        seconds: float = 3600,
        message: int | None = None,
        refresh_token: str | None = None,
    ) -> str:
        """An access token, for one message only where one is named. Raises UnknownMailbox."""
        account = self._accounts.get(email)
        token = "ya29.sandbox-" + secrets.token_urlsafe(32)
        wide, expires = tuple(scopes), clock.real_now().timestamp() + seconds
        with self._store.write() as db:
            db.execute(
                "INSERT INTO tokens (token, account, scopes, expires, message, refresh_token)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (token, account.number, " ".join(wide), expires, message, refresh_token),
            )
        return token

    def access(self, token: str) -> Access | None:
        """What a token opens; None when unknown or revoked. An expired one is returned, and says so."""
        if known := self._known.get(token):
            return known
        with self._store.read() as db:
            row = db.execute(
                "SELECT account, scopes, expires, message FROM tokens WHERE token = ?", (token,)
            ).fetchone()
            if row is None:
                return None
            access = Access(self._accounts.by_number(row[0]), frozenset(row[1].split()), row[2], row[3])
            self._known[token] = access
        return access

    def issue_code(self, code: Code) -> str:
        """A code for the way back from the consent page; good once, for ten minutes."""
        text = "4/0sandbox-" + secrets.token_urlsafe(24)
        until = clock.real_now().timestamp() + _CODE_SECONDS
        asked = (code.client, code.redirect_uri, " ".join(code.scopes), code.challenge, code.nonce, code.refresh)
        with self._store.write() as db:
            db.execute(
                "INSERT INTO codes (code, account, client, redirect_uri, scopes, challenge, nonce, refresh, expires)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (text, code.account.number, *asked, until),
            )
        return text

    def redeem(self, text: str) -> Code | None:
        """What a code stood for, once; None when unknown, used or too old."""
        with self._store.write() as db:
            row = db.execute(
                "UPDATE codes SET used = 1 WHERE code = ? AND NOT used AND expires > ?"
                " RETURNING account, client, redirect_uri, scopes, challenge, nonce, refresh",
                (text, clock.real_now().timestamp()),
            ).fetchone()
        return _code(row, self._accounts) if row else None

    def _forget_known(self) -> None:
        self._known.clear()


def _code(row: sqlite3.Row, accounts: Accounts) -> Code:
    account, client, redirect_uri, scopes, challenge, nonce, refresh = row
    return Code(
        accounts.by_number(account), client, redirect_uri, tuple(scopes.split()), challenge, nonce, bool(refresh)
    )
