"""Law 5 against death: at every commit and every call to Gmail, crossed with every fault, each person has it once."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from addon.models import OutgoingState
from tests.databases import on_sqlite
from tests.sending.killing import Boundaries, Killed
from tests.sending.world import World, world

TURNS = 20

FAULTS: dict[str, dict[str, Any] | None] = {
    "no fault": None,
    "401 at create": {"method": "drafts.create", "kind": "401"},
    "401 at send": {"method": "drafts.send", "kind": "401"},
    "403 rate at send": {"method": "drafts.send", "kind": "error", "reason": "userRateLimitExceeded"},
    "429 at create": {"method": "drafts.create", "kind": "429", "retry_after": 0},
    "429 at send": {"method": "drafts.send", "kind": "429", "retry_after": 0},
    "500 before create": {"method": "drafts.create", "kind": "500"},
    "500 after create": {"method": "drafts.create", "kind": "500_after"},
    "500 before send": {"method": "drafts.send", "kind": "500"},
    "500 after send": {"method": "drafts.send", "kind": "500_after"},
    "hang-up after create": {"method": "drafts.create", "kind": "hangup_after"},
    "hang-up after send": {"method": "drafts.send", "kind": "hangup_after"},
    "hang-up before send": {"method": "drafts.send", "kind": "hangup_before"},
    "time-out before send": {"method": "drafts.send", "kind": "timeout_before"},
    "time-out after create": {"method": "drafts.create", "kind": "timeout_after"},
    "time-out after send": {"method": "drafts.send", "kind": "timeout_after"},
    "late create": {"method": "drafts.create", "kind": "timeout_late", "seconds": 0.05},
    "late send": {"method": "drafts.send", "kind": "timeout_late", "seconds": 0.05},
    "expired history": {"method": "history.list", "kind": "history_expired"},
}


@pytest.fixture
def memory_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: hundreds of deaths, each with some twenty synced commits."""
    if not os.access("/dev/shm", os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="dealthread-") as folder:
        yield Path(folder)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_whatever_line_it_dies_at_the_person_has_the_mail_once(
    fault: dict[str, Any] | None, memory_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a fault at every line; with one at every third, another third with each fault."""
    thirds = list(FAULTS.values()).index(fault) % 3 if fault else None
    _die(fault, memory_folder, monkeypatch, lambda number: thirds is None or number % 3 == thirds)


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_at_every_line_with_every_fault_the_person_has_the_mail_once(
    fault: dict[str, Any] | None, memory_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _die(fault, memory_folder, monkeypatch, lambda number: True)


def _die(
    fault: dict[str, Any] | None,
    memory_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    chosen: Callable[[int], bool],
) -> None:
    with on_sqlite(memory_folder) as database, world(memory_folder, database, people=0, call_seconds=0.12) as made:
        boundaries = Boundaries(monkeypatch, made.workers_database)
        made.meddle = boundaries.mailbox
        if fault is not None and fault["method"].startswith("drafts"):
            boundaries.only_sending()
        crossed = _walk(made, boundaries, None, fault)
        assert "before send_draft" in crossed
        for number in filter(chosen, range(len(crossed))):
            _walk(made, boundaries, number, fault)

    assert len(crossed) >= 8


def _walk(made: World, boundaries: Boundaries, die_at: int | None, fault: dict[str, Any] | None) -> list[str]:
    """One mail, one fault, one death; turn after turn until all is settled. Returns the boundaries crossed."""
    person = made.one_more_person()
    if fault is not None:
        made.gmail.faults.add(**fault)
    boundaries.kill_at(die_at)
    crossed: list[str] = []
    for _ in range(TURNS):
        try:
            made.attend(sweep_early=True)
        except Killed:
            crossed = list(boundaries.crossed)
            boundaries.live_on()
        made.gmail.faults.settle(5)
        made.hurry()
        if made.settled() and made.drafts() == 0:
            break

    at = f"died at {die_at} ({crossed[-1] if crossed else 'nothing'})"
    assert made.got(person) == 1, at
    assert set(made.states()) == {OutgoingState.SENT}, at
    assert made.drafts() == 0, at
    made.gmail.faults.clear()
    return crossed or list(boundaries.crossed)
