"""The SQLite file behind the simulated Gmail: one connection, one lock, and what is to happen after a commit.

All writing goes through `write()`, one transaction at a time: this is what makes `drafts.send` serial per draft.
`synchronous=OFF` keeps every commit through a SIGKILL (the pages are the system's by then); only a power cut may
lose some, which a simulator can bear.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from addon.sandbox.gmail import ids
from addon.sandbox.gmail.upgrading import make_tables

_HIGHEST = """SELECT max(
    coalesce((SELECT max(id) FROM messages), 0), coalesce((SELECT max(id) FROM drafts), 0),
    coalesce((SELECT max(message) FROM outside), 0), coalesce((SELECT max(value) FROM marks), 0)
)"""


class StoreInUse(Exception):
    """Another process has this file open, or it is no file of ours. The text says which, in one sentence."""


class Store:
    """One open file; `:memory:` keeps everything in memory until it is closed."""

    def __init__(self, path: str | Path) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._afterwards: list[Callable[[], None]] = []
        self._connection = _open(path)
        (used,) = self._connection.execute(_HIGHEST).fetchone()
        ids.never_below(used)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Hold the only transaction; committed at the end of the outermost block, rolled back by any exception."""
        with self._lock:
            if self._depth:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                self._afterwards.clear()
                raise
            finally:
                self._depth = 0
            actions, self._afterwards = self._afterwards, []
        for action in actions:
            action()

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Hold the connection for a few short statements that see one state."""
        with self._lock:
            yield self._connection

    def after_commit(self, action: Callable[[], None]) -> None:
        """Call this once the running transaction is committed, in this thread, with no lock held."""
        self._afterwards.append(action)

    def close(self) -> None:
        """Close the file. Closing twice is allowed."""
        with self._lock:
            self._connection.close()


def _open(path: str | Path) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(
            path, timeout=0.5, isolation_level=None, check_same_thread=False, cached_statements=512
        )
    except sqlite3.OperationalError as trouble:
        raise StoreInUse(f"The mailbox file {path} cannot be opened: {trouble}.") from None
    try:
        for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=OFF", "cache_size=-65536"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA foreign_keys=ON")
        make_tables(connection)
    except sqlite3.OperationalError as trouble:
        connection.close()
        raise StoreInUse(
            f"The mailbox file {path} cannot be opened: {trouble}. Is another simulator using it?"
        ) from None
    except sqlite3.DatabaseError:
        connection.close()
        raise StoreInUse(f"{path} is not a mailbox file of this simulator.") from None
    return connection
