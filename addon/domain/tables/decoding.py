"""Bytes -> text. A byte order mark and UTF-8 are known; everything else is a guess, and says so.

No statistics library: measured, it took cp1252 for cp1250. Western Europe is the default; Polish letters have places
in their encodings that make no sense inside a western word, and only those change the guess.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from addon.domain.tables.refusals import TableRefused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FOREIGN = (
    (b"PK\x03\x04", "xlsx"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"%PDF", "pdf"),
)
_IN_A_WORD = rb"(?:[A-Za-z\xc0-\xff]{2}[%b]|[%b][A-Za-z\xc0-\xff])"
_CP1250 = re.compile(_IN_A_WORD % (b"\xb3\xb9\xbf\x8c\x9c\x9f\xa5", b"\xb3\xb9\xbf\x8c\x9c\x9f\xa3\xaf"))
_LATIN2 = re.compile(_IN_A_WORD % (b"\xb1\xb6\xbc\xac", b"\xb1\xb6\xbc\xa1\xa6\xac"))


@dataclass(frozen=True)
class Decoded:
    text: str
    encoding: str
    guessed: bool


def decode(data: bytes) -> Decoded:
    """The text, the encoding used, and whether that was a guess. Refuses what is no text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _without_zeros(Decoded(data[len(mark) :].decode(encoding, "replace"), encoding, False))
    for start, kind in _FOREIGN:
        if data.startswith(start):
            raise TableRefused("tables.not_text", kind=kind)
    if b"\0" in data:
        return _with_zeros(data)
    try:
        return Decoded(data.decode("utf-8"), "utf-8", False)
    except UnicodeDecodeError:
        encoding = _guess(data)
        return Decoded(data.decode(encoding), encoding, True)


def _with_zeros(data: bytes) -> Decoded:
    """UTF-16 without its mark has a zero in every second place; any other zero is damage."""
    sample = data[:4096]
    half = len(sample) // 2 or 1
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    for encoding, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros > 0.6 and others < 0.05:
            return _without_zeros(Decoded(data.decode(encoding, "replace"), encoding, True))
    if sample.count(0) / len(sample) > 0.05:
        raise TableRefused("tables.not_text", kind="binary")
    raise TableRefused("tables.nul_bytes", line=data[: data.index(0)].count(b"\n") + 1)


def _without_zeros(decoded: Decoded) -> Decoded:
    """A zero that is still there once UTF-16's own are gone is damage, and no database takes it."""
    before, zero, _ = decoded.text.partition("\0")
    if zero:
        raise TableRefused("tables.nul_bytes", line=before.count("\n") + 1)
    return decoded


def _guess(data: bytes) -> str:
    sample = data[:1_000_000]
    polish = {"cp1250": len(_CP1250.findall(sample)), "iso8859-2": len(_LATIN2.findall(sample))}
    likeliest = max(polish, key=lambda name: polish[name])
    for encoding in (likeliest if polish[likeliest] else "cp1252", "cp1252"):
        try:
            data.decode(encoding)
            return encoding
        except UnicodeDecodeError:
            continue
    return "latin-1"
