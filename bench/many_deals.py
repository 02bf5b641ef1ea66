"""Databases with very many deals, on SQLite and PostgreSQL, made once a run and gone with it."""

from __future__ import annotations

import atexit
import functools
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import URL, Connection, select

from addon import clock, migrations
from addon.domain.access import Database, Vault, Viewer, engine_for
from addon.domain.fields import operations as fields
from addon.domain.pipelines import operations as pipelines
from addon.domain.teams import operations as teams
from addon.models import FieldKind, FieldOption, Role, Stage, Subject, User
from bench.measuring import Size
from bench.people import STAGES
from tests import postgres_server

OWNERS = 20
OPTIONS = ("Gold", "Silver", "Bronze", "Trial", "None yet")


@dataclass(frozen=True, eq=False)
class ManyDeals:
    """One team with one pipeline."""

    name: str
    database: Database
    deals: int
    viewer: Viewer
    team_id: int
    pipeline_id: int
    stages: Sequence[int]
    users: Sequence[int]
    """Who own the deals: of 500 in a row each owns 25."""
    plan: int
    """The id of a field of the team's own, in which four of five deals hold one of `options`."""
    options: Sequence[int]


@dataclass(frozen=True)
class Pair:
    """The same on one kind of database, with few and with many deals."""

    name: str
    few: ManyDeals
    many: ManyDeals


def pairs(size: Size) -> Sequence[Pair]:
    """On SQLite and, where there is one, on PostgreSQL; the same ones for every figure of the run."""
    return _made(size.deals, size.many_deals, size.on_postgresql)


@functools.cache
def _made(few: int, many: int, on_postgresql: bool) -> Sequence[Pair]:
    stack = ExitStack()
    atexit.register(stack.close)
    return [
        Pair(name, *(filled(stack, name, url, n) for url, n in zip(urls, (few, many), strict=True)))
        for name, urls in databases(stack, ("few", "many"), on_postgresql=on_postgresql)
    ]


def databases(stack: ExitStack, names: Sequence[str], *, on_postgresql: bool) -> Iterator[tuple[str, Sequence[str]]]:
    """The kinds of databases of this machine, each with addresses of so many empty ones, gone with the stack."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dealthread-bench-", dir="/var/tmp")))
    yield "SQLite", [f"sqlite:///{folder}/{name}.db" for name in names]
    if not (on_postgresql and postgres_server.is_available()):
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # the server's wheel warns without one
    url = stack.enter_context(postgres_server.database(folder, names[0]))
    for name in names[1:]:
        postgres_server.recreate(url, name)
    yield "PostgreSQL", [_url(url, name) for name in names]


def _url(url: URL, name: str) -> str:
    return url.set(database=name).render_as_string(hide_password=False)


def filled(stack: ExitStack, name: str, url: str, deals: int) -> ManyDeals:
    """A new database with so many deals, closed when the stack is."""
    engine = engine_for(url)
    database = Database(engine, Vault([Fernet.generate_key().decode()]))
    stack.callback(database.close)
    migrations.migrate(engine, database.vault)
    at = clock.now()
    with database.writing(Viewer.operator(0)) as session:
        team_id = teams.create_team(session, "Halyard", at=at).id
    with database.writing(Viewer.operator(team_id)) as session:
        pipeline_id = pipelines.create(session, "Sales", STAGES, at=at).id
        users = [
            teams.add_user(session, f"u{n}@halyard.example", role=Role.REP, at=at, name=f"User {n}")
            for n in range(OWNERS)
        ]
        admin = teams.add_user(session, "admin@halyard.example", role=Role.ADMIN, at=at, name="Admin")
        plan = fields.create(session, Subject.DEAL, FieldKind.SELECT, "Plan", at=at, options=OPTIONS).id
        stages = session.scalars(
            select(Stage.id).where(Stage.pipeline_id == pipeline_id).order_by(Stage.position)
        ).all()
        options = session.scalars(
            select(FieldOption.id).where(FieldOption.field_id == plan).order_by(FieldOption.id)
        ).all()
        viewer = Viewer.of(session.get_one(User, admin.id))
        owners = [user.id for user in users]
    made = ManyDeals(name, database, deals, viewer, team_id, pipeline_id, stages, owners, plan, options)
    with engine.begin() as connection:
        _fill(connection, made)
    return made


def _fill(connection: Connection, made: ManyDeals) -> None:
    """Rows made by the database itself: a million would take an hour by hand."""
    moment = "strftime('%Y-%m-%d %H:%M:%S.000000', {0}, 'unixepoch')"
    if connection.dialect.name == "postgresql":
        moment = "to_timestamp({0})"
    numbers = f"WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {made.deals})"
    entered, created = moment.format("1767225600 + i * 7919 % 5000000"), moment.format("1762000000 + i * 17 % 5000000")
    _run(
        connection,
        "INSERT INTO deal (team_id, title, pipeline_id, stage_id, entered_stage_at, last_move, owner_id, amount,"
        " currency, product, channel, lost_reason, next_step, created_at)"
        f" {numbers} SELECT {made.team_id}, 'Deal ' || i, {made.pipeline_id}, {made.stages[0]} + i % 5, {entered},"
        f" 0, {made.users[0]} + i / 25 % {OWNERS}, i * 37 % 100000 * 100,"
        f" CASE WHEN i / 3 % 10 = 0 THEN 'PLN' ELSE 'EUR' END,"
        f" 'Product ' || (i / 11 % 30), 'Channel ' || (i / 13 % 6), '', 'Call', {created} FROM n",
    )
    _run(
        connection,
        "INSERT INTO deal_value (team_id, field_id, deal_id, option_id)"
        f" SELECT team_id, {made.plan}, id, {made.options[0]} + id / 5 % 5 FROM deal WHERE id / 7 % 5 > 0",
    )
    _run(
        connection,
        "INSERT INTO deal_total (team_id, pipeline_id, stage_id, owner_id, currency, deals, amount)"
        " SELECT team_id, pipeline_id, stage_id, owner_id, currency, COUNT(*), SUM(amount) FROM deal"
        " GROUP BY team_id, pipeline_id, stage_id, owner_id, currency",
    )
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ANALYZE")  # what its own clockwork does within minutes


def _run(connection: Connection, statement: str) -> None:
    """The driver of PostgreSQL takes a single percent sign for a place to fill."""
    is_sqlite = connection.dialect.name == "sqlite"
    connection.exec_driver_sql(statement if is_sqlite else statement.replace("%", "%%"))
