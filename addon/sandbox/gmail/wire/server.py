"""The HTTP server: a thread for each connection, connections kept alive, every answer in one packet."""

from __future__ import annotations

import contextlib
import os
import socket
import threading

from addon.sandbox.gmail.gmail import Gmail
from addon.sandbox.gmail.wire.authority import Authority
from addon.sandbox.gmail.wire.connection import Connection
from addon.sandbox.gmail.wire.site import Site
from addon.sandbox.gmail.wire.tunnels import Tunnels


class PortInUse(Exception):
    """Somebody else listens there; the text is one clear sentence."""


class Server:
    """A running server. `close()` ends it and every connection; the Gmail behind it stays open."""

    def __init__(
        self, gmail: Gmail, *, host: str = "127.0.0.1", port: int = 0, authority: Authority | None = None
    ) -> None:
        self._site, self._tunnels, self._closing = Site(gmail), Tunnels(authority), threading.Event()
        try:
            self._listener = socket.create_server((host, port), backlog=128)
        except OSError as trouble:
            why = os.strerror(trouble.errno) if trouble.errno else str(trouble)
            raise PortInUse(f"Cannot listen on {host}:{port}: {why}.") from None
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://{host}:{self.port}"
        self._lock = threading.Lock()
        self._connections: dict[Connection, threading.Thread] = {}
        self._thread = threading.Thread(target=self._accept, name="gmail-accept", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening, drop all connections, and wait a moment for calls under way."""
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)
        with self._lock:
            running = list(self._connections.items())
        for connection, _ in running:
            connection.drop()
        for _, thread in running:
            thread.join(5)
        self._site.close()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                peer_socket, address = self._listener.accept()
            except OSError:
                return
            connection = Connection(peer_socket, str(address[0]), self._closing)
            thread = threading.Thread(target=self._attend, args=(connection,), name="gmail-connection", daemon=True)
            with self._lock:
                self._connections[connection] = thread
            thread.start()

    def _attend(self, connection: Connection) -> None:
        try:
            connection.serve(self._site, self._tunnels)
        except (OSError, EOFError, ValueError):
            pass  # the caller has gone
        finally:
            connection.drop(close=True)
            with self._lock:
                self._connections.pop(connection, None)


def serve(gmail: Gmail, port: int = 0, *, host: str = "127.0.0.1", authority: Authority | None = None) -> Server:
    """Serve this Gmail on a port (0: any free one). Raises PortInUse.

    With an authority, the same port is a proxy (CONNECT) for Google's host names, which are answered from here.
    """
    return Server(gmail, host=host, port=port, authority=authority)
