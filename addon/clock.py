"""What time it is. Every process reads the same offset and speed, so that a simulated week can pass.

`now()` is the world's time: due dates, stage ages, the diary. `real_now()` is the wall's: leases, quiet minutes,
sweeps and token checks keep to it. Nothing else in the project asks for the time.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path


@dataclass(frozen=True)
class Pace:
    """From `real` on (epoch seconds), the world shows `world` and runs `speed` times as fast."""

    real: float = 0.0
    world: float = 0.0
    speed: float = 1.0

    def at(self, real: float) -> float:
        """What the world's clock shows at this moment of the wall's; both in epoch seconds."""
        return self.world + (real - self.real) * self.speed if self.real else real


_SLACK = 0.05
"""Seconds of real time that a new pace may take to reach whoever reads the clock just now."""


class _Shared:
    def __init__(self) -> None:
        self.path: Path | None = None
        self.stamp: tuple[int, int] | None = None
        self.pace = Pace()
        self.lock = threading.Lock()

    def read(self) -> Pace:
        if self.path is None:
            return self.pace
        try:
            stat = os.stat(self.path)
        except FileNotFoundError:
            return Pace()
        stamp = (stat.st_mtime_ns, stat.st_ino)
        with self.lock:
            if stamp != self.stamp:
                self.pace, self.stamp = Pace(**json.loads(self.path.read_text())), stamp
            return self.pace


_shared = _Shared()


def follow(path: Path | None) -> None:
    """Take offset and speed from this file from now on; None means the wall's time."""
    with _shared.lock:
        _shared.path, _shared.stamp, _shared.pace = path, None, Pace()


def set_world(world: datetime, *, speed: float = 1.0) -> None:
    """Say what the world's clock shows now and how fast it runs. Written to the shared file where one is followed."""
    _write(Pace(real=real_now().timestamp(), world=world.timestamp(), speed=speed))


def change(*, by: timedelta = timedelta(0), speed: float | None = None) -> None:
    """Let a span of the world's time pass at once, or go on at another speed: never backwards, whoever else does so.

    A slower clock jumps ahead by some hundredths of a second of the old speed: somebody may have read them already.
    `by` is not negative, `speed` neither; 0 stands still.
    """
    with _alone():
        pace = _shared.read()
        real = real_now().timestamp()
        wanted = pace.speed if speed is None else speed
        ahead = _SLACK * max(0.0, pace.speed - wanted)
        _write(Pace(real=real, world=pace.at(real) + ahead + by.total_seconds(), speed=wanted))


def _write(pace: Pace) -> None:
    with _shared.lock:
        if _shared.path is None:
            _shared.pace = pace
            return
        _shared.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = _shared.path.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(pace)))
        os.replace(fresh, _shared.path)
        _shared.stamp = None


_changing = threading.Lock()


@contextmanager
def _alone() -> Iterator[None]:
    """No other thread and no other process changes the clock meanwhile; the system lets go of it for who dies."""
    with _changing:
        if _shared.path is None:
            yield
            return
        _shared.path.parent.mkdir(parents=True, exist_ok=True)
        with _shared.path.with_suffix(".lock").open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield


def now() -> datetime:
    """The world's time, in UTC."""
    return datetime.fromtimestamp(_shared.read().at(real_now().timestamp()), UTC)


def speed() -> float:
    """How many times faster than the wall's clock the world runs."""
    return _shared.read().speed


def real_now() -> datetime:
    """The wall's time, in UTC: for leases, quiet minutes, sweeps and token checks."""
    return datetime.now(UTC)


def ago(span: timedelta) -> datetime:
    """The world's time a span before now."""
    return now() - span
