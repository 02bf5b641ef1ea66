"""HTTP/1.1 on a byte stream: reading the heads of requests and writing answers."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, BinaryIO

LONGEST_LINE = 65_536
"""Bytes of a request line or a header."""

_MOST_HEADERS = 200
_WORTH_PACKING = 1_000
_PHRASES = {308: "Resume Incomplete", 499: "Client Closed Request"}
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")


class BadRequest(Exception):
    """What came is no request that can be answered; the connection is closed after this status."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(HTTPStatus(status).phrase)


@dataclass(frozen=True)
class Request:
    """One request. Header names are in lower case, `query` is undecoded, `peer` the caller's address.

    `secure` says that it came through TLS.
    """

    verb: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""
    peer: str = ""
    secure: bool = False

    @property
    def origin(self) -> str:
        """Scheme and host under which the caller knows this server, without a slash at the end."""
        host = self.headers.get("host", "")
        if not _HOST.fullmatch(host):
            host = "localhost"
        return f"{'https' if self.secure else 'http'}://{host}"

    @property
    def content_type(self) -> str:
        """The media type without parameters, folded."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True)
class Answer:
    """A status, headers and a body; `close` ends the connection afterwards."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    close: bool = False


def json_answer(status: int, value: Any, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer with a JSON body."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"), check_circular=False).encode()
    return Answer(status, body, {"Content-Type": "application/json; charset=UTF-8", **(headers or {})})


def read_head(stream: BinaryIO) -> tuple[str, str, dict[str, str]] | None:
    """Verb, target and headers of the next request; None where the caller has gone. Raises BadRequest."""
    line = stream.readline(LONGEST_LINE)
    if line in (b"\r\n", b"\n"):  # a stray line end after the last body
        line = stream.readline(LONGEST_LINE)
    if not line:
        return None
    parts = line.decode("latin-1").split()
    if len(parts) != 3 or not line.endswith(b"\n") or not parts[2].startswith("HTTP/1."):
        raise BadRequest(HTTPStatus.REQUEST_URI_TOO_LONG if len(line) >= LONGEST_LINE else HTTPStatus.BAD_REQUEST)
    headers = read_headers(stream)
    if parts[2] == "HTTP/1.0":
        headers.setdefault("connection", "close")
    return parts[0], parts[1], headers


def read_headers(stream: BinaryIO) -> dict[str, str]:
    """Header lines up to the empty one, names in lower case."""
    headers: dict[str, str] = {}
    while (line := stream.readline(LONGEST_LINE)) not in (b"\r\n", b"\n"):
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not line.endswith(b"\n") or name != name.strip() or len(headers) >= _MOST_HEADERS:
            raise BadRequest(HTTPStatus.BAD_REQUEST)
        headers[name.lower()] = value.strip()
    return headers


def written(answer: Answer, request: Request | None) -> bytes:
    """The answer's bytes; packed when the caller asks for gzip and it is worth it."""
    body, headers = answer.body, dict(answer.headers)
    if len(body) > _WORTH_PACKING and request and _takes_gzip(request.headers.get("accept-encoding", "")):
        body = gzip.compress(body, 1, mtime=0)
        varying = [headers["Vary"]] if "Vary" in headers else []
        headers |= {"Content-Encoding": "gzip", "Vary": ", ".join([*varying, "Accept-Encoding"])}
    lines = [f"HTTP/1.1 {answer.status} {_phrase(answer.status)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if answer.status != HTTPStatus.NO_CONTENT:
        lines.append(f"Content-Length: {len(body)}")
    lines.append("Connection: keep-alive" if goes_on(answer, request) else "Connection: close")
    head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
    return head if request and request.verb == "HEAD" else head + body


def goes_on(answer: Answer, request: Request | None) -> bool:
    """Whether the connection stays open after this answer."""
    wishes = request.headers.get("connection", "").lower() if request else ""
    return not answer.close and "close" not in wishes


def _phrase(status: int) -> str:
    return _PHRASES.get(status) or HTTPStatus(status).phrase


def _takes_gzip(accepted: str) -> bool:
    for choice in accepted.lower().split(","):
        name, _, quality = choice.partition(";")
        if name.strip() == "gzip":
            return quality.replace(" ", "").rstrip("0.") != "q="
    return False
