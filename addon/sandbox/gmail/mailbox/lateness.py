"""History that tells of what happened only some seconds later, while a fault says so.

The seconds are real ones, as those of every wait at the wire: in a world whose clock runs fast, ten of its seconds
would be over before anybody could ask. A record is late if it was made under the fault; what had been told stays told,
and when the fault ends everything is told at once. Nothing of this outlives the process.
"""

from __future__ import annotations

import threading
import time
from collections import deque

from addon.sandbox.gmail.fault_kinds import Kind
from addon.sandbox.gmail.faults import Faults


class Lateness:
    """Knows how far each mailbox's history may be seen."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._lock = threading.Lock()
        self._waiting: dict[int, deque[tuple[int, float, int]]] = {}
        """By mailbox: the history id before a late record, when the record may be seen, the fault that keeps it."""

    def note(self, account: int, email: str, before: int) -> None:
        """A record was made; `before` is the mailbox's history id just before it."""
        fault = self._faults.standing(Kind.HISTORY_LATE, email)
        if fault is not None:
            with self._lock:
                waiting = self._waiting.setdefault(account, deque())
                waiting.append((before, time.monotonic() + fault.seconds, fault.number))

    def seen(self, account: int, email: str, latest: int) -> int:
        """The history id up to which the mailbox's history may be seen; `latest` where nothing is late."""
        if not self._waiting:
            return latest
        fault = self._faults.standing(Kind.HISTORY_LATE, email)
        with self._lock:
            waiting = self._waiting.get(account, deque())
            now = time.monotonic()
            while waiting and (fault is None or waiting[0][2] != fault.number or waiting[0][1] <= now):
                waiting.popleft()
            if not waiting:
                self._waiting.pop(account, None)
                return latest
            return min(waiting[0][0], latest)
