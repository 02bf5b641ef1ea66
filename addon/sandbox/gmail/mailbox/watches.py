"""Which mailboxes are watched for which labels, and until when (seven days)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from addon import clock
from addon.sandbox.gmail.mailbox.accounts import Account
from addon.sandbox.gmail.store import Store

_LASTS = timedelta(days=7)


class Watches:
    """Starts and stops watches; `covers` is asked at every change, so the answer is kept in memory."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.read() as db:
            rows = db.execute("SELECT account, labels, excluding, expires FROM watches").fetchall()
        self._known = {int(row[0]): (frozenset(row[1].split()), bool(row[2]), int(row[3])) for row in rows}

    def start(self, account: Account, topic: str, labels: Sequence[str], *, excluding: bool) -> int:
        """Watch this mailbox, in place of an earlier watch; returns when that ends, in milliseconds of world time."""
        expires = int((clock.now() + _LASTS).timestamp() * 1000)
        with self._store.write() as db:
            db.execute(
                "INSERT OR REPLACE INTO watches (account, topic, labels, excluding, expires) VALUES (?, ?, ?, ?, ?)",
                (account.number, topic, " ".join(labels), excluding, expires),
            )
        self._known[account.number] = (frozenset(labels), excluding, expires)
        return expires

    def stop(self, account: Account) -> None:
        """Watch no more."""
        with self._store.write() as db:
            db.execute("DELETE FROM watches WHERE account = ?", (account.number,))
        self._known.pop(account.number, None)

    def topic(self, account: Account) -> str:
        """The topic of the watch that runs now; empty if none does."""
        now = int(clock.now().timestamp() * 1000)
        with self._store.read() as db:
            row = db.execute("SELECT topic FROM watches WHERE account = ? AND expires > ?", (account.number, now))
            found = row.fetchone()
        return str(found[0]) if found else ""

    def covers(self, account: int, labels: Sequence[str]) -> bool:
        """Whether a change that concerns these labels is to be pushed now."""
        watch = self._known.get(account)
        if watch is None or watch[2] <= clock.now().timestamp() * 1000:
            return False
        wanted, excluding, _ = watch
        return not wanted or wanted.isdisjoint(labels) == excluding
