"""A call's deadline, checked between reads: a socket's own time-out holds for one wait only, not for their sum."""

from __future__ import annotations

import io
import socket
import ssl
import time
from functools import partial
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import Any


class Deadline:
    """Ends `seconds` after it was made, on a clock that nobody can turn."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left, more than none. Raises TimeoutError."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the call's deadline has passed")
        return left

    def arm(self, sock: socket.socket | None) -> None:
        """Let the socket's next wait end no later than the call. Raises TimeoutError."""
        left = self.left()
        if sock is not None:
            sock.settimeout(left)


class TimedConnection(HTTPConnection):
    """A connection whose writes and reads end with the deadline of the call that is under way."""

    auto_open = 0  # http.client must not open a second connection behind our back

    def under(self, deadline: Deadline) -> None:
        """From now on this deadline holds."""
        self._deadline = deadline
        self.response_class = partial(WatchedResponse, deadline=deadline)  # type: ignore[assignment]

    def send(self, data: Any) -> None:
        self._deadline.arm(self.sock)
        super().send(data)


class TimedTlsConnection(TimedConnection, HTTPSConnection):
    """The same over TLS."""


class WatchedResponse(HTTPResponse):
    """Reads its status line, headers and body through a socket that is armed anew before every read."""

    def __init__(self, sock: socket.socket, *args: Any, deadline: Deadline, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        # Nothing has been read yet, so the buffer that is put aside here is empty.
        plain = self.fp.detach()
        self.fp = io.BufferedReader(_Watched(plain, sock, deadline))


class _Watched(io.RawIOBase):
    def __init__(self, plain: io.RawIOBase, sock: socket.socket, deadline: Deadline) -> None:
        super().__init__()
        self._plain, self._sock, self._deadline = plain, sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._deadline.arm(self._sock)
        return self._plain.readinto(buffer)

    def close(self) -> None:
        self._plain.close()
        super().close()


def open_socket(host: str, port: int, deadline: Deadline, tls: ssl.SSLContext | None) -> socket.socket:
    """Connect to the first of the host's addresses that answers; the deadline covers all of them. Raises OSError.

    Asking the resolver for the addresses is the one wait that cannot be bounded from here.
    """
    addresses = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
    for ahead, (family, kind, protocol, _name, address) in zip(range(len(addresses), 0, -1), addresses, strict=True):
        sock = socket.socket(family, kind, protocol)
        try:
            # An address that swallows everything leaves the others their share of the time.
            sock.settimeout(deadline.left() / ahead)
            sock.connect(address)
            # Headers and body are two writes: waiting to join them costs 40 ms a call.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            deadline.arm(sock)
            return tls.wrap_socket(sock, server_hostname=host) if tls else sock
        except OSError:
            sock.close()
            if ahead == 1:
                raise
        except BaseException:
            sock.close()
            raise
    raise OSError("the host has no address")
