"""Troubles of Gmail's that can be switched on by name, each a fault or two; the words stand under `sandbox.world`."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from addon.sandbox.gmail import Gmail
from addon.sandbox.gmail.fault_kinds import CATALOGUE
from addon.sandbox.gmail.faults import Fault

_OURS = "messages.get, history.list, drafts.create, drafts.send, messages.send"
"""What Dealthread calls all the time; this mail program's own lists stay quick."""


@dataclass(frozen=True)
class Story:
    key: str
    faults: tuple[dict[str, Any], ...]


STORIES = (
    Story("third_send", ({"kind": "500", "method": "sends", "every": 3},)),
    Story("lost_answers", ({"kind": "hangup_after", "method": "sends", "probability": 1.0},)),
    Story("slow_down", ({"kind": "429", "method": "sends", "probability": 1.0, "retry_after": 20},)),
    Story("daily_limit", ({"kind": "daily_limit", "lasts": 600.0},)),
    Story("late_history", ({"kind": "history_late", "seconds": 10.0},)),
    Story("lost_pushes", ({"kind": "push_lost", "probability": 1.0},)),
    Story("slow", ({"kind": "slow_before", "method": _OURS, "seconds": 3.0, "probability": 1.0},)),
    Story("thread_changes", ({"kind": "thread_changes", "method": "sends", "probability": 1.0},)),
    Story("limit_bounces", ({"kind": "limit_bounce", "method": "sends", "every": 2},)),
)


def lasts(fault: Fault) -> bool:
    """Whether it strikes no single call: the mailbox is so for as long as the fault stands."""
    return CATALOGUE[fault.kind].when == "meanwhile"


class Stories:
    """Which stories are being told. A fault that somebody took away ends its story."""

    def __init__(self, gmail: Gmail) -> None:
        self._faults = gmail.faults
        self._told: dict[str, list[int]] = {}
        self._lock = threading.Lock()

    def switch(self, key: str, *, on: bool) -> bool:
        """Begin or end a story; False where there is none of this name."""
        story = next((story for story in STORIES if story.key == key), None)
        if story is None:
            return False
        with self._lock:
            for number in self._told.pop(key, []):
                self._faults.remove(number)
            if on:
                self._told[key] = [self._faults.add(**fault).number for fault in story.faults]
        return True

    def told(self) -> dict[str, int | None]:
        """How often each story that is on has struck so far; None for one that just lasts."""
        standing = {fault.number: fault for fault in self.standing()}
        with self._lock:
            found = {
                key: [standing[each] for each in numbers if each in standing] for key, numbers in self._told.items()
            }
        return {
            key: None if all(map(lasts, faults)) else sum(f.fired for f in faults)
            for key, faults in found.items()
            if faults
        }

    def of(self, number: int) -> str:
        """The story that a fault belongs to; empty where somebody asked for it by itself."""
        with self._lock:
            return next((key for key, numbers in self._told.items() if number in numbers), "")

    def standing(self) -> list[Fault]:
        """The faults that may still strike."""
        return [fault for fault in self._faults.all() if fault.left != 0 and fault.remaining]

    def spent(self) -> list[Fault]:
        """Those that have done what they were asked for."""
        standing = {fault.number for fault in self.standing()}
        return [fault for fault in self._faults.all() if fault.number not in standing]

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._faults.clear()
