"""Many calls in one request, each with an answer of its own."""

from __future__ import annotations

import io
import re
import secrets
from urllib.parse import urlsplit

from addon.sandbox.gmail.errors import ApiError
from addon.sandbox.gmail.gmail import Gmail
from addon.sandbox.gmail.wire import calling
from addon.sandbox.gmail.wire.messages import Answer, BadRequest, Request, read_head, written
from addon.sandbox.gmail.wire.multipart import Piece, pieces
from addon.sandbox.gmail.wire.staging import Caller

_MOST = 100
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")


def answer(gmail: Gmail, request: Request, caller: Caller) -> Answer:
    """Run the calls of a batch one by one. A fault that hangs up ends the whole batch."""
    gmail.calls.count("batch")
    try:
        parts = pieces(request.headers.get("content-type", ""), request.body)
        if len(parts) > _MOST:
            raise ApiError("badRequest", f"The batch request exceeds {_MOST} calls.")
    except ApiError as refused:
        return calling.refusal(refused)
    boundary = f"batch_{secrets.token_urlsafe(16)}"
    lines: list[bytes] = []
    for part in parts:
        inner = _inner(part, request)
        result = calling.answer(gmail, inner, caller) if inner else calling.refusal(ApiError("badRequest"))
        lines += [f"--{boundary}".encode(), b"Content-Type: application/http", *_content_id(part), b""]
        lines.append(written(result, None))
    body = b"\r\n".join([*lines, f"--{boundary}--".encode(), b""])
    return Answer(200, body, {"Content-Type": f"multipart/mixed; boundary={boundary}"})


def _inner(part: Piece, outer: Request) -> Request | None:
    stream = io.BytesIO(_whole(part.body))
    try:
        head = read_head(stream)
    except BadRequest:
        return None
    if head is None:
        return None
    verb, target, headers = head
    for name in ("authorization", "x-goog-gmail-access-token"):
        if name in outer.headers:
            headers.setdefault(name, outer.headers[name])
    parts = urlsplit(target)
    return Request(verb, parts.path, parts.query, headers, stream.read(), outer.peer, outer.secure)


def _whole(request: bytes) -> bytes:
    """An inner request may lack its version, and the blank line after its headers where it has no body."""
    first, _, rest = request.lstrip(b"\r\n").partition(b"\n")
    line = first.rstrip()
    if len(line.split()) == 2:
        line += b" HTTP/1.1"
    missing = b"" if rest.startswith((b"\n", b"\r\n")) or _BLANK_LINE.search(rest) else b"\r\n\r\n"
    return line + b"\r\n" + rest + missing


def _content_id(part: Piece) -> list[bytes]:
    name = part.headers.get("content-id", "")
    if not name:
        return []
    return [
        f"Content-ID: <response-{name[1:]}".encode()
        if name.startswith("<")
        else f"Content-ID: response-{name}".encode()
    ]
