"""A one-click move on SQLite while a campaign sends and a long list of deals is imported, all in one process.

Beside it the same moves while nothing else is done. What holds the write lock longest is told with it.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from sqlalchemy import select

from addon import clock
from addon.domain.access import Viewer
from addon.domain.campaigns.queries import progress
from addon.domain.imports import mapping, operations
from addon.domain.imports import queries as imports
from addon.domain.ladder import operations as ladder
from addon.models import Deal, Stage, Subject, User
from addon.worker.importing import Importer
from bench.figures import sending
from bench.holding import Held, held
from bench.measuring import Figure, require
from bench.world import World

_PAUSE = 0.1
"""Seconds from one click to the next, on average."""
_MAILS = 20
"""Mails of the campaign for each move: there are some left at the end."""


def move_p99_under_load(world: World) -> Figure:
    """Milliseconds of a move with its commit that ninety-nine of a hundred do not take."""
    moves = _Moves(world)
    quiet = [moves.one() for _ in range(min(world.size.moves, 100))]
    campaign_id = sending.launched(world, "busy", world.size.mails * _MAILS)
    import_id = _begun(world)
    over = threading.Event()
    with held(world.house.database) as seen, _at_work(world, import_id, over):
        took = moves.until(over)
    rows, mails = _came_to(world, import_id, campaign_id)
    return _told(world, took, quiet, seen, f"{rows:,} of {world.size.imported:,} rows imported, {mails:,} mails sent")


def _told(world: World, took: Sequence[float], quiet: Sequence[float], seen: Held, meanwhile: str) -> Figure:
    notes = [
        f"{len(took)} moves: p50 {_part(took, 0.5):.0f} ms, p95 {_part(took, 0.95):.0f} ms, worst {max(took):.0f} ms;"
        f" alone p50 {_part(quiet, 0.5):.0f} ms",
        f"meanwhile {meanwhile}",
        *seen.told(),
    ]
    return Figure(_part(took, 0.99), "ms (p99)", _part(quiet, 0.99), "the same moves, nothing else going on", notes)


class _Moves:
    """One person who clicks."""

    def __init__(self, world: World) -> None:
        self._world, self._chance = world, random.Random(11)
        with world.house.database.reading(world.team.viewer) as session:
            self._deals = session.scalars(select(Deal.id).order_by(Deal.id).limit(500)).all()
            self._stages = session.scalars(select(Stage.id).order_by(Stage.id).limit(3)).all()

    def one(self) -> float:
        """Milliseconds, from the click to the commit."""
        deal_id, begun = self._chance.choice(self._deals), time.perf_counter()
        with self._world.house.database.writing(self._world.team.viewer) as session:
            deal = session.get_one(Deal, deal_id)
            target = self._chance.choice([stage for stage in self._stages if stage != deal.stage_id])
            ladder.move(session, deal.id, target, seen=deal.last_move, at=clock.now())
        return (time.perf_counter() - begun) * 1000

    def until(self, over: threading.Event) -> list[float]:
        """As many as are wanted, or until the others are done."""
        took: list[float] = []
        while len(took) < self._world.size.moves and not over.wait(self._chance.uniform(0, 2 * _PAUSE)):
            took.append(self.one())
        require(bool(took), "Nobody moved anything.")
        return took


def _begun(world: World) -> int:
    """An import of deals with people and companies, about to be taken in."""
    rows = "".join(
        f"Ramp {n},{n},EUR,Firm {n // 3},b{n}@firm{n // 3}.example,Jane {n},Product {n % 30}\n"
        for n in range(world.size.imported)
    )
    data = f"title,value,currency,company,email,contact name,product\n{rows}".encode()
    with world.house.database.reading(world.team.viewer) as session:
        viewer = Viewer.of(session.scalars(select(User).order_by(User.id).limit(1)).one())
    with world.house.database.writing(viewer) as session:
        made = operations.start(session, Subject.DEAL, "list.csv", data, at=clock.now())
        mapping.choose(session, made.id, mapping.suggest(session, made.id), at=clock.now())
        operations.begin(session, made.id, at=clock.now())
        return made.id


@contextmanager
def _at_work(world: World, import_id: int, over: threading.Event) -> Iterator[None]:
    """The worker's two, each in a thread as in `dealthread serve`; `over` is set when the import is."""
    importer, attendant = Importer(world.house.database), world.attendant()
    importer.stopping = attendant.stopping = over.is_set

    def take_in() -> None:
        while not over.is_set() and importer.turn(import_id, world.team.team_id):
            pass
        over.set()

    def send() -> None:
        while not over.is_set() and attendant.attend(world.team.bens_mailbox, world.team.team_id).sent:
            pass

    with ExitStack() as stack:
        stack.callback(over.set)
        for name, work in (("the import", take_in), ("the campaign", send)):
            stack.enter_context(_thread(name, work))
        yield
        over.set()


@contextmanager
def _thread(name: str, work: Callable[[], None]) -> Iterator[None]:
    thread = threading.Thread(target=work, name=name)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _came_to(world: World, import_id: int, campaign_id: int) -> tuple[int, int]:
    with world.house.database.reading(world.team.viewer) as session:
        rows, mails = imports.progress(session, import_id).at, progress(session, campaign_id).sent
    require(rows > 0, "Nothing was imported.")
    return rows, mails


def _part(numbers: Sequence[float], part: float) -> float:
    return sorted(numbers)[min(len(numbers) - 1, int(len(numbers) * part))]
