"""Labels: Gmail's own, and the ones that a person makes."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from addon.sandbox.gmail import shelving
from addon.sandbox.gmail.errors import ApiError, invalid, not_found
from addon.sandbox.gmail.mailbox.accounts import Account
from addon.sandbox.gmail.mailbox.label_rules import checked_name, checked_settings
from addon.sandbox.gmail.store import Store

SYSTEM = (
    "CHAT",
    "SENT",
    "INBOX",
    "IMPORTANT",
    "TRASH",
    "DRAFT",
    "SPAM",
    "CATEGORY_FORUMS",
    "CATEGORY_UPDATES",
    "CATEGORY_PERSONAL",
    "CATEGORY_PROMOTIONS",
    "CATEGORY_SOCIAL",
    "STARRED",
    "UNREAD",
)
_FIXED = frozenset({"SENT", "DRAFT", "CHAT"})
_QUIET = frozenset({"INBOX", "SENT", "DRAFT", "STARRED", "UNREAD"})
_SETTINGS = ("messageListVisibility", "labelListVisibility", "color")
_RESERVED = frozenset(SYSTEM)
_MOST = 10_000
_JOINED = re.compile(r"[\s/&(){}|\"]")
"""What the search box cannot hold in a label's name; a hyphen stands for it."""


class Labels:
    """Makes, renames and counts labels. Taking one away from mails is Messages' part."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list(self, account: Account) -> list[dict[str, Any]]:
        """All labels of a mailbox, Gmail's own first."""
        with self._store.read() as db:
            rows = db.execute("SELECT id, name, settings FROM labels WHERE account = ? ORDER BY id", (account.number,))
            own = [_shown(*row) for row in rows.fetchall()]
        return [_system(name) for name in SYSTEM] + own

    def get(self, account: Account, label: str) -> dict[str, Any]:
        """One label with its counts."""
        with self._store.read() as db:
            found = _system(label) if label in SYSTEM else _find(db, account.number, label)
            return {**found, **shelving.counts(db, account.number, label)}

    def create(self, account: Account, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Make a label; its id stays, whatever it is called later. 409 where the name is taken."""
        name = checked_name(wanted, _RESERVED)
        with self._store.write() as db:
            (many,) = db.execute("SELECT count(*) FROM labels WHERE account = ?", (account.number,)).fetchone()
            if many >= _MOST:
                raise invalid("Too many labels")
            (number,) = db.execute(
                "UPDATE accounts SET labels = labels + 1 WHERE number = ? RETURNING labels", (account.number,)
            ).fetchone()
            label = f"Label_{number}"
            _store(db, account.number, label, name, checked_settings(wanted))
            return _find(db, account.number, label)

    def change(self, account: Account, label: str, wanted: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
        """Rename a label or change how it is shown; `whole` (PUT) forgets what is not named."""
        with self._store.write() as db:
            if label in SYSTEM:
                raise invalid("Invalid update request to a system label")
            known = _find(db, account.number, label)
            kept = {} if whole else {key: known[key] for key in _SETTINGS if key in known}
            settings = kept | checked_settings(wanted)
            name = checked_name(wanted, _RESERVED) if "name" in wanted else str(known["name"])
            db.execute("DELETE FROM labels WHERE account = ? AND id = ?", (account.number, label))
            _store(db, account.number, label, name, settings)
            return _find(db, account.number, label)

    def forget(self, account: Account, label: str) -> None:
        """Remove the label itself. Its mails must be freed of it in the same transaction."""
        with self._store.write() as db:
            if label in SYSTEM:
                raise invalid("Invalid delete request to a system label")
            _find(db, account.number, label)
            db.execute("DELETE FROM labels WHERE account = ? AND id = ?", (account.number, label))

    def check(self, db: sqlite3.Connection, account: int, names: Iterable[str], *, setting: bool = True) -> None:
        """400 unless all these labels exist and, when `setting`, a person may put them on a mail."""
        for label in names:
            if label in SYSTEM:
                if setting and label in _FIXED:
                    raise invalid(f"Invalid label: {label}")
                continue
            if not db.execute("SELECT 1 FROM labels WHERE account = ? AND id = ?", (account, label)).fetchone():
                raise invalid(f"Invalid label: {label}")

    def named(self, db: sqlite3.Connection, account: int, name: str) -> str | None:
        """The id of a label by its name, as the search box writes it (blanks may be hyphens); None if unknown."""
        if name.upper() in SYSTEM:
            return name.upper()
        rows = db.execute("SELECT id, folded FROM labels WHERE account = ?", (account,)).fetchall()
        wanted = _searched(name.lower())
        return next((str(label) for label, folded in rows if _searched(folded) == wanted), None)


def _searched(name: str) -> str:
    return _JOINED.sub("-", name)


def _store(db: sqlite3.Connection, account: int, label: str, name: str, settings: Mapping[str, Any]) -> None:
    try:
        db.execute(
            "INSERT INTO labels (account, id, name, folded, settings) VALUES (?, ?, ?, ?, ?)",
            (account, label, name, name.lower(), json.dumps(settings)),
        )
    except sqlite3.IntegrityError:
        raise ApiError("aborted") from None


def _find(db: sqlite3.Connection, account: int, label: str) -> dict[str, Any]:
    row = db.execute("SELECT id, name, settings FROM labels WHERE account = ? AND id = ?", (account, label)).fetchone()
    if row is None:
        raise not_found()
    return _shown(*row)


def _shown(label: str, name: str, settings: str) -> dict[str, Any]:
    return {"id": label, "name": name, "type": "user", **json.loads(settings)}


def _system(label: str) -> dict[str, Any]:
    plain = {"id": label, "name": label, "type": "system"}
    return plain if label in _QUIET else {**plain, "messageListVisibility": "hide", "labelListVisibility": "labelHide"}
