"""Bytes -> text. A byte order mark and UTF-8 are known; everything else is a guess, and says so.

No statistics library: measured, it took cp1252 for cp1250. Western Europe is the default; Polish letters have places
in their encodings that make no sense inside a western word, and only those change the guess.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from addon.domain.tables.choices import ENCODINGS
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
_LETTERS = rb"(?<=[A-Za-z])[%b]|[%b](?=[a-z])"
_MAC = re.compile(_LETTERS % ((b"\x80-\x90\x96-\x9f\xa7",) * 2))
"""Accented letters of old Macs; the others have quotes, dashes and a few letters in these places."""
_NOT_MAC = re.compile(_LETTERS % ((b"\xa3\xa5\xaf\xb3\xb9\xbf-\xff",) * 2))
_ONLY_POLISH = frozenset(b"\x8c\x8f\x9c\x9f")


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


def decode_as(data: bytes, encoding: str) -> Decoded:
    """The text in an encoding that a person chose. Refuses what it cannot be."""
    for mark, marked in _MARKS:
        if data.startswith(mark) and marked == encoding:
            data = data[len(mark) :]
    try:
        return _without_zeros(Decoded(data.decode(encoding), encoding, False))
    except UnicodeDecodeError as trouble:
        line = data[: trouble.start].count(b"\n") + 1
        raise TableRefused("tables.wrong_encoding", encoding=encoding, line=line) from trouble


def possible(data: bytes) -> list[tuple[str, str]]:
    """Encodings in which these bytes make a text, and the first odd line in each: a person sees which is right."""
    whole = data[:200_000]
    at = next((place for place, byte in enumerate(whole) if byte > 127), 0)
    found = []
    for encoding in ENCODINGS:
        wide = encoding.startswith("utf-16")
        if wide != (b"\0" in whole):
            continue
        if wide:
            found.append((encoding, whole[: 200 - len(whole[:200]) % 2].decode(encoding, "replace").partition("\n")[0]))
            continue
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        begins = max(whole.rfind(b"\n", 0, at), whole.rfind(b"\r", 0, at)) + 1
        line = whole[begins : begins + 300].splitlines()[:1] or [b""]
        found.append((encoding, line[0].decode(encoding, "replace")[:120]))
    return found


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
    if _is_mac(sample):
        return "mac_roman"
    polish = {"cp1250": len(_CP1250.findall(sample)), "iso8859-2": len(_LATIN2.findall(sample))}
    likeliest = max(polish, key=lambda name: polish[name])
    for encoding in (likeliest if polish[likeliest] else "cp1252", "cp1252"):
        try:
            data.decode(encoding)
            return encoding
        except UnicodeDecodeError:
            continue
    return "latin-1"


def _is_mac(sample: bytes) -> bool:
    """Whether the odd bytes inside words are letters on an old Mac, and nearly none is one elsewhere."""
    letters = _MAC.findall(sample)
    if not letters or len(_NOT_MAC.findall(sample)) * 4 > len(letters):
        return False
    lone_returns = b"\r" in sample and b"\n" not in sample
    return lone_returns or not {byte for letter in letters for byte in letter} <= _ONLY_POLISH
