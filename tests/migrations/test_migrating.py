"""From nothing to today's tables, on both databases."""

from __future__ import annotations

import ast
import datetime as dt
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, func, insert, inspect, make_url, select
from sqlalchemy import column as column_clause
from sqlalchemy import table as table_clause

from addon import migrations
from addon.domain.access import Database, Vault, Viewer, engine_for
from addon.domain.access.vault import NoKeys
from addon.migrations import drafting
from addon.models import Deal, DealTotal, Installation, Model, Outgoing, StageDefinition
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


def test_the_recipe_finds_nothing_more_to_write(engine):
    migrations.migrate(engine, VAULT)

    with engine.begin() as connection:
        text = drafting.draft(connection, revision="9999", message="Nothing", down=migrations.newest())

    [upgrade] = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    assert [type(line) for line in upgrade.body] == [ast.Pass]


def test_a_mail_that_waited_in_the_first_versions_ledger_waits_in_todays(engine):
    """Whoever installed 0001 comes to today with all their rows."""
    with engine.begin() as connection:
        first = migrations.scripts().get_revision("0001").module
        with Operations.context(MigrationContext.configure(connection)):
            first.upgrade()
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('0001')")
    columns = {column["name"]: column for column in inspect(engine).get_columns("outgoing")}
    given = {name: _anything(column["type"]) for name, column in columns.items() if not column["nullable"]}
    alone = create_engine(engine.url)  # a row that points nowhere says as much about columns
    with alone.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET session_replication_role = replica")
        connection.execute(
            insert(table_clause("outgoing", *map(column_clause, given))).values({**given, "state": "due"})
        )
    alone.dispose()

    migrations.migrate(engine, VAULT)

    with engine.connect() as connection:
        kept = connection.execute(select(Outgoing.state, Outgoing.doubted, Outgoing.gone_told)).all()
    assert [tuple(row) for row in kept] == [("due", False, None)]


def test_amounts_and_ids_of_the_first_versions_deals_are_todays(engine):
    """Making SQLite's tables anew must neither lose a cent nor give an id twice."""
    database = Database(engine, VAULT)
    migrations.migrate(engine, VAULT)
    with engine.begin() as connection:
        newest = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    databases.empty(engine)
    with engine.begin() as connection:
        for revision in ("0001", "0002"):
            with Operations.context(MigrationContext.configure(connection)):
                migrations.scripts().get_revision(revision).module.upgrade()
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('0002')")
        for row in (
            "team (id, name, currency, zone, created_at) VALUES (1, 'N', 'EUR', 'UTC', '2026-01-01')",
            '"user" (id, team_id, email, name, role, locale, zone, created_at)'
            " VALUES (1, 1, 'a@b.test', 'A', 'rep', 'en', '', '2026-01-01')",
            "pipeline (id, team_id, name, position, currency, created_at) VALUES (1, 1, 'P', 1, 'EUR', '2026-01-01')",
            "stage (id, team_id, pipeline_id, kind, position) VALUES (1, 1, 1, 'open', 3)",
            "stage_definition (id, team_id, stage_id, since, name, probability)"
            " VALUES (1, 1, 1, '2026-01-01', 'New', 10)",
            *(
                "deal (id, team_id, title, pipeline_id, stage_id, entered_stage_at, last_move, owner_id, amount,"
                " currency, product, channel, next_step, created_at)"
                f" VALUES ({id}, 1, 'D', 1, 1, '2026-01-01', 1, 1, {amount}, 'EUR', '', '', '', '2026-01-01')"
                for id, amount in ((1, "0.29"), (2, "1234567.89"), (7, "5"))
            ),
        ):
            connection.exec_driver_sql(f"INSERT INTO {row}")
        connection.exec_driver_sql("DELETE FROM deal WHERE id = 7")

    migrations.migrate(engine, VAULT)

    assert migrations.current(engine) == newest
    with database.reading(Viewer.operator(1)) as session:
        assert [(deal.id, deal.amount) for deal in session.scalars(select(Deal).order_by(Deal.id))] == [
            (1, Decimal("0.29")),
            (2, Decimal("1234567.89")),
        ]
        [total] = session.scalars(select(DealTotal))
        assert (total.deals, total.amount, total.currency) == (2, Decimal("1234568.18"), "EUR")
        assert session.scalars(select(StageDefinition.position)).one() == 3
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            highest = connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'deal'").scalar_one()
        assert highest == 7


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


def _anything(kind: Any) -> Any:
    return {bool: False, int: 1, float: 1.0, dt.datetime: dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}.get(
        kind.python_type, "x"
    )


def _plain(thing: Any) -> Any:
    return {key: _plain(value) for key, value in thing.items()} if isinstance(thing, dict) else str(thing)


def _lines(sql: str) -> list[str]:
    """The columns and conditions of a definition, one a line, wherever a column that was added later stands."""
    head, _, rest = sql.partition("(")
    parts, depth = [""], 0
    for letter in rest.rpartition(")")[0]:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return [head.replace('"', "").strip(), *(" ".join(part.split()) for part in parts), rest.rpartition(")")[2].strip()]
