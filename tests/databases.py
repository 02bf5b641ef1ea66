"""Databases for the tests: migrated once a process, fresh for each test, on SQLite or PostgreSQL."""

from __future__ import annotations

import functools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import Engine, event

from addon import migrations
from addon.domain.access import Database, Vault, engine_for
from addon.models import Model
from tests.compiled_once import remember_statements

KEY = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="
"""A Fernet key for tests; whoever reads a test's database may know it."""

_COUNTERS_ANEW = """
    SELECT setval((quote_ident(schemaname) || '.' || quote_ident(sequencename))::regclass, start_value, false)
    FROM pg_sequences WHERE last_value IS NOT NULL
"""

assert Fernet(KEY.encode())


@functools.cache
def _migrated_file() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="dealthread-migrated-"))
    file = folder / "template.db"
    engine = engine_for(f"sqlite:///{file}")
    migrations.migrate(engine, Vault([KEY]))
    engine.dispose()
    return file


@contextmanager
def on_sqlite(folder: Path) -> Iterator[Database]:
    """A migrated database in a file of the folder."""
    file = folder / "dealthread.db"
    shutil.copy(_migrated_file(), file)
    engine = engine_for(f"sqlite:///{file}")
    event.listen(engine, "connect", _spare_the_disk)
    remember_statements(engine)
    database = Database(engine, Vault([KEY]))
    try:
        yield database
    finally:
        database.close()


def _spare_the_disk(connection: Any, _record: Any) -> None:
    """No test cuts the power, so nothing has to outlive that: commits need not wait for the disk."""
    connection.execute("PRAGMA synchronous=OFF")


@contextmanager
def on_postgres(url: str) -> Iterator[Database]:
    """The database of that address, emptied and migrated."""
    engine = engine_for(url)
    remember_statements(engine)
    empty(engine)
    database = Database(engine, Vault([KEY]))
    try:
        migrations.migrate(engine, database.vault)
        yield database
    finally:
        database.close()


def empty(engine: Engine) -> None:
    """Drop everything that migrations make."""
    with engine.begin() as connection:
        Model.metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")


def forget_rows(database: Database) -> None:
    """Empty every table but the installation's, quickly; counters start anew.

    A TRUNCATE makes new files for every table and index: for the few rows of a test that takes ten times as long.
    """
    names = [table.name for table in reversed(Model.metadata.sorted_tables) if table.name != "installation"]
    with database.engine.begin() as connection:
        connection.exec_driver_sql(";".join(f'DELETE FROM "{name}"' for name in names))
        connection.exec_driver_sql(_COUNTERS_ANEW)
