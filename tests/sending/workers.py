"""Real worker processes over one ledger, and a hand that kills them."""

from __future__ import annotations

import functools
import multiprocessing
import random
import threading
from typing import Any

from addon import clock
from addon.app import House, create_worker
from addon.domain import tables
from addon.domain.campaigns import importing, operations
from addon.domain.campaigns.importing import Draft
from addon.settings import Settings
from tests.sending.world import World

PATIENCE = 180.0
"""Seconds after which a marathon that makes no progress is given up."""


def campaign_for(world: World, people: int, *, interrupted: bool = False) -> int:
    """A campaign to so many people, launched; or one whose launch died before the first mail was due."""
    rows = "".join(f"person{number}@acme.example,Jane {number}\n" for number in range(people))
    writing = functools.partial(world.database.writing, world.viewer)
    draft = Draft(
        mailbox_id=world.mailbox_id,
        name="Autumn",
        subject="Ramps, {{ first_name }}",
        body="Dear {{ first_name }},\n\nshall we look at the ramps?\n",
        table=tables.read(f"email,first name\n{rows}".encode()),
    )
    campaign_id = importing.create_campaign(writing, draft, at=clock.now())
    if interrupted:
        with writing() as session:
            operations.launch(session, campaign_id, at=clock.now())
    else:
        importing.launch_campaign(writing, campaign_id, at=clock.now())
    return campaign_id


class Progress:
    """Lets a test wait until so many more mails have left."""

    def __init__(self, world: World) -> None:
        self.left = 0
        self._changed = threading.Condition()
        world.gmail.on_sent(self._one_more)

    def _one_more(self, _sent: Any) -> None:
        with self._changed:
            self.left += 1
            self._changed.notify_all()

    def wait_for(self, more: int) -> bool:
        """True once so many more have left."""
        with self._changed:
            goal = self.left + more
            return self._changed.wait_for(lambda: self.left >= goal, PATIENCE)


def work(settings: dict[str, Any], until_idle: bool) -> None:
    """What `dealthread worker` does, in a process of its own."""
    house = House.of(Settings(**settings))
    worker, jobs = create_worker(house)
    jobs.start()
    if until_idle:
        worker.run_until_idle()
    else:
        worker.run()
    jobs.stop(5.0)
    house.close()


class Workers:
    """Two worker processes; whoever is killed is replaced. They are forked from one that has read the code already."""

    def __init__(self, world: World) -> None:
        url = world.database.engine.url.render_as_string(hide_password=False)
        self._settings = {
            **{name: getattr(world.settings, name) for name in type(world.settings).model_fields},
            "database_url": url,
            "tick_seconds": 0.2,
        }
        self._forks = multiprocessing.get_context("forkserver")
        self._forks.set_forkserver_preload([__name__])
        self._running: list[Any] = []
        self.kills = 0

    def start(self, *, until_idle: bool = False) -> Any:
        process = self._forks.Process(target=work, args=(self._settings, until_idle), daemon=True)
        process.start()
        self._running.append(process)
        return process

    def kill_one(self, dice: random.Random) -> None:
        """SIGKILL one of them, in the middle of whatever it does, and start another."""
        victim = self._running.pop(dice.randrange(len(self._running)))
        victim.kill()
        victim.join()
        victim.close()
        self.kills += 1
        self.start()

    def end(self) -> None:
        for process in self._running:
            process.kill()
            process.join()
            process.close()
        self._running.clear()
