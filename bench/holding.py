"""Who holds SQLite's one write lock, and for how long: from its first moment until the connection is given back."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from addon.domain.access import Database


class Held:
    """Seconds of each write, by the name of the thread that wrote."""

    def __init__(self) -> None:
        self.writes: dict[str, list[float]] = {}
        self._since: dict[int, float] = {}

    def begin(self, connection: Any) -> None:
        if not connection.get_execution_options().get("reading"):
            self._since[id(connection.connection.dbapi_connection)] = time.perf_counter()

    def over(self, raw: Any, _record: Any) -> None:
        since = self._since.pop(id(raw), None)
        if since is not None:
            self.writes.setdefault(threading.current_thread().name, []).append(time.perf_counter() - since)

    def told(self) -> Iterator[str]:
        for who, took in sorted(self.writes.items(), key=lambda one: -max(one[1])):
            longest, middle = sorted(took)[-1] * 1000, sorted(took)[len(took) // 2] * 1000
            yield f"{who}: {len(took)} writes, the longest {longest:.0f} ms, the middle one {middle:.0f} ms"


@contextmanager
def held(database: Database) -> Iterator[Held]:
    """Look on while a block uses the database."""
    seen = Held()
    event.listen(database.engine, "begin", seen.begin)
    event.listen(database.engine.pool, "checkin", seen.over)
    try:
        yield seen
    finally:
        event.remove(database.engine, "begin", seen.begin)
        event.remove(database.engine.pool, "checkin", seen.over)
