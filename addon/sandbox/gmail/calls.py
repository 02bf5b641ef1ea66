"""How often each method was called, counted before any fault strikes."""

from __future__ import annotations

import threading
from collections import Counter


class Calls:
    """A counter per method name; reading a method never called gives 0."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def count(self, method: str) -> None:
        """One more call of this method."""
        with self._lock:
            self._counts[method] += 1

    def __getitem__(self, method: str) -> int:
        with self._lock:
            return self._counts[method]

    def all(self) -> dict[str, int]:
        """All methods that were called."""
        with self._lock:
            return dict(self._counts)

    def reset(self) -> None:
        """Count from nothing again."""
        with self._lock:
            self._counts.clear()
