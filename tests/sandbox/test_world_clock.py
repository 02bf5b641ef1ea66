"""The world's clock is turned: it leaps, runs, stands still, and nobody ever sees it go backwards."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from addon import clock as worlds_clock
from addon.sandbox import world_clock

THREE_DAYS = timedelta(days=3)
SOON = timedelta(seconds=5)
START = datetime(2026, 11, 24, 13, 2, tzinfo=UTC)


@pytest.fixture(params=["in one process", "in a file"])
def world(request: pytest.FixtureRequest, clock: ModuleType, tmp_path: Path) -> Iterator[ModuleType]:
    if request.param == "in a file":
        clock.follow(tmp_path / "demo" / "clock.json")
    yield clock
    clock.follow(None)


def test_a_span_passes_at_once_and_the_speed_stays(world: ModuleType) -> None:
    world.set_world(START, speed=2)

    world_clock.forward(THREE_DAYS)

    seen = world_clock.reading()
    assert START + THREE_DAYS <= seen.now < START + THREE_DAYS + SOON
    assert seen.speed == 2


def test_another_speed_begins_where_the_clock_stands(world: ModuleType) -> None:
    world_clock.forward(THREE_DAYS)
    before = world_clock.reading().now

    world_clock.run(60)

    seen = world_clock.reading()
    assert before <= seen.now < before + timedelta(minutes=5)
    assert seen.speed == 60


def test_a_clock_that_stands_still_goes_on_from_there(world: ModuleType) -> None:
    world_clock.run(0)
    stopped = world_clock.reading()

    assert world_clock.reading() == stopped

    world_clock.forward(THREE_DAYS)
    assert world_clock.reading().now == stopped.now + THREE_DAYS
    world_clock.run(1)
    assert stopped.now + THREE_DAYS <= world_clock.reading().now < stopped.now + THREE_DAYS + SOON


def test_leases_and_sign_ins_keep_the_walls_time(world: ModuleType) -> None:
    world_clock.forward(THREE_DAYS)

    assert abs(world.now() - THREE_DAYS - world.real_now()) < SOON
    assert abs((datetime.now(UTC) - world.real_now()).total_seconds()) < 5


@pytest.mark.parametrize("speed", [0, 3600])
def test_a_demo_that_ends_leaves_the_walls_pace_behind(world: ModuleType, speed: float) -> None:
    world_clock.forward(THREE_DAYS)
    world_clock.run(speed)

    world_clock.rest()

    assert world_clock.reading().speed == 1
    assert world_clock.reading().now >= world.real_now() + THREE_DAYS - SOON


def test_a_clock_that_keeps_the_walls_pace_is_not_touched(clock: ModuleType, tmp_path: Path) -> None:
    clock.follow(tmp_path / "clock.json")

    world_clock.rest()

    assert not (tmp_path / "clock.json").exists()


@pytest.mark.parametrize("by", [timedelta(seconds=-1), timedelta(days=367)])
def test_time_does_not_go_back_nor_leap_over_years(clock: ModuleType, by: timedelta) -> None:
    with pytest.raises(ValueError, match="may pass at once"):
        world_clock.forward(by)


def test_the_world_ends_before_dates_do(clock: ModuleType) -> None:
    clock.set_world(datetime(2100, 12, 30, tzinfo=UTC))

    with pytest.raises(ValueError, match="2100"):
        world_clock.forward(THREE_DAYS)


@pytest.mark.parametrize("speed", [-1.0, 1e9, float("nan"), float("inf")])
def test_an_odd_speed_is_refused(clock: ModuleType, speed: float) -> None:
    with pytest.raises(ValueError, match="times the wall's speed"):
        world_clock.run(speed)


def test_nobody_sees_it_go_backwards_while_it_is_turned(world: ModuleType) -> None:
    done = threading.Event()
    backwards: list[tuple[datetime, datetime]] = []

    def watch() -> None:
        seen = world.now()
        while not done.is_set():
            last, seen = seen, world.now()
            if seen < last:
                backwards.append((last, seen))

    watching = threading.Thread(target=watch)
    watching.start()
    for speed in (3600, 1, 86_400, 0, 60, 1) * 8:
        world_clock.run(speed)
        world_clock.forward(timedelta(minutes=1))
    done.set()
    watching.join()

    assert backwards == []


def _forward(file: Path, times: int) -> None:
    worlds_clock.follow(file)
    for _ in range(times):
        world_clock.forward(timedelta(hours=1))


def test_two_processes_that_turn_it_at_once_both_count(clock: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    clock.follow(file)
    clock.set_world(START, speed=0)
    others = [multiprocessing.get_context("fork").Process(target=_forward, args=(file, 20)) for _ in range(2)]

    for other in others:
        other.start()
    for other in others:
        other.join(30)

    assert world_clock.reading().now == START + timedelta(hours=40)
