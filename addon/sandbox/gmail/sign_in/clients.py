"""The programs that may ask people for access: OAuth clients."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from addon.sandbox.gmail.store import Store

DESKTOP = "http://localhost"
"""Registered as an address to come back to, it marks a program on the person's own machine, at whatever port."""


@dataclass(frozen=True)
class Client:
    """A registered program. Only these addresses get its codes."""

    id: str
    secret: str
    redirect_uris: tuple[str, ...]

    def may_return_to(self, uri: str) -> bool:
        """Whether people may be sent back to this address."""
        if uri in self.redirect_uris:
            return True
        parts = urlsplit(uri)
        own = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1") and "@" not in parts.netloc
        return own and DESKTOP in self.redirect_uris


class Clients:
    """Registers clients and knows them again."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, client_id: str, secret: str, redirect_uris: Iterable[str] = ()) -> None:
        """Register a client, or change it."""
        with self._store.write() as db:
            db.execute(
                "INSERT OR REPLACE INTO clients (id, secret, redirect_uris) VALUES (?, ?, ?)",
                (client_id, secret, json.dumps(list(redirect_uris))),
            )

    def get(self, client_id: str) -> Client | None:
        """The client of this id, if registered."""
        with self._store.read() as db:
            row = db.execute("SELECT id, secret, redirect_uris FROM clients WHERE id = ?", (client_id,)).fetchone()
        return Client(row[0], row[1], tuple(json.loads(row[2]))) if row else None

    def proven(self, client_id: str, secret: str) -> Client | None:
        """The client, if this is its secret."""
        client = self.get(client_id)
        return client if client and hmac.compare_digest(client.secret.encode(), secret.encode()) else None
