"""Open connections that outlive a mailbox: who opens one mailbox after the other need not greet Google each time.

Nothing about a person sticks to a connection; the access token travels with each request.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from addon.integrations.gmail.transport import Transport


class Connections:
    """Lends transports, each to one borrower at a time. Safe to use from several threads."""

    def __init__(self, timeout: float, *, most_idle: int = 8) -> None:
        """`timeout` in seconds is the deadline of every call."""
        self._timeout, self._most_idle = timeout, most_idle
        self._idle: list[Transport] = []
        self._lock = threading.Lock()
        self._closed = False

    def take(self) -> Transport:
        """The transport that was given back last, as it is the likeliest to be still connected, or a new one."""
        with self._lock:
            return self._idle.pop() if self._idle else Transport(self._timeout)

    def give_back(self, transport: Transport) -> None:
        """Keep it for the next borrower, or close it where enough are kept."""
        with self._lock:
            keep = not self._closed and len(self._idle) < self._most_idle
            if keep:
                self._idle.append(transport)
        if not keep:
            transport.close()

    @contextmanager
    def lent(self) -> Iterator[Transport]:
        """A transport for the length of a block."""
        transport = self.take()
        try:
            yield transport
        finally:
            self.give_back(transport)

    def close(self) -> None:
        """Close what is idle now, and from now on whatever is given back."""
        with self._lock:
            self._closed, idle, self._idle = True, self._idle, []
        for transport in idle:
            transport.close()
