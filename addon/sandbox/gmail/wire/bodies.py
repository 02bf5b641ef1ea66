"""The body of a request: announced, chunked or packed. A large one lies on disk until it is asked for."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Mapping
from http import HTTPStatus
from types import TracebackType
from typing import BinaryIO

from addon.sandbox.gmail.wire.messages import LONGEST_LINE, BadRequest, read_headers

LARGE = 1 << 20
"""Bytes above which a body is kept on disk."""

HUGE = 8 << 20
"""Bytes above which a body waits for room: a mail in the making takes several times its size."""

LARGEST = 220 << 20
"""Bytes above which a body is refused."""

_AT_ONCE = 1 << 16
_GZIP = 31


class BrokenOff(EOFError):
    """The caller went away in the middle of a body."""


class Body:
    """What has come so far, unpacked. Close it (or use it as a context) when the request is answered."""

    def __init__(self, encoding: str = "") -> None:
        if encoding not in ("", "identity", "gzip"):
            raise BadRequest(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        self.size = 0
        self._unpacking = zlib.decompressobj(_GZIP) if encoding == "gzip" else None
        self._small: list[bytes] | None = []
        self._file: tempfile.SpooledTemporaryFile[bytes] | None = None

    def read_from(self, stream: BinaryIO, headers: Mapping[str, str]) -> None:
        """Read all of it. Raises BadRequest, and BrokenOff where it ends too early; what came until then is kept."""
        if "transfer-encoding" in headers:
            if headers["transfer-encoding"].lower() != "chunked" or "content-length" in headers:
                raise BadRequest(HTTPStatus.BAD_REQUEST)
            self._read_chunks(stream)
        else:
            self._read(stream, announced(headers))
        if self._unpacking is not None and self.size and not self._unpacking.eof:
            raise BadRequest(HTTPStatus.BAD_REQUEST)

    def whole(self) -> bytes:
        """All bytes, in memory."""
        if self._file is None:
            return b"".join(self._small or ())
        self._file.seek(0)
        return self._file.read()

    def __enter__(self) -> Body:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()

    def _read_chunks(self, stream: BinaryIO) -> None:
        while size := _chunk_size(stream):
            self._read(stream, size)
            if stream.readline(LONGEST_LINE).strip():
                raise BadRequest(HTTPStatus.BAD_REQUEST)
        read_headers(stream)  # trailers

    def _read(self, stream: BinaryIO, length: int) -> None:
        if self.size + length > LARGEST:
            raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        while length:
            piece = stream.read(min(length, _AT_ONCE))
            if not piece:
                raise BrokenOff
            length -= len(piece)
            self._add(piece)

    def _add(self, piece: bytes) -> None:
        if self._unpacking is None:
            self._keep(piece)
            return
        try:
            while piece and not self._unpacking.eof:
                self._keep(self._unpacking.decompress(piece, LARGE))
                piece = self._unpacking.unconsumed_tail
        except zlib.error:
            raise BadRequest(HTTPStatus.BAD_REQUEST) from None

    def _keep(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > LARGEST:
            raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if self._file is None and self.size > LARGE:
            self._file = tempfile.SpooledTemporaryFile(LARGE)  # noqa: SIM115 - closed with this body
            self._file.write(b"".join(self._small or ()))
            self._small = None
        if self._file is not None:
            self._file.write(piece)
        elif self._small is not None:
            self._small.append(piece)


def announced(headers: Mapping[str, str]) -> int:
    """The Content-Length; 0 where none is given. Raises BadRequest."""
    length = headers.get("content-length", "0")
    if not length.isdecimal() or not length.isascii() or len(length) > 18:
        raise BadRequest(HTTPStatus.BAD_REQUEST)
    return int(length)


def _chunk_size(stream: BinaryIO) -> int:
    line = stream.readline(LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise BrokenOff
    try:
        size = int(line.partition(b";")[0].strip(), 16)
    except ValueError:
        raise BadRequest(HTTPStatus.BAD_REQUEST) from None
    if size < 0:
        raise BadRequest(HTTPStatus.BAD_REQUEST)
    return size
