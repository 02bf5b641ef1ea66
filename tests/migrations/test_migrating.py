"""From nothing to today's tables, on both databases."""

from __future__ import annotations

import ast
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, func, inspect, make_url, select

from addon import migrations
from addon.domain.access import Database, Vault, engine_for
from addon.domain.access.vault import NoKeys
from addon.migrations import drafting
from addon.models import Installation, Model
from tests import databases, postgres_server

VAULT = Vault([databases.KEY])


@pytest.fixture(scope="session")
def untouched_postgres(postgres_url: str) -> str:
    """A PostgreSQL database of our own: the other tests' one keeps its tables."""
    url = make_url(postgres_url)
    name = f"{url.database}_migrations"
    postgres_server.recreate(url, name)
    return url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine on an empty database."""
    on_sqlite = request.param == "sqlite"
    made = engine_for(f"sqlite:///{tmp_path}/new.db" if on_sqlite else request.getfixturevalue("untouched_postgres"))
    databases.empty(made)
    yield made
    databases.empty(made)
    made.dispose()


def shape(engine: Engine) -> dict[str, Any]:
    """Everything that the database knows of its tables but their order."""
    inspector = inspect(engine)
    found: dict[str, Any] = {}
    for table in sorted(set(inspector.get_table_names()) - {"alembic_version"}):
        found[table] = {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(table)
            },
            "primary key": inspector.get_pk_constraint(table),
            **{
                kind: {str(one["name"]): _plain(one) for one in read(table)}
                for kind, read in {
                    "foreign keys": inspector.get_foreign_keys,
                    "unique": inspector.get_unique_constraints,
                    "checks": inspector.get_check_constraints,
                    "indexes": inspector.get_indexes,
                }.items()
            },
        }
    return found


def test_the_migrations_make_exactly_what_the_models_say(engine):
    Model.metadata.create_all(engine)
    wanted = shape(engine)
    databases.empty(engine)

    migrations.migrate(engine, VAULT)

    assert shape(engine) == wanted
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Model.metadata) == []


def test_sqlite_keeps_the_very_same_definitions(tmp_path):
    """Partial indexes and AUTOINCREMENT are not all seen by reflection."""
    definitions = []
    for name, make in (("models", Model.metadata.create_all), ("migrated", lambda e: migrations.migrate(e, VAULT))):
        engine = engine_for(f"sqlite:///{tmp_path}/{name}.db")
        make(engine)
        with engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE name <> 'alembic_version'")
            definitions.append({name: sorted(_lines(sql)) for name, sql in rows if sql})
        engine.dispose()

    assert definitions[0] == definitions[1]


def test_the_recipe_writes_the_first_migration_as_it_stands(tmp_path):
    engine = engine_for(f"sqlite:///{tmp_path}/nothing.db")
    with engine.begin() as connection:
        text = drafting.draft(connection, revision="0001", message=drafting._FIRST, down=None)
    engine.dispose()

    [first] = Path(migrations.__file__).parent.glob("versions/0001_*.py")
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(first.read_text()))


def test_migrating_again_changes_nothing_and_keeps_the_secret(engine):
    migrations.migrate(engine, VAULT)
    before = Database(engine, VAULT).secret

    migrations.migrate(engine, VAULT)

    assert Database(engine, VAULT).secret == before
    assert len(before) == 64
    assert migrations.current(engine) == migrations.newest()


def test_a_database_that_nobody_migrated_stands_at_nothing(engine):
    assert migrations.current(engine) is None


def test_without_a_key_nothing_is_made(engine):
    with pytest.raises(NoKeys):
        migrations.migrate(engine, Vault([]))

    assert inspect(engine).get_table_names() == []


def test_a_migration_that_fails_leaves_nothing_behind(engine):
    class Full:
        def seal(self, secret: str) -> bytes:
            return None  # type: ignore[return-value]

    with pytest.raises(Exception, match=r"(?i)null"):
        migrations.migrate(engine, Full())

    assert inspect(engine).get_table_names() == []


def test_two_processes_that_migrate_at_once_make_one_secret(engine):
    troubles: list[Exception] = []

    def run() -> None:
        try:
            migrations.migrate(engine, VAULT)
        except Exception as trouble:
            troubles.append(trouble)

    both = [threading.Thread(target=run) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    assert troubles == []
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Installation)) == 1


def _plain(thing: Any) -> Any:
    return {key: _plain(value) for key, value in thing.items()} if isinstance(thing, dict) else str(thing)


def _lines(sql: str) -> list[str]:
    return [line.strip().rstrip(",") for line in sql.splitlines()]
