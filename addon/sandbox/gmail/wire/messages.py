"""HTTP/1.1 on a byte stream: reading requests (chunked bodies too) and writing answers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, BinaryIO

_LONGEST_LINE = 65_536
_MOST_HEADERS = 200
_LARGEST_BODY = 220 << 20
_WORTH_PACKING = 1_000


class BadRequest(Exception):
    """What came is no request that can be answered; the connection is closed after this status."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(HTTPStatus(status).phrase)


@dataclass(frozen=True)
class Request:
    """One request. Header names are in lower case, `query` is undecoded, `peer` the caller's address."""

    verb: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""
    peer: str = ""

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
    line = stream.readline(_LONGEST_LINE)
    if line in (b"\r\n", b"\n"):  # a stray line end after the last body
        line = stream.readline(_LONGEST_LINE)
    if not line:
        return None
    parts = line.decode("latin-1").split()
    if len(parts) != 3 or not line.endswith(b"\n") or not parts[2].startswith("HTTP/1."):
        raise BadRequest(HTTPStatus.REQUEST_URI_TOO_LONG if len(line) >= _LONGEST_LINE else HTTPStatus.BAD_REQUEST)
    headers = read_headers(stream)
    if parts[2] == "HTTP/1.0":
        headers.setdefault("connection", "close")
    return parts[0], parts[1], headers


def read_headers(stream: BinaryIO) -> dict[str, str]:
    """Header lines up to the empty one, names in lower case."""
    headers: dict[str, str] = {}
    while (line := stream.readline(_LONGEST_LINE)) not in (b"\r\n", b"\n"):
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not line.endswith(b"\n") or name != name.strip() or len(headers) >= _MOST_HEADERS:
            raise BadRequest(HTTPStatus.BAD_REQUEST)
        headers[name.lower()] = value.strip()
    return headers


def read_body(stream: BinaryIO, headers: Mapping[str, str]) -> bytes:
    """The body that the headers announce. Raises BadRequest, and EOFError where it breaks off."""
    if "transfer-encoding" in headers:
        if headers["transfer-encoding"].lower() != "chunked" or "content-length" in headers:
            raise BadRequest(HTTPStatus.BAD_REQUEST)
        return _chunks(stream)
    length = headers.get("content-length", "0")
    if not length.isdigit():
        raise BadRequest(HTTPStatus.BAD_REQUEST)
    return _exactly(stream, int(length))


def written(answer: Answer, request: Request | None) -> bytes:
    """The answer's bytes; packed when the caller asks for gzip and it is worth it."""
    body, headers = answer.body, dict(answer.headers)
    if len(body) > _WORTH_PACKING and request and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 1, mtime=0)
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if answer.status != HTTPStatus.NO_CONTENT:
        lines.append(f"Content-Length: {len(body)}")
    lines.append("Connection: close" if answer.close else "Connection: keep-alive")
    head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
    return head if request and request.verb == "HEAD" else head + body


def _chunks(stream: BinaryIO) -> bytes:
    pieces: list[bytes] = []
    total = 0
    while size := _chunk_size(stream):
        total += size
        if total > _LARGEST_BODY:
            raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        pieces.append(_exactly(stream, size))
        if stream.readline(_LONGEST_LINE).strip():
            raise BadRequest(HTTPStatus.BAD_REQUEST)
    read_headers(stream)  # trailers
    return b"".join(pieces)


def _chunk_size(stream: BinaryIO) -> int:
    line = stream.readline(_LONGEST_LINE)
    if not line:
        raise EOFError
    try:
        return int(line.partition(b";")[0].strip(), 16)
    except ValueError:
        raise BadRequest(HTTPStatus.BAD_REQUEST) from None


def _exactly(stream: BinaryIO, length: int) -> bytes:
    if length > _LARGEST_BODY:
        raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    body = stream.read(length)
    if len(body) < length:
        raise EOFError
    return body
