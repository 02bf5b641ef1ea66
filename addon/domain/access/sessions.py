"""The database and its sessions: `reading` cannot write, `writing` begins at once and commits when the block ends.

Only entrances open a writing session, and no transaction is open while the network answers.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, extract, func, select
from sqlalchemy.orm import Session, sessionmaker

from addon.domain.access.small_letters import teach_sqlite
from addon.domain.access.tenancy import TeamSession
from addon.domain.access.turns import take_turns
from addon.domain.access.vault import Vault
from addon.domain.access.viewer import Everyone, Looker, Viewer
from addon.models import Installation

SQLITE_PRAGMAS = {"journal_mode": "WAL", "synchronous": "FULL", "foreign_keys": "ON", "busy_timeout": "30000"}


def engine_for(url: str, *, pool_size: int = 10) -> Engine:
    """An engine whose transactions begin as the design says, on SQLite and PostgreSQL."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            connect_args={"check_same_thread": False},
            pool_size=pool_size,
            max_overflow=20,
            hide_parameters=True,  # an error that is logged must not quote mail
        )
        take_turns(engine)
        _prepare_sqlite(engine)
        return engine
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=20,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"options": "-c synchronous_commit=on"},
    )


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN would come too late
        for name, value in SQLITE_PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={value}")
        teach_sqlite(connection)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("reading"):
            connection.exec_driver_sql("PRAGMA query_only=ON")
            connection.exec_driver_sql("BEGIN")
        else:
            # A transaction that reads and then writes fails at once with BUSY_SNAPSHOT, whatever the time-out.
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "reset")
    def _reset(connection: Any, _record: Any, _state: Any) -> None:
        if connection.in_transaction:
            connection.rollback()
        connection.execute("PRAGMA query_only=OFF")


class NotMigrated(Exception):
    """The database has no tables yet: run `dealthread migrate`."""


class Database:
    """Opens sessions for viewers."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self.engine = engine
        self.vault = vault
        self._reading = engine.execution_options(reading=True, postgresql_readonly=True)
        if engine.dialect.name == "postgresql":  # what one reader reads belongs together, as it does on SQLite
            self._reading = self._reading.execution_options(isolation_level="REPEATABLE READ")
        self._reader = sessionmaker(self._reading, class_=TeamSession, autoflush=False, expire_on_commit=False)
        self._writer = sessionmaker(engine, class_=TeamSession, expire_on_commit=False)

    @contextmanager
    def reading(self, viewer: Looker) -> Iterator[Session]:
        """A read-only transaction: a write in it fails in the database."""
        with self._reader(info=self._info(viewer)) as session:
            yield session

    @contextmanager
    def writing(self, viewer: Viewer) -> Iterator[Session]:
        """Commits when the block ends, takes everything back when it raises."""
        with self._writer(info=self._info(viewer)) as session, session.begin():
            yield session

    @contextmanager
    def writing_for_everyone(self, everyone: Everyone) -> Iterator[Session]:
        """For the clockwork only: it may update rows of all teams by statements, but add none."""
        with self._writer(info=self._info(everyone)) as session, session.begin():
            yield session

    @functools.cached_property
    def secret(self) -> bytes:
        """The installation's secret, made once by the first migration. Raises NotMigrated, NoKeys, WrongKeys."""
        with Session(self._reading) as session:  # may be asked for while a writing session is open
            row = session.get(Installation, 1)
            if row is None:
                raise NotMigrated
            return self.vault.open(row.sealed_secret).encode()

    def _info(self, viewer: Looker) -> dict[str, Any]:
        return {"viewer": viewer, "database": self}

    def close(self) -> None:
        """Close all connections; one that a thread still holds is closed as soon as it gives it back."""
        event.listen(self.engine.pool, "checkin", lambda _connection, entry: entry.invalidate())
        self.engine.dispose()


def viewer_of(session: Session) -> Viewer:
    """Whose rights a session has. A door or the clockwork has no team and is refused."""
    viewer = session.info["viewer"]
    if not isinstance(viewer, Viewer):
        raise TypeError("this needs a viewer with a team")
    return viewer


def vault_of(session: Session) -> Vault:
    vault: Vault = session.info["database"].vault
    return vault


def keyed_hash(session: Session, text: str) -> str:
    """64 hex digits of `text` under the installation's secret."""
    secret: bytes = session.info["database"].secret
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


def database_now(session: Session) -> float:
    """Epoch seconds on the database's clock, which all workers share: for leases, waits and quiet minutes."""
    if session.get_bind().dialect.name == "sqlite":
        return float(session.scalar(select((func.julianday("now") - 2440587.5) * 86400.0)) or 0.0)
    return float(session.scalar(select(extract("epoch", func.clock_timestamp()))) or 0.0)
