"""The marathon: two workers, a campaign, faults at random, SIGKILL after SIGKILL. Counted at the recipients."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from addon.domain.access import Database
from addon.models import OutgoingState
from tests.sending.workers import PATIENCE, Progress, Workers, campaign_for
from tests.sending.world import World, world

AFTER_EFFECT = ("hangup_after", "500_after", "timeout_after")


@pytest.fixture
def marathon(tmp_path: Path, database: Database) -> Iterator[World]:
    with world(
        tmp_path, database, people=0, call_seconds=0.5, quiet_seconds=0.5, sweep_seconds="0.2,0.5,1", daily_cap=10_000
    ) as made:
        yield made


def test_twenty_kills_and_everybody_has_the_mail_once(marathon: World) -> None:
    _run(marathon, kills=20, seed=5)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_two_hundred_kills_and_everybody_has_the_mail_once(marathon: World, seed: int) -> None:
    _run(marathon, kills=20, seed=seed)


def _run(made: World, *, kills: int, seed: int) -> None:
    dice = random.Random(seed)
    people = kills * 7
    progress = Progress(made)
    made.gmail.on_sent(lambda _sent: time.sleep(0.01))  # Gmail takes its time, so that a kill finds a call under way
    for kind in AFTER_EFFECT:
        for method in ("drafts.create", "drafts.send"):
            made.gmail.faults.add(method=method, kind=kind, probability=0.02, seed=seed)
    campaign_for(made, people)
    workers = Workers(made)
    try:
        workers.start()
        workers.start()
        for _ in range(kills):
            assert progress.wait_for(dice.randrange(1, 7)), "the campaign stands still"
            workers.kill_one(dice)
        made.gmail.faults.clear()
        workers.end()
        last = workers.start(until_idle=True)
        last.join(PATIENCE)
        assert last.exitcode == 0
    finally:
        workers.end()

    counts = made.gmail.outside.counts()
    wrong = {email: counts.get(email, 0) for email in _people(people) if counts.get(email, 0) != 1}
    assert not wrong, f"not exactly once: {wrong}"
    assert set(made.states_of_all()) == {OutgoingState.SENT}
    assert made.drafts() == 0
    assert workers.kills == kills


def _people(number: int) -> list[str]:
    return [f"person{each}@acme.example" for each in range(number)]
