"""A worker of the product as `dealthread worker` starts one, on the test's database, until a test has seen enough."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from addon.app import House, create_worker
from addon.domain.access import Database, Viewer
from addon.models import Mailbox, MailboxState
from addon.settings import Settings
from tests.databases import KEY
from tests.domain.team_at_work import TeamAtWork

PATIENCE = 60.0
"""Seconds after which something that did not happen never will."""


def settings_for(database: Database) -> dict[str, Any]:
    url = database.engine.url.render_as_string(hide_password=False)
    return {"database_url": url, "secret_keys": KEY, "tick_seconds": 0.1, "worker_threads": 3}


@contextmanager
def worker_at_work(database: Database) -> Iterator[None]:
    house = House.of(Settings(**settings_for(database)))
    worker, jobs = create_worker(house)
    ticking = threading.Thread(target=worker.run)
    jobs.start()
    ticking.start()
    try:
        yield
    finally:
        worker.stop()
        jobs.stop(5.0)
        ticking.join()
        house.close()


def without_mail(team: TeamAtWork) -> None:
    """Nobody's Google is asked."""
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        for mailbox in session.scalars(select(Mailbox)):
            mailbox.state = MailboxState.RECONNECT


def until(so: Callable[[], bool]) -> None:
    """Wait until it is so."""
    ends = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < ends, "it never came to be so"
        time.sleep(0.02)


def work(settings: dict[str, Any]) -> None:
    """What `dealthread worker` does, in a process of its own, until somebody kills it."""
    worker, jobs = create_worker(House.of(Settings(**settings)))
    jobs.start()
    worker.run()
