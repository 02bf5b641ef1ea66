"""The database's tables, from nothing to today's models, and the installation's secret.

Alembic without a file of settings or an `env.py`, so that it works from the installed wheel. A test holds models and
migrations together on both databases. After a change of the models `python -m addon.migrations.drafting "What changes"`
writes the next migration.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, insert, select

from addon import clock
from addon.models import Installation, Model

_LOCK = 0x6465616C
"""PostgreSQL's advisory lock that one migrating process holds."""

_one_at_a_time = threading.Lock()
"""Alembic's `op`, which migrations are written with, is one for the whole process."""


class LostRows(Exception):
    """After the migrations, rows of these tables point nowhere. Nothing was changed."""


class Sealer(Protocol):
    """What keeps a secret at rest; `domain.access.Vault` is one."""

    def seal(self, secret: str) -> bytes: ...


def migrate(engine: Engine, vault: Sealer) -> None:
    """Bring the tables up to date and make the installation's secret where there is none. Again changes nothing.

    All in one transaction: a migration that fails leaves what was there. Two processes at once wait for each other.
    """
    # Sealed first: without a key to seal it with, nothing is to change.
    sealed = vault.seal(secrets.token_hex(32))
    with _one_at_a_time, _begin(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        upgrade(connection)
        if connection.scalar(select(Installation.id)) is None:
            connection.execute(insert(Installation).values(id=1, sealed_secret=sealed, created_at=clock.real_now()))


@contextmanager
def _begin(engine: Engine) -> Iterator[Connection]:
    """A transaction in which SQLite's tables can be made anew; what points nowhere in its end takes it all back."""
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        driver: Any = connection.connection.driver_connection
        if sqlite:
            driver.execute("PRAGMA foreign_keys=OFF")  # heard only outside a transaction
        try:
            with connection.begin():
                before = _lost(connection) if sqlite else set()
                yield connection
                if sqlite and (lost := _lost(connection) - before):
                    raise LostRows(sorted({str(table) for table, *_ in lost}))
        finally:
            if sqlite:
                driver.execute("PRAGMA foreign_keys=ON")


def _lost(connection: Connection) -> set[tuple[Any, ...]]:
    """Rows that point nowhere: (table, row, table pointed at, number of the foreign key)."""
    return {tuple(row) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}


def upgrade(connection: Connection) -> None:
    """Run the migrations that this database has not seen, in the transaction of the connection."""
    script = scripts()

    def missing(revision: Any, _context: MigrationContext) -> Any:
        return script._upgrade_revs("head", revision)

    with EnvironmentContext(Config(), script, fn=missing, destination_rev="head") as environment:
        # SQLite takes table definitions back like anything else, once the driver's own BEGIN is out of the way.
        environment.configure(connection=connection, target_metadata=Model.metadata, transactional_ddl=True)
        environment.run_migrations()


def current(engine: Engine) -> str | None:
    """The revision that the database stands at; None before the first migration."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The revision that this version of Dealthread needs."""
    head = scripts().get_current_head()
    assert head is not None
    return head


def is_known(revision: str) -> bool:
    """Whether this version of Dealthread has that revision; if not, a newer one made the database."""
    return any(script.revision == revision for script in scripts().walk_revisions())


def scripts() -> ScriptDirectory:
    """The migrations that travel with the package."""
    return ScriptDirectory(str(Path(__file__).parent))
