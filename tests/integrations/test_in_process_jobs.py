"""The engine of one process: how it starts, stops and says how it is."""

from __future__ import annotations

import threading

from structlog.testing import capture_logs

from addon.domain.ports.mailbox import GrantLost
from addon.integrations.jobs.in_process import InProcessJobs

PATIENCE = 10.0


def test_it_is_alive_between_start_and_stop():
    engine = InProcessJobs(2)
    assert not engine.alive

    engine.start()
    engine.start()
    assert engine.alive

    assert engine.stop(PATIENCE)
    assert not engine.alive


def test_stopping_lets_what_runs_end_and_drops_what_waits():
    engine, began, go, done = InProcessJobs(1), threading.Event(), threading.Event(), []

    def work(key: str) -> None:
        began.set()
        assert go.wait(PATIENCE)
        done.append(key)

    engine.on("pump", work)
    engine.start()
    engine.wake("pump", "1")
    assert began.wait(PATIENCE)
    engine.wake("pump", "1")
    engine.wake("pump", "2")

    assert not engine.stop(0), "something still runs"
    go.set()

    assert engine.stop(PATIENCE)
    assert done == ["1"]


def test_after_the_stop_nothing_is_taken_on():
    engine = InProcessJobs(1)
    engine.on("pump", lambda key: None)
    engine.start()
    assert engine.stop(PATIENCE)

    engine.wake("pump", "1")
    engine.start()

    assert not engine.alive
    assert engine.stop(PATIENCE)


def test_a_failure_is_logged_with_its_code_and_place():
    engine, after = InProcessJobs(1), threading.Event()

    def fail(key: str) -> None:
        raise GrantLost("invalid_grant")

    engine.on("bad", fail)
    engine.on("after", lambda key: after.set())
    with capture_logs() as logged:
        engine.start()
        engine.wake("bad", "7")
        engine.wake("after", "")
        assert after.wait(PATIENCE)
    assert engine.stop(PATIENCE)

    failure = next(entry for entry in logged if entry["event"] == "job_failed")
    assert (failure["job"], failure["key"], failure["error"], failure["code"]) == (
        "bad",
        "7",
        "GrantLost",
        "invalid_grant",
    )
    assert failure["where"].partition(":")[0].endswith("test_in_process_jobs")
