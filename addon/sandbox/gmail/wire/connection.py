"""One connection: requests are read and answered until the caller goes; a tunnel to Google's names ends here, too."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import threading
import time
from http import HTTPStatus
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from addon.sandbox.gmail.wire.bodies import HUGE, LARGEST, Body, BrokenOff, announced
from addon.sandbox.gmail.wire.messages import Answer, BadRequest, Request, goes_on, read_head, written
from addon.sandbox.gmail.wire.site import Site
from addon.sandbox.gmail.wire.staging import HangUp
from addon.sandbox.gmail.wire.tunnels import Tunnels

_IDLE = 300.0
_STEP = 0.02
_LISTENED = 10.0
"""Real seconds for which a caller whose body is refused may go on sending it, so that it gets to read why."""


class Connection:
    """Serves one caller in the thread that calls `serve`."""

    def __init__(self, peer_socket: socket.socket, peer: str, closing: threading.Event) -> None:
        peer_socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each answer waits 40 ms
        peer_socket.settimeout(_IDLE)
        self._socket, self._peer, self._closing = peer_socket, peer, closing

    @property
    def _secure(self) -> bool:
        return isinstance(self._socket, ssl.SSLSocket)

    def serve(self, site: Site, tunnels: Tunnels) -> None:
        """Answer requests until the caller goes, or is hung up on."""
        while not self._closing.is_set():
            with cast(BinaryIO, self._socket.makefile("rb", 65_536)) as stream:
                context = self._talk(stream, site, tunnels)
            if context is None:
                return
            secured = context.wrap_socket(self._socket, server_side=True, do_handshake_on_connect=False)
            self._socket = secured  # from here on `drop` reaches it, also in the middle of the handshake
            if not self._closing.is_set():
                secured.do_handshake()

    def wait_until_gone(self, seconds: float) -> None:
        """Return when the caller has closed the connection, the server stops, or the time is over."""
        until = time.monotonic() + seconds
        while not self._closing.is_set() and time.monotonic() < until:
            if not select.select([self._socket], [], [], _STEP)[0]:
                continue
            if self._secure or not self._socket.recv(1, socket.MSG_PEEK):
                return  # through TLS, a goodbye looks like any other bytes
            self._closing.wait(_STEP)  # it has sent more and still waits

    def pause(self, seconds: float) -> bool:
        """Wait so long, whether the caller is still there or not; False where the server stops meanwhile."""
        return not self._closing.wait(seconds)

    def drop(self, *, close: bool = False, stream: BinaryIO | None = None) -> None:
        """Break the connection; the thread that serves it closes it."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        if stream is not None:
            stream.close()  # holds the socket open, too
        if close:
            self._socket.close()

    def _talk(self, stream: BinaryIO, site: Site, tunnels: Tunnels) -> ssl.SSLContext | None:
        """Answer until the connection ends (None) or becomes a tunnel, which goes on with this context."""
        try:
            while not self._closing.is_set():
                head = read_head(stream)
                if head is None:
                    return None
                verb, target, headers = head
                if verb == "CONNECT":
                    return self._tunnel(target, tunnels)
                answer, request = self._answer(stream, site, verb, target, headers)
                self._socket.sendall(written(answer, request))
                if not goes_on(answer, request):
                    return None
        except BadRequest as bad:
            self._refuse(bad, stream)
        except HangUp as hang_up:
            self._hang_up(hang_up, stream)
        return None

    def _answer(
        self, stream: BinaryIO, site: Site, verb: str, target: str, headers: dict[str, str]
    ) -> tuple[Answer, Request]:
        parts = urlsplit(target)
        with Body(headers.get("content-encoding", "").lower()) as body:
            if headers.get("expect", "").lower() == "100-continue" and announced(headers) <= LARGEST:
                self._socket.sendall(f"HTTP/1.1 100 {HTTPStatus.CONTINUE.phrase}\r\n\r\n".encode())
            broken = False
            try:
                body.read_from(stream, headers)
            except BrokenOff:
                if not site.keeps_fragments(parts.path, parts.query):
                    raise
                broken = True
            with site.room if body.size > HUGE else contextlib.nullcontext():
                octets = body.whole()
                request = Request(verb, parts.path, parts.query, headers, octets, self._peer, self._secure)
                if broken:
                    site.keep_fragment(request)
                    raise BrokenOff
                return site.answer(request, self), request

    def _tunnel(self, target: str, tunnels: Tunnels) -> ssl.SSLContext | None:
        refusal = tunnels.refusal(target)
        if refusal:
            self._socket.sendall(written(Answer(403, refusal.encode(), {"Content-Type": "text/plain"}, True), None))
            return None
        self._socket.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        return tunnels.context()

    def _hang_up(self, hang_up: HangUp, stream: BinaryIO) -> None:
        if hang_up.said:
            with contextlib.suppress(OSError):
                self._socket.sendall(hang_up.said)
        self.drop(close=True, stream=stream)
        if hang_up.afterwards:
            hang_up.afterwards()

    def _refuse(self, bad: BadRequest, stream: BinaryIO) -> None:
        """Say why, and read on for a moment: a caller in the middle of a long body would not see the answer else."""
        self._socket.sendall(written(Answer(bad.status, close=True), None))
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        self._socket.settimeout(1)
        until = time.monotonic() + _LISTENED
        while time.monotonic() < until and not self._closing.is_set() and stream.read(65_536):
            pass
