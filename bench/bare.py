"""The least that the work can cost: a kept-alive HTTP connection and an SQLite file, nothing of ours around them."""

from __future__ import annotations

import base64
import json
import sqlite3
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.zero_work_gmail import is_known, number_of

_JSON = {"Content-Type": "application/json", "Authorization": "Bearer zero"}
_GMAIL = "/gmail/v1/users/me"


class BareClient:
    """One connection. Whoever opens it closes it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)

    def call(self, verb: str, target: str, body: bytes | None = None, token: str = "") -> tuple[int, Any]:
        """Status, and the JSON of the answer; None where it has none."""
        headers = {**_JSON, "Authorization": f"Bearer {token}"} if token else _JSON
        self._connection.request(verb, target, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if content else None

    def close(self) -> None:
        self._connection.close()


class BareLedger:
    """A table of mails in a file, with the same durability as ours."""

    def __init__(self, file: Path, mails: int) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("CREATE TABLE mail (id INTEGER PRIMARY KEY, draft TEXT, sent TEXT)")
        self._connection.executemany("INSERT INTO mail (id) VALUES (?)", [(number,) for number in range(mails)])

    def permit(self, number: int, draft: str) -> None:
        self._commit("UPDATE mail SET draft = ? WHERE id = ?", draft, number)

    def record(self, number: int, sent: str) -> None:
        self._commit("UPDATE mail SET sent = ? WHERE id = ?", sent, number)

    def close(self) -> None:
        self._connection.close()

    def _commit(self, statement: str, *values: str | int) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute(statement, values)
        self._connection.execute("COMMIT")


def send(client: BareClient, ledger: BareLedger, raw: bytes, mails: int) -> None:
    """Two calls and two commits a mail."""
    for number in range(mails):
        body = {"message": {"raw": base64.urlsafe_b64encode(raw).decode()}}
        _, draft = client.call("POST", f"{_GMAIL}/drafts?fields=id,message(id,threadId)", json.dumps(body).encode())
        ledger.permit(number, draft["id"])
        _, sent = client.call("POST", f"{_GMAIL}/drafts/send", json.dumps({"id": draft["id"]}).encode())
        ledger.record(number, sent["id"])


def read_arrived(client: BareClient, since: int) -> int:
    """All that arrived since a place in history: its pages, each mail's header, and whole those of known people.

    Returns how many mails.
    """
    read, page = 0, ""
    while True:
        _, told = client.call("GET", f"{_GMAIL}/history?startHistoryId={since}&maxResults=500{page}")
        for record in told.get("history", ()):
            for added in record["messagesAdded"]:
                target = f"{_GMAIL}/messages/{added['message']['id']}"
                client.call("GET", f"{target}?format=metadata")
                if is_known(number_of(added["message"]["id"])):
                    _, whole = client.call("GET", f"{target}?format=raw")
                    base64.urlsafe_b64decode(whole["raw"])
                read += 1
        if "nextPageToken" not in told:
            return read
        page = f"&pageToken={told['nextPageToken']}"
