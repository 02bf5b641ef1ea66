"""What any job engine must do: wake what was asked for, never twice at once, and survive whatever a job does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from structlog.testing import capture_logs

from addon.domain.ports.jobs import Jobs
from addon.integrations.jobs.in_process import InProcessJobs

PATIENCE = 10.0


class Running:
    """An engine between its start and its stop."""

    def __init__(self, jobs: Jobs, start: Callable[[], object]) -> None:
        self.jobs, self.start = jobs, start


@contextmanager
def in_process() -> Iterator[Running]:
    engine = InProcessJobs(threads=3)
    yield Running(engine, engine.start)
    assert engine.stop(PATIENCE)


ENGINES: dict[str, Callable[[], AbstractContextManager[Running]]] = {"in process": in_process}


@pytest.fixture(params=ENGINES.values(), ids=ENGINES.keys())
def engine(request: pytest.FixtureRequest) -> Iterator[Running]:
    with request.param() as running:
        yield running


class Seen:
    """Counts runs; a run can be held until it is let go."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.held = threading.Event()
        self.held.set()
        self._changed = threading.Condition()

    def __call__(self, key: str) -> None:
        with self._changed:
            self.keys.append(key)
            self._changed.notify_all()
        assert self.held.wait(PATIENCE)

    def reach(self, count: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: len(self.keys) >= count, PATIENCE)


def test_a_wake_calls_the_function_with_its_key(engine):
    seen = Seen()
    engine.jobs.on("pump", seen)
    engine.start()

    engine.jobs.wake("pump", "7")

    assert seen.reach(1)
    assert seen.keys == ["7"]


def test_what_was_woken_before_the_start_is_done_once(engine):
    seen = Seen()
    engine.jobs.on("pump", seen)
    for _ in range(3):
        engine.jobs.wake("pump", "7")
    engine.jobs.wake("pump", "8")

    engine.start()

    assert seen.reach(2)
    assert sorted(seen.keys) == ["7", "8"]


def test_any_number_of_wakes_during_a_run_cause_one_more_run(engine):
    seen, marker = Seen(), Seen()
    engine.jobs.on("pump", seen)
    engine.jobs.on("marker", marker)
    engine.start()
    seen.held.clear()
    engine.jobs.wake("pump", "7")
    assert seen.reach(1)

    for _ in range(5):
        engine.jobs.wake("pump", "7")
    engine.jobs.wake("marker", "now")
    assert marker.reach(1)
    assert seen.keys == ["7"], "a key is never worked on twice at once"
    seen.held.set()

    assert seen.reach(2)
    engine.jobs.wake("marker", "later")
    assert marker.reach(2)
    assert seen.keys == ["7", "7"]


def test_different_keys_are_worked_on_at_once(engine):
    together = threading.Barrier(2)
    met = Seen()

    def meet(key: str) -> None:
        together.wait(PATIENCE)
        met(key)

    engine.jobs.on("pump", meet)
    engine.start()

    engine.jobs.wake("pump", "7")
    engine.jobs.wake("pump", "8")

    assert met.reach(2)


def test_the_same_key_under_two_names_is_two_jobs(engine):
    sync, send = Seen(), Seen()
    engine.jobs.on("sync", sync)
    engine.jobs.on("send", send)
    engine.start()

    engine.jobs.wake("sync", "7")
    engine.jobs.wake("send", "7")

    assert sync.reach(1)
    assert send.reach(1)


def test_a_job_can_wake_others_and_itself(engine):
    seen = Seen()

    def again(key: str) -> None:
        seen(key)
        if len(seen.keys) < 3:
            engine.jobs.wake("pump", key)

    engine.jobs.on("pump", again)
    engine.start()

    engine.jobs.wake("pump", "7")

    assert seen.reach(3)


def test_names_that_nobody_works_on_here_are_passed_over(engine):
    seen = Seen()
    engine.jobs.on("pump", seen)
    engine.start()

    engine.jobs.wake("somebody else's", "7")
    engine.jobs.wake("pump", "7")

    assert seen.reach(1)


@pytest.mark.parametrize("trouble", [RuntimeError("secret sentence"), SystemExit("secret sentence")])
def test_a_job_that_fails_harms_no_other_and_its_words_are_not_logged(engine, trouble):
    seen = Seen()

    def fail(key: str) -> None:
        raise trouble

    engine.jobs.on("bad", fail)
    engine.jobs.on("good", seen)
    with capture_logs() as logged:
        engine.start()
        for number in range(8):
            engine.jobs.wake("bad", str(number))
        engine.jobs.wake("good", "7")
        assert seen.reach(1)
        assert _failures(logged)

    assert {entry["error"] for entry in _failures(logged)} == {type(trouble).__name__}
    assert "secret" not in repr(logged)


def _failures(logged: list[Any]) -> list[Any]:
    return [entry for entry in logged if entry["event"] == "job_failed"]
