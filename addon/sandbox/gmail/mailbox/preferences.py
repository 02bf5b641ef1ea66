"""What a person has set for the whole mailbox: IMAP, POP, the language, and room for what other modules set."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from typing import Any

from addon.sandbox.gmail.errors import invalid
from addon.sandbox.gmail.mailbox.accounts import Account
from addon.sandbox.gmail.store import Store

DISPOSITIONS = frozenset({"leaveInInbox", "archive", "trash", "markRead"})
"""What may become of a mail after it was forwarded or fetched."""

_EXPUNGING = frozenset({"archive", "trash", "deleteForever"})
_WINDOWS = frozenset({"disabled", "fromNowOn", "allMail"})
_FOLDER_SIZES = frozenset({0, 1000, 2000, 5000, 10_000})
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")

_USUAL: Mapping[str, dict[str, Any]] = {
    "imap": {"enabled": True, "autoExpunge": True, "expungeBehavior": "archive", "maxFolderSize": 0},
    "pop": {"accessWindow": "disabled", "disposition": "leaveInInbox"},
    "language": {"displayLanguage": "en"},
}


class Preferences:
    """Reads and writes one JSON object for each mailbox and name."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[tuple[int, str], dict[str, Any]] = {}

    def get(self, account: Account, name: str) -> dict[str, Any]:
        """What was set under this name, else what a fresh mailbox has."""
        key = (account.number, name)
        if key not in self._known:
            with self._store.read() as db:
                row = db.execute("SELECT value FROM preferences WHERE account = ? AND name = ?", key).fetchone()
                self._known[key] = json.loads(row[0]) if row else dict(_USUAL.get(name, {}))
        return dict(self._known[key])

    def put(self, db: sqlite3.Connection, account: Account, name: str, value: Mapping[str, Any]) -> None:
        """Set it, in the running transaction."""
        db.execute(
            "INSERT OR REPLACE INTO preferences (account, name, value) VALUES (?, ?, ?)",
            (account.number, name, json.dumps(dict(value))),
        )
        self._store.after_commit(lambda: self._forget(account, name))

    def update(self, account: Account, name: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Set IMAP, POP or the language (PUT: what is not named is as in a fresh mailbox). 400 for nonsense."""
        value = _USUAL[name] | {key: wanted[key] for key in _USUAL[name] if key in wanted}
        _CHECKS[name](value)
        with self._store.write() as db:
            self.put(db, account, name, value)
        return value

    def _forget(self, account: Account, name: str) -> None:
        self._known.pop((account.number, name), None)


def choice(value: object, among: frozenset[str], key: str) -> None:
    """400 unless it is one of these words."""
    if value not in among:
        raise invalid(f"Invalid value at '{key}'")


def yes_or_no(wanted: Mapping[str, Any], *keys: str) -> None:
    """400 where one of these is there and neither true nor false."""
    for key in keys:
        if not isinstance(wanted.get(key, False), bool):
            raise invalid(f"Invalid value at '{key}' (TYPE_BOOL)")


def _check_imap(value: Mapping[str, Any]) -> None:
    yes_or_no(value, "enabled", "autoExpunge")
    choice(value["expungeBehavior"], _EXPUNGING, "imap_settings.expunge_behavior")
    if value["maxFolderSize"] not in _FOLDER_SIZES:
        raise invalid("Invalid value at 'imap_settings.max_folder_size'")


def _check_pop(value: Mapping[str, Any]) -> None:
    choice(value["accessWindow"], _WINDOWS, "pop_settings.access_window")
    choice(value["disposition"], DISPOSITIONS, "pop_settings.disposition")


def _check_language(value: Mapping[str, Any]) -> None:
    if not isinstance(value["displayLanguage"], str) or not _LANGUAGE.fullmatch(value["displayLanguage"]):
        raise invalid("Invalid display language")


_CHECKS = {"imap": _check_imap, "pop": _check_pop, "language": _check_language}
