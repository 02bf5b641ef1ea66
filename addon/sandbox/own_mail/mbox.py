"""Reads an mbox from any byte on, one mail at a time; the file may be larger than memory.

A mail begins at a line `From ` that no writer would leave unquoted in a text: dated, or after an empty line and before
a header. `>From ` in a text loses the one `>` that the writer had put before it (mboxrd; mboxo's are the same line).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

LARGEST = 100 << 20
"""Bytes of a mail that is still taken; Gmail takes 50 MB and hands on no more than that, encoded."""

_CHUNK = 1 << 20
_TAIL = 64
_PEEK = 2048
"""Bytes after a line `From ` within which its end and the first header's name must show."""

_DATED = re.compile(
    rb"From .*\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +(?:[A-Z][a-z]{2} +\d{1,2}|\d{1,2} +[A-Z][a-z]{2})\b"
    rb".* \d{1,2}:\d\d(?::\d\d)?\b.*"
)
_BARE = re.compile(rb"From \S*[ \t]*")
_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:|>From ")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_NOTHING = b"\xef\xbb\xbf \t\r\n"


@dataclass(frozen=True)
class Piece:
    """One mail of an mbox. `raw` is None where it is larger than may be; `end` is the byte at which the next begins."""

    line: str
    raw: bytes | None
    start: int
    end: int
    tail: bytes
    """The last bytes of it as they stand in the file."""


def looks_like_one(head: bytes) -> bool:
    """Whether a file that begins with these bytes is an mbox."""
    return head.lstrip(_NOTHING).startswith(b"From ")


def pieces(file: BinaryIO, start: int = 0, *, largest: int = LARGEST, chunk: int = _CHUNK) -> Iterator[Piece]:
    """The mails from this byte on, which must be 0 or the `end` of a piece. Raises OSError."""
    window = _Window(file, start, largest, chunk)
    while (piece := window.next()) is not None:
        if piece.raw is None or piece.raw.strip(_NOTHING) or piece.line:
            yield piece


class _Window:
    """The part of the file in which the next mail's end is looked for; it begins where that mail begins."""

    def __init__(self, file: BinaryIO, start: int, largest: int, chunk: int) -> None:
        file.seek(start)
        self._file, self._start, self._largest, self._chunk = file, start, largest, chunk
        self._held = bytearray()
        self._base = start
        self._searched = 0
        self._at_end = False

    def next(self) -> Piece | None:
        """The next mail; None at the end of the file."""
        dropped = False
        while True:
            end = self._find_end()
            if end is None and not self._at_end:
                dropped = self._read_on() or dropped
                continue
            size = len(self._held) if end is None else end
            if not size and not dropped:
                return None
            return self._take(size, dropped)

    def _find_end(self) -> int | None:
        while (at := self._held.find(b"\nFrom ", self._searched)) >= 0:
            if not self._at_end and len(self._held) < at + _PEEK:
                self._searched = at
                return None
            if _separates(self._held, at):
                return at + 1
            self._searched = at + 1
        self._searched = max(0, len(self._held) - len(b"\nFrom "))
        return None

    def _read_on(self) -> bool:
        """Read a chunk; True where the mail had grown too large and its beginning was given up."""
        data = self._file.read(self._chunk)
        self._at_end = not data
        self._held += data
        if len(self._held) <= self._largest:
            return False
        self._give_up(len(self._held) - _PEEK)
        return True

    def _give_up(self, many: int) -> None:
        del self._held[:many]
        self._base += many
        self._searched = max(0, self._searched - many)

    def _take(self, size: int, dropped: bool) -> Piece:
        whole = bytes(self._held[:size])
        tail = whole[-_TAIL:]
        start, end = self._start, self._base + size
        self._give_up(size)
        self._start, self._searched = end, 0
        if dropped:
            return Piece("", None, start, end, tail)
        whole = whole.lstrip(_NOTHING) if start == 0 else whole
        line, rest = b"", whole
        if whole.startswith(b"From "):
            line, _, rest = whole.partition(b"\n")
        return Piece(line.decode("latin-1").rstrip("\r"), _unquoted(rest), start, end, tail)


def _separates(held: bytearray, at: int) -> bool:
    """Whether the line `From ` after the line break at `at` begins a mail."""
    near = bytes(held[at + 1 : at + _PEEK])
    line, _, following = near.partition(b"\n")
    line = line.rstrip(b"\r")
    after_empty = at == 0 or held[at - 1 : at] == b"\n" or held[max(0, at - 2) : at] == b"\n\r"
    headed = _HEADER.match(following) is not None
    if _DATED.fullmatch(line):
        return after_empty or headed
    return after_empty and headed and _BARE.fullmatch(line) is not None


def _unquoted(raw: bytes) -> bytes:
    """Without the empty line that ends a mail in an mbox, and without the quoting."""
    for ending in (b"\r\n\r\n", b"\n\n"):
        if raw.endswith(ending):
            raw = raw[: -len(ending) // 2]
            break
    return _QUOTED.sub(rb"\1", raw) if b">From " in raw else raw
