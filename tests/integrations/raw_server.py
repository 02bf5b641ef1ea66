"""A server of plain sockets whose behaviour each test writes out: it can hang up, dribble and lie."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import BinaryIO


@dataclass(frozen=True)
class Asked:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Behaviour = Callable[["Exchange"], None]


@dataclass
class Exchange:
    """One connection with what was asked on it last. Writing to a client that left is no error."""

    server: RawServer
    connection: socket.socket
    asked: Asked
    number: int
    """How many requests this connection has seen."""

    def say(self, data: bytes) -> None:
        self.connection.sendall(data)

    def answer(self, body: bytes = b"{}", status: str = "200 OK", headers: str = "") -> None:
        self.say(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body)

    def hang_up(self) -> None:
        raise ConnectionAbortedError


@dataclass
class RawServer:
    behave: Behaviour = lambda exchange: exchange.answer()
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    tls: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        self.over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http{'s' if self.tls else ''}://127.0.0.1:{self._listening.getsockname()[1]}"
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def count(self, method: str) -> int:
        return sum(asked.method == method for asked in self.asked)

    def close(self) -> None:
        if self.over.is_set():
            return
        self.over.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, ValueError):  # the client left, or does not speak HTTP
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
            with connection, connection.makefile("rb") as incoming:
                for number, asked in enumerate(iter(lambda: _read(incoming), None), 1):
                    self.asked.append(asked)
                    self.behave(Exchange(self, connection, asked, number))


def _read(incoming: BinaryIO) -> Asked | None:
    line = incoming.readline().decode()
    if not line:
        return None
    method, target, _ = line.split(" ", 2)
    headers: dict[str, str] = {}
    while (header := incoming.readline().decode().strip()) != "":
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    return Asked(method, target, headers, incoming.read(int(headers.get("content-length", 0))))
