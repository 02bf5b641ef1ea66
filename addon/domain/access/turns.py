"""Writers of one process take turns at SQLite's one write lock.

SQLite has who waits look again after ever longer pauses, up to a tenth of a second: between two slices of an import
somebody who clicks would miss the gap again and again. Here the next one is woken as soon as a write ends. Other
processes still wait as SQLite does.
"""

from __future__ import annotations

import threading
from typing import Any

from sqlalchemy import Connection, Engine, event

LONGEST = 30.0
"""Seconds after which one asks SQLite all the same, which says what is wrong."""
_MINE = "has_the_turn"


def take_turns(engine: Engine) -> None:
    """For engines of SQLite, before any other listener of `begin`."""
    turn = threading.Lock()

    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("reading") or connection.info.get(_MINE):
            return
        connection.info[_MINE] = turn.acquire(timeout=LONGEST)

    def give(info: dict[Any, Any]) -> None:
        if info.pop(_MINE, False):
            turn.release()

    def over(connection: Connection) -> None:
        if not connection.invalidated:
            give(connection.info)

    # Given away as the commit begins: the next one waits for its disk in SQLite, a few milliseconds.
    event.listen(engine, "begin", begin)
    event.listen(engine, "commit", over)
    event.listen(engine, "rollback", over)
    event.listen(engine, "checkin", lambda _connection, record: give(record.info))
    event.listen(engine, "invalidate", lambda _connection, record, _trouble: give(record.info))
