"""The port to the job engine: it wakes, it never remembers.

What is due, leased, sent and covered are rows of ours. An engine that loses everything costs time, never a mail.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Jobs(Protocol):
    def on(self, name: str, function: Callable[[str], None]) -> None:
        """Call `function(key)` whenever `wake(name, key)` was called; a key is never worked on twice at once."""

    def wake(self, name: str, key: str) -> None:
        """Have it done soon. Waking what already waits or runs is no error and is not done twice for it."""
