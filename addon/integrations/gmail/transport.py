"""httplib2's face over http.client: connections kept alive, one deadline a call, and no request ever sent twice.

httplib2 sends a POST again when the server hangs up, which may mail a person twice. This one never repeats anything:
a connection that the server closed while idle is found out before a byte is written; whatever fails later is raised.

A transport belongs to one thread at a time. `HTTPS_PROXY` is not looked at.
"""

from __future__ import annotations

import gzip
import select
import ssl
import time
import zlib
from collections.abc import Mapping
from functools import cache
from http.client import HTTPException
from urllib.parse import SplitResult, urlsplit

import certifi
import httplib2

from addon.integrations.gmail.deadline import Deadline, TimedConnection, TimedTlsConnection, open_socket

# Routers forget idle connections without a word; a request written into such a one would be lost until its deadline.
MOST_IDLE_SECONDS = 50.0


class Garbled(HTTPException):
    """An answer arrived, but its bytes are not what its headers say."""


@cache
def trusted_roots() -> ssl.SSLContext:
    """The certificate authorities we believe: certifi's, the same on every machine."""
    return ssl.create_default_context(cafile=certifi.where())


class Transport:
    """What google-api-python-client asks of an HTTP object: `request` and `close`."""

    follow_redirects = False
    redirect_codes: frozenset[int] = frozenset()

    def __init__(self, timeout: float, tls: ssl.SSLContext | None = None) -> None:
        """`timeout` in seconds holds for every single wait and for the whole call, connecting included."""
        self.timeout = timeout
        self._tls = tls
        self._kept: dict[tuple[str, str], _Kept] = {}

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        redirections: int = 0,
        connection_type: object = None,
    ) -> tuple[httplib2.Response, bytes]:
        """One request, one answer. Raises OSError (TimeoutError among them) or http.client.HTTPException."""
        parts = urlsplit(uri)
        deadline = Deadline(self.timeout)
        kept = self._connection(parts, deadline)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            kept.connection.request(method, target, body=body, headers=dict(headers or {}))
            with kept.connection.getresponse() as answer:
                content = answer.read()
        except BaseException:
            self._drop(parts)  # half an answer may be under way: the next call opens a new connection
            raise
        kept.used = time.monotonic()
        reply = httplib2.Response(answer)
        return reply, _decoded(content, reply.pop("content-encoding", ""))

    def close(self) -> None:
        """Close every connection. The transport may be used again: it opens new ones."""
        while self._kept:
            self._kept.popitem()[1].connection.close()

    def _connection(self, parts: SplitResult, deadline: Deadline) -> _Kept:
        key = (parts.scheme, parts.netloc)
        if (kept := self._kept.get(key)) and not kept.usable():
            self._drop(parts)
            kept = None
        if kept is None:
            kept = self._kept[key] = _Kept(_connection_to(parts, self._tls, deadline), time.monotonic())
        kept.connection.under(deadline)
        return kept

    def _drop(self, parts: SplitResult) -> None:
        if kept := self._kept.pop((parts.scheme, parts.netloc), None):
            kept.connection.close()


class _Kept:
    def __init__(self, connection: TimedConnection, used: float) -> None:
        self.connection = connection
        self.used = used

    def usable(self) -> bool:
        """Whether nothing speaks against writing into it. Readable while idle means: closed by the server."""
        sock = self.connection.sock
        if sock is None or time.monotonic() - self.used > MOST_IDLE_SECONDS:
            return False
        waiting = select.poll()
        waiting.register(sock, select.POLLIN | select.POLLHUP | select.POLLERR)
        return not waiting.poll(0)


def _connection_to(parts: SplitResult, tls: ssl.SSLContext | None, deadline: Deadline) -> TimedConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        context = tls or trusted_roots()
        connection: TimedConnection = TimedTlsConnection(host, parts.port, context=context)
        connection.sock = open_socket(host, connection.port, deadline, context)
    elif parts.scheme == "http":
        connection = TimedConnection(host, parts.port)
        connection.sock = open_socket(host, connection.port, deadline, None)
    else:
        raise ValueError("only http and https are spoken here")
    return connection


def _decoded(content: bytes, coding: str) -> bytes:
    try:
        if coding in ("gzip", "x-gzip"):
            return gzip.decompress(content)
        if coding == "deflate":
            return _inflated(content)
    except (zlib.error, EOFError, OSError) as broken:
        raise Garbled("the compressed answer does not unpack") from broken
    if coding in ("", "identity"):
        return content
    raise Garbled("an answer in a coding that nobody asked for")


def _inflated(content: bytes) -> bytes:
    try:
        return zlib.decompress(content)
    except zlib.error:
        return zlib.decompress(content, -zlib.MAX_WBITS)  # some servers leave the wrapper out
