"""How many mails a mailbox may send in a day (24 hours of world time), where a limit is set."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

from addon.sandbox.gmail.errors import ApiError
from addon.sandbox.gmail.mailbox.accounts import Account
from addon.sandbox.gmail.mailbox.messages import Message

_DAY = int(timedelta(days=1).total_seconds() * 1000)


class Allowance:
    """Counts mails from the moment on that a limit is set. `daily` None means that nobody counts."""

    def __init__(self) -> None:
        self.daily: int | None = None

    def check(self, db: sqlite3.Connection, account: Account, now: datetime) -> None:
        """429 where this mailbox has sent its share in the last 24 hours."""
        again = self._again(db, account, now)
        if again is not None:
            stamp = again.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            said = f"User-rate limit exceeded.  Retry after {stamp} (Mail sending)"
            raise ApiError("rateLimitExceeded", said, status=429)

    def is_spent(self, db: sqlite3.Connection, account: Account, now: datetime) -> bool:
        """Whether it has: what Gmail would send by itself then stays unsent, without a word."""
        return self._again(db, account, now) is not None

    def _again(self, db: sqlite3.Connection, account: Account, now: datetime) -> datetime | None:
        """When it may send again; None where it may now."""
        if self.daily is None:
            return None
        since = int(now.timestamp() * 1000) - _DAY
        row = db.execute(
            "SELECT date FROM departures WHERE account = ? AND date > ? ORDER BY date DESC LIMIT 1 OFFSET ?",
            (account.number, since, max(self.daily - 1, 0)),
        ).fetchone()
        if row is None and self.daily > 0:
            return None
        return datetime.fromtimestamp(((row[0] if row else since + _DAY) + _DAY) / 1000, UTC)

    def note(self, db: sqlite3.Connection, account: Account, message: Message) -> None:
        """A mail has left."""
        if self.daily is None:
            return
        db.execute(
            "INSERT OR IGNORE INTO departures (account, date, message) VALUES (?, ?, ?)",
            (account.number, message.date, message.id),
        )
        db.execute("DELETE FROM departures WHERE account = ? AND date <= ?", (account.number, message.date - _DAY))
