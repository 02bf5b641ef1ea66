"""The HTTP server: a thread for each connection, connections kept alive, every answer in one packet."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
import time
from http import HTTPStatus
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from addon.sandbox.gmail.gmail import Gmail
from addon.sandbox.gmail.wire.messages import Answer, BadRequest, Request, read_body, read_head, written
from addon.sandbox.gmail.wire.site import Site
from addon.sandbox.gmail.wire.staging import HangUp

_IDLE = 300.0
_STEP = 0.02


class PortInUse(Exception):
    """Somebody else listens there; the text is one clear sentence."""


class Server:
    """A running server. `close()` ends it and every connection; the Gmail behind it stays open."""

    def __init__(self, gmail: Gmail, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._site, self._closing = Site(gmail), threading.Event()
        try:
            self._listener = socket.create_server((host, port), backlog=128)
        except OSError as trouble:
            why = os.strerror(trouble.errno) if trouble.errno else str(trouble)
            raise PortInUse(f"Cannot listen on {host}:{port}: {why}.") from None
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://{host}:{self.port}"
        self._lock = threading.Lock()
        self._connections: dict[_Connection, threading.Thread] = {}
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
            connection = _Connection(peer_socket, str(address[0]), self._closing)
            thread = threading.Thread(target=self._attend, args=(connection,), name="gmail-connection", daemon=True)
            with self._lock:
                self._connections[connection] = thread
            thread.start()

    def _attend(self, connection: _Connection) -> None:
        try:
            connection.serve(self._site)
        except (OSError, EOFError, ValueError):
            pass  # the caller has gone
        finally:
            connection.drop(close=True)
            with self._lock:
                self._connections.pop(connection, None)


class _Connection:
    def __init__(self, peer_socket: socket.socket, peer: str, closing: threading.Event) -> None:
        peer_socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each answer waits 40 ms
        peer_socket.settimeout(_IDLE)
        self._socket, self._peer, self._closing = peer_socket, peer, closing

    def serve(self, site: Site) -> None:
        """Answer requests until the caller goes, or is hung up on."""
        with cast(BinaryIO, self._socket.makefile("rb", 65_536)) as stream:
            while not self._closing.is_set():
                try:
                    request = self._read(stream)
                    if request is None:
                        return
                    answer = site.answer(request, self)
                except BadRequest as bad:
                    self._socket.sendall(written(Answer(bad.status, close=True), None))
                    return
                except HangUp as hang_up:
                    self.drop(close=True, stream=stream)
                    if hang_up.afterwards:
                        hang_up.afterwards()
                    return
                self._socket.sendall(written(answer, request))
                if answer.close or request.headers.get("connection", "").lower() == "close":
                    return

    def wait_until_gone(self, seconds: float) -> None:
        """Return when the caller has closed the connection, the server stops, or the time is over."""
        until = time.monotonic() + seconds
        while not self._closing.is_set() and time.monotonic() < until:
            if not select.select([self._socket], [], [], _STEP)[0]:
                continue
            if not self._socket.recv(1, socket.MSG_PEEK):
                return
            self._closing.wait(_STEP)  # it has sent more and still waits

    def drop(self, *, close: bool = False, stream: BinaryIO | None = None) -> None:
        """Break the connection; the thread that serves it closes it."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        if stream is not None:
            stream.close()
        if close:
            self._socket.close()

    def _read(self, stream: BinaryIO) -> Request | None:
        head = read_head(stream)
        if head is None:
            return None
        verb, target, headers = head
        if headers.get("expect", "").lower() == "100-continue":
            self._socket.sendall(f"HTTP/1.1 100 {HTTPStatus.CONTINUE.phrase}\r\n\r\n".encode())
        body = read_body(stream, headers)
        parts = urlsplit(target)
        return Request(verb, parts.path, parts.query, headers, body, self._peer)


def serve(gmail: Gmail, port: int = 0, *, host: str = "127.0.0.1") -> Server:
    """Serve this Gmail on a port (0: any free one). Raises PortInUse."""
    return Server(gmail, host=host, port=port)
