"""Puts the house together: settings, database, Google and the engine go in; a web app and a worker come out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

import addon.domain.search.keeping  # noqa: F401  every session of this process keeps the index of the search box
from addon import clock, intake, migrations, sidebar, web, worker
from addon.domain import verdicts
from addon.domain.access import Database, Vault, engine_for
from addon.integrations.google.parts import Google
from addon.integrations.jobs.in_process import InProcessJobs
from addon.settings import Settings, SettingsRefused
from addon.worker.metrics import WorkMetrics

LARGEST_REQUEST = 32 * 1024 * 1024
"""Bytes: an uploaded list of people and its form."""


def hear_phrases(settings: Settings) -> None:
    """Hear the admin's own phrases in answers. Raises SettingsRefused, naming file and phrase."""
    try:
        verdicts.hear_also(settings.phrases_path)
    except verdicts.PhraseRefused as refused:
        raise SettingsRefused(f"DEALTHREAD_PHRASES: {refused}") from None


@dataclass
class House:
    """What one process shares among its entrances."""

    settings: Settings
    database: Database
    google: Google
    nudge: Callable[[], None] = field(default=lambda: None)
    """Has this process's own worker look at once, where it has one."""

    @classmethod
    def of(cls, settings: Settings) -> House:
        """Open everything that the settings name. Raises NoKeys later, where the first secret is needed.

        Raises SettingsRefused for phrases that cannot be read.
        """
        clock.follow(settings.clock_path)
        hear_phrases(settings)
        database = Database(engine_for(settings.database_url), Vault(settings.fernet_keys))
        return cls(settings, database, Google.of(settings))

    def migrate(self) -> None:
        """Make or renew the tables, and the installation's secret where there is none."""
        migrations.migrate(self.database.engine, self.database.vault)

    def close(self) -> None:
        self.google.close()
        self.database.close()


def create_app(house: House) -> Flask:
    """The web app: workspace, add-on endpoints, intake, health. Raises NoKeys, NotMigrated."""
    app = Flask("addon", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    _ = house.database.secret  # refuses early, in words, where keys or tables are missing

    def wake(mailbox_id: int) -> None:
        house.nudge()

    web.register(
        app,
        web.WebServices(settings=house.settings, database=house.database, google=house.google, wake=wake),
    )
    sidebar.register(
        app,
        sidebar.SidebarServices(
            settings=house.settings,
            database=house.database,
            identity=house.google.identity,
            google=house.google.accounts,
        ),
    )
    intake.register(
        app,
        intake.IntakeServices(
            settings=house.settings, database=house.database, identity=house.google.identity, wake=house.nudge
        ),
    )
    _health(app, house)
    return app


def create_worker(house: House) -> tuple[worker.Worker, InProcessJobs]:
    """A worker and the threads it works with; the caller starts and stops them."""
    jobs = InProcessJobs(house.settings.worker_threads)
    return worker.Worker(house.database, house.settings, house.google.accounts, jobs), jobs


def _health(app: Flask, house: House) -> None:
    registry = CollectorRegistry()
    registry.register(WorkMetrics(house.database))

    @app.get("/healthz")
    def alive() -> Response:
        return Response("alive\n", mimetype="text/plain")

    @app.get("/readyz")
    def ready() -> Response:
        try:
            with house.database.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return Response("the database does not answer\n", status=503, mimetype="text/plain")
        return Response("ready\n", mimetype="text/plain")

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
