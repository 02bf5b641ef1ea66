"""A worker at work: the tick, the engine's threads, and a clean end within five seconds of being asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable

import structlog
from sqlalchemy.exc import OperationalError

from addon.domain.access import Database
from addon.domain.ports.jobs import Jobs
from addon.domain.ports.mailbox import Google
from addon.settings import Settings
from addon.worker.attending import Attendant
from addon.worker.bulk import BULK, Bulks
from addon.worker.importing import IMPORT, Importer
from addon.worker.indexing import INDEX, Indexer
from addon.worker.periodic import ATTEND, Clockwork, key

_log = structlog.get_logger()

CATCH_UP = "catch_up"
"""The job: a turn that also looks for strays at once, of a worker that runs until nothing is left."""
IDLE_TICK = 0.25
"""Seconds between ticks of a worker that runs until nothing is left."""
TRIES = 5
"""How often such a worker tries to catch up a mailbox before it leaves it for the next run."""

LONGEST_REST = 5.0
"""Seconds after which a mailbox that must rest is looked at again: somebody may have stopped or paused its mails."""


class Worker:
    """Wakes what is due and attends it. `jobs` runs the turns; throwing it away loses nothing."""

    def __init__(self, database: Database, settings: Settings, google: Google, jobs: Jobs) -> None:
        self._clockwork = Clockwork(database, settings)
        self._attendant = Attendant(database, settings, google)
        self._attendant.stopping = lambda: self._stop.is_set()
        self._settings = settings
        self._jobs = jobs
        self._stop = threading.Event()
        self._nudge = threading.Event()
        self._rest: dict[str, float] = {}
        self._owed: dict[str, int] = {}
        self._owing = threading.Lock()
        jobs.on(ATTEND, self._attend)
        jobs.on(CATCH_UP, self._catch_up)
        self._importer = Importer(database)
        self._importer.stopping = lambda: self._stop.is_set()
        jobs.on(IMPORT, self._import)
        self._bulks = Bulks(database, lambda: self._stop.is_set())
        jobs.on(BULK, self._bulk)
        self._indexer = Indexer(database)
        self._indexer.stopping = lambda: self._stop.is_set()
        jobs.on(INDEX, lambda which: self._indexer.turn(int(which)))

    def run(self) -> None:
        """Tick until `stop` is called."""
        while not self._stop.is_set():
            self._tick()
            self._nudge.wait(self._settings.tick_seconds)
            self._nudge.clear()

    def run_until_idle(self) -> None:
        """Attend every mailbox once, then go on until nothing is left that a worker can bring on."""
        self._catch_up_all(self._clockwork.everybody())
        while not self._stop.is_set() and not self._clockwork.is_idle():
            self._tick()
            self._stop.wait(IDLE_TICK)
        self._catch_up_all(self._clockwork.with_strays())  # drafts that faults of this run left behind

    def _catch_up_all(self, mailboxes: Iterable[tuple[int, int]]) -> None:
        """Have each of these read to its end and swept; one that was tried often, or lost its grant, is left."""
        with self._owing:
            self._owed = {key(*mailbox): TRIES for mailbox in mailboxes}
        while not self._stop.is_set():
            connected = {key(*mailbox) for mailbox in self._clockwork.everybody()}
            with self._owing:
                self._owed = {which: tries for which, tries in self._owed.items() if tries > 0 and which in connected}
                owed = list(self._owed)
            if not owed:
                return
            for which in owed:
                self._jobs.wake(CATCH_UP, which)
            self._stop.wait(IDLE_TICK)

    def _catch_up(self, which: str) -> None:
        mailbox_id, team_id = map(int, which.split(":"))
        attended = self._attendant.attend(mailbox_id, team_id, sweep_early=True)
        with self._owing:
            if which in self._owed:
                self._owed[which] = 0 if attended.caught_up else self._owed[which] - attended.taken

    def stop(self) -> None:
        """Begin no other mail; what runs ends between two mails."""
        self._stop.set()
        self._nudge.set()

    def nudge(self) -> None:
        """Tick now: somebody wants something done."""
        self._nudge.set()

    def _tick(self) -> None:
        try:
            self._clockwork.tick(self._jobs)
            for bulk_id, team_id in self._bulks.waiting():
                self._jobs.wake(BULK, key(bulk_id, team_id))
            for team_id in self._indexer.waiting():
                self._jobs.wake(INDEX, str(team_id))
        except OperationalError as trouble:
            _log.error("tick_failed", error=type(trouble.orig).__name__)

    def _attend(self, which: str) -> None:
        mailbox_id, team_id = map(int, which.split(":"))
        if time.monotonic() < self._rest.get(which, 0.0):
            return
        attended = self._attendant.attend(mailbox_id, team_id)
        if attended.wait:
            self._rest[which] = time.monotonic() + min(attended.wait, LONGEST_REST)
        if attended.more and not self._stop.is_set():
            self._jobs.wake(ATTEND, key(mailbox_id, team_id))

    def _import(self, which: str) -> None:
        import_id, team_id = map(int, which.split(":"))
        if self._importer.turn(import_id, team_id) and not self._stop.is_set():
            self._jobs.wake(IMPORT, key(import_id, team_id))

    def _bulk(self, which: str) -> None:
        self._bulks.turn(*map(int, which.split(":")))
