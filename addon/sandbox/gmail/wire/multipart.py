"""Bodies made of parts: uploads with metadata, and batches."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from email.message import Message

from addon.sandbox.gmail.errors import ApiError

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True)
class Piece:
    """One part: its headers (names in lower case) and its bytes, decoded where it was base64."""

    headers: dict[str, str]
    body: bytes


def pieces(content_type: str, body: bytes) -> list[Piece]:
    """The parts of a multipart body. 400 where it is none."""
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_boundary()
    if header.get_content_maintype() != "multipart" or not boundary:
        raise ApiError("badRequest", "Missing end boundary in multipart body.")
    mark = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary.encode("latin-1")) + rb"(--|[ \t]*(?=\r?\n))")
    found = mark.split(body)  # text, what follows the mark, text, ...
    if len(found) < 5 or found[-2] != b"--":
        raise ApiError("badRequest", "Missing end boundary in multipart body.")
    return [_piece(part) for part in found[2:-2:2]]


def _piece(part: bytes) -> Piece:
    """Part of a multipart body: lines may end in LF alone around a body whose own lines end in CRLF."""
    split = _BLANK_LINE.search(part)
    head, body = (part[: split.start()], part[split.end() :]) if split else (part, b"")
    headers: dict[str, str] = {}
    for line in head.splitlines():
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    return Piece(headers, _decoded(headers.get("content-transfer-encoding", ""), body))


def _decoded(encoding: str, body: bytes) -> bytes:
    if encoding.lower() != "base64":
        return body
    try:
        return base64.b64decode(body)
    except binascii.Error:
        raise ApiError("badRequest", "Base64 decoding failed.") from None
