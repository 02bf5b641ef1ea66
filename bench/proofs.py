"""What a run proves before its figures count: commits are forced to the disk, and tokens are really verified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from addon.domain.access import Database
from bench import opening
from bench.bare import BareClient
from bench.measuring import require
from bench.world import World
from bench.zero_work_gmail import EVERY_KNOWN

_PRAGMAS = ("journal_mode", "synchronous", "foreign_keys")
_WANTED = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


class Seen:
    """The connections on which a block committed, and how much it asked of them."""

    def __init__(self) -> None:
        self.connections: dict[int, Any] = {}
        self.changes: dict[int, int] = {}
        self.statements = 0
        self.commits = 0
        """Those that changed something: each waits for the disk."""

    def pragmas(self) -> Mapping[str, str | int]:
        """Read back from each of those connections; raises Spoilt where one does not force its commits out."""
        require(bool(self.connections), "Nothing was committed.")
        found: dict[str, str | int] = {}
        for connection in self.connections.values():
            found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in _PRAGMAS}
            require(found == _WANTED, f"The database's PRAGMAs are {found}, not {_WANTED}.")
        return found


@contextmanager
def watched(database: Database) -> Iterator[Seen]:
    """Look on while a block uses the database. It is slower meanwhile: not for what is timed."""
    seen = Seen()

    def commit(connection: Any) -> None:
        raw = connection.connection.dbapi_connection
        seen.connections[id(raw)] = raw
        if seen.changes.get(id(raw)) != raw.total_changes:
            seen.changes[id(raw)] = raw.total_changes
            seen.commits += 1

    def statement(*_: Any) -> None:
        seen.statements += 1

    event.listen(database.engine, "commit", commit)
    event.listen(database.engine, "before_cursor_execute", statement)
    try:
        yield seen
    finally:
        event.remove(database.engine, "commit", commit)
        event.remove(database.engine, "before_cursor_execute", statement)


def verification(world: World) -> str:
    """Tokens are verified: a genuine call gets a card, two forged ones get 401. Raises Spoilt."""
    system, user = opening.system_token(world), opening.user_token(world)
    statuses = {
        "genuine": _status(world, system, user),
        "forged system token": _status(world, opening.forged(system), user),
        "forged user token": _status(world, system, opening.forged(user)),
        "no token": _status(world, "", user),
    }
    told = ", ".join(f"{name}: {status}" for name, status in statuses.items())
    require(list(statuses.values()) == [200, 401, 401, 401], f"Tokens are not verified: {told}.")
    return told


def _status(world: World, system: str, user: str) -> int:
    client = BareClient(world.app_url)
    try:
        body = opening.opened(EVERY_KNOWN, system=system, user=user)
        return client.call("POST", opening.PATH, body, token=system)[0]
    finally:
        client.close()
