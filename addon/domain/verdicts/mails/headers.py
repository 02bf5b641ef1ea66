"""Header fields of any mail, however broken: unfolded, decoded, never raising."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterable, Iterator
from email.message import Message

LONGEST_HEAD = 200_000
"""Bytes of a head that are read."""

_MOST = 2_000
_LONGEST = 20_000
_NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
_ENCODED = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_ENCODED = re.compile(r"(\?=)\s+(=\?[^?\s]{1,60}\?[bBqQ]\?)")
_BLANK_START = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]{0,100000}")
_UNSTORABLE = re.compile("[\ud800-\udfff]")
# Not charsets of mail: slow, or loud about what they find.
_NO_CHARSET = frozenset(
    {"punycode", "idna", "unicode_escape", "raw_unicode_escape", "raw-unicode-escape", "mbcs", "oem"}
)


class Headers:
    """Name and value pairs in their order. Names compare without case; values are unfolded, 8-bit bytes decoded."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self.pairs = tuple((storable(name), storable(value)) for name, value in pairs)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)

    def all(self, name: str) -> list[str]:
        """Every value of a name, encoded words left as they are."""
        wanted = name.lower()
        return [value for given, value in self.pairs if given.lower() == wanted]

    def get(self, name: str) -> str:
        """The first value of a name, encoded words decoded; "" where there is none."""
        return next((decode_words(value).strip() for value in self.all(name)), "")

    def message(self) -> Message[str, str]:
        """The same for the standard library, which knows parameters and their continuations."""
        message: Message[str, str] = Message()
        for name, value in self.pairs:
            message.add_header(name, value)
        return message


def parse_headers(block: bytes) -> tuple[Headers, int]:
    """The fields at the start of a block, and how many bytes they take: the first line that is no field ends them."""
    pairs: list[tuple[str, list[bytes]]] = []
    place = 0
    while place < len(block) and len(pairs) < _MOST:
        end = block.find(b"\n", place) + 1 or len(block)
        line = block[place:end]
        if line[:1] in (b" ", b"\t") and pairs and line.strip():
            pairs[-1][1].append(line.strip(b"\r\n"))
        elif named := _NAME.match(line):
            pairs.append((named[1].decode("ascii"), [line[named.end() :].strip()]))
        # mbox files and some relays put a line before the fields that is none.
        elif not (place == 0 and line.startswith((b"From ", b">From "))):
            break
        place = end
    return Headers((name, text_of(b"".join(lines)[:_LONGEST])) for name, lines in pairs), place


def beginning(raw: bytes) -> tuple[bytes, int]:
    """The mail with line ends that are line feeds, and where it begins behind blanks and a byte order mark."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    blank = _BLANK_START.match(raw)
    return raw, blank.end() if blank else 0


def text_of(data: bytes, charset: str = "") -> str:
    """Text of bytes: by the named charset, else UTF-8, else what western mail was before it. See `storable`."""
    named = _known(charset)
    if named.startswith(("utf-16", "utf-32")) and b"\0" not in data:
        named = ""  # it only calls itself so
    for encoding in (named, "utf-8"):
        try:
            if encoding:
                return storable(data.decode(encoding))
        except (UnicodeError, ValueError):
            continue
    return storable(data.decode(named or "cp1252", "replace"))


def storable(text: str) -> str:
    """Without NUL and lone surrogates, which some charsets yield and neither UTF-8 nor PostgreSQL takes."""
    return _UNSTORABLE.sub("\ufffd", text.replace("\0", ""))


def decode_words(value: str) -> str:
    """Encoded words (`=?utf-8?q?...?=`) as text; broken ones stay as they are."""
    if "=?" not in value:
        return value
    return storable(_ENCODED.sub(_decoded_word, _BETWEEN_ENCODED.sub(r"\1\2", value)))


def _decoded_word(word: re.Match[str]) -> str:
    charset, how, payload = word.groups()
    data = payload.encode("utf-8", "replace")
    try:
        if how in "qQ":
            return text_of(binascii.a2b_qp(data, header=True), charset.partition("*")[0])
        return text_of(base64.b64decode(data + b"=" * (-len(data) % 4)), charset.partition("*")[0])
    except (binascii.Error, ValueError):
        return word[0]


def _known(charset: str) -> str:
    try:
        name = codecs.lookup(charset.strip().strip("\"'")).name if charset else ""
        b"xxxx".decode(name or "ascii", "replace")  # not every codec makes text of bytes
    except (LookupError, ValueError):
        return ""
    # What calls itself ASCII and is not tells nothing; UTF-8 holds ASCII.
    return "" if name in _NO_CHARSET or name == "ascii" else name
