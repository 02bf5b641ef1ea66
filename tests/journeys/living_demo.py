"""The demo as a person starts it: its own process, a clock that can be moved, and an end by Ctrl-C's signal."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from addon import clock

ROOT = Path(__file__).parents[2]

BRISK = {"DEALTHREAD_TICK_SECONDS": "0.3", "DEALTHREAD_POLL_SECONDS": "5"}


@dataclass(frozen=True)
class LivingDemo:
    """A demo that runs. `home` is the workspace's address, without a slash at its end."""

    home: str
    data: Path

    def let_pass(self, seconds: float) -> None:
        """Some of the world's time goes by at once, for every process of the demo."""
        clock.follow(self.data / "clock.json")
        clock.set_world(clock.now() + timedelta(seconds=seconds))

    def stand_still(self) -> None:
        """Nobody out there answers any more; mail still goes out and comes in."""
        clock.follow(self.data / "clock.json")
        clock.change(speed=0)

    def troubles(self) -> list[str]:
        """What the log holds that nobody should have to read."""
        lines = (self.data / "demo.log").read_text(encoding="utf-8").splitlines()
        return [line for line in lines if re.search(r"Traceback|\b(ERROR|CRITICAL|error|critical)\b", line)]


@contextmanager
def living_demo(data: Path, **settings: str) -> Iterator[LivingDemo]:
    """`python -m addon.sandbox`, warnings being errors, until the walk is over; it must end when told to, cleanly."""
    strict = ("-W", "error", "-W", "ignore::ResourceWarning")  # a browser's idle connections may be open at the end
    command = [sys.executable, *strict, "-m", "addon.sandbox", "--port", "0", "--data", str(data)]
    with subprocess.Popen(command, env=_environment(**BRISK, **settings), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            home = re.search(r"http://localhost:\d+", said)
            assert home is not None, said
            yield LivingDemo(home[0], data)
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            process.kill()


@contextmanager
def second_worker(demo: LivingDemo) -> Iterator[None]:
    """`dealthread worker` beside the demo's own, joined by the settings that the demo wrote down."""
    lines = (demo.data / "environment").read_text(encoding="utf-8").splitlines()
    settings = dict(line.replace("'", "").split("=", 1) for line in lines)
    with subprocess.Popen(
        [sys.executable, "-m", "addon", "worker"], env=_environment(**settings), stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            assert process.stderr.readline(), "it says that it works"
            yield
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            process.kill()


def _environment(**more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DEALTHREAD_")}
    return clean | {"PYTHONPATH": str(ROOT)} | more
