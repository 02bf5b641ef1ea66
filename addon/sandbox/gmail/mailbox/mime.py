"""A mail as bytes with its header lines at hand. The body is never re-written: what came in goes out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import getaddresses

_FIELD = re.compile(rb"^([!-9;-~]+)[ \t]*:[ \t]*", re.MULTILINE)
_ENVELOPE = re.compile(rb">?From ")
"""The line before a mail in an mbox."""
_FOLD = re.compile(r"\r?\n[ \t]*")
_IDS = re.compile(r"<[^<>\s]+>")
_PREFIX = re.compile(
    r"^\s*(?:(?:re|fwd?|aw|wg|sv|vs|antw|res|rif|tr|odp|pd|bls|r|i)(?:\s*\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE
)


class Mail:
    """Reads headers by name (case-insensitive) and makes copies with headers added, replaced or left out."""

    def __init__(self, raw: bytes) -> None:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
        head, separator, body = raw.partition(b"\r\n\r\n")
        if raw.startswith(b"\r\n"):
            head, separator, body = b"", b"\r\n", raw[2:]
        self._fields, left = _fields(head, whole=bool(separator))
        self._body = left + separator + body if left else body

    def raw(self) -> bytes:
        """The whole mail, lines ended by CRLF."""
        return b"".join(line + b"\r\n" for _, line in self._fields) + b"\r\n" + self._body

    def first(self, name: str) -> str:
        """The first header of this name: unfolded, encoded words decoded; empty if absent."""
        return next(iter(self.all(name)), "")

    def all(self, name: str) -> list[str]:
        """Every header of this name, in order."""
        wanted = name.lower()
        return [readable(_value(line)) for key, line in self._fields if key == wanted]

    def headers(self) -> list[tuple[str, str]]:
        """All headers in order, names as written, doubles kept."""
        return [(line.partition(b":")[0].decode("ascii").rstrip(), readable(_value(line))) for _, line in self._fields]

    def addresses(self, *names: str) -> list[tuple[str, str]]:
        """Display name and address of everyone in these headers, in order; broken entries have no address."""
        wanted = {name.lower() for name in names}
        values = [_value(line) for key, line in self._fields if key in wanted]
        try:
            return [(readable(name), address) for name, address in getaddresses(values) if name or address]
        except RecursionError:  # brackets within brackets beyond all reason
            return [(value, "") for value in values]

    @property
    def message_id(self) -> str:
        """The Message-ID with its angle brackets; empty if absent."""
        found = _IDS.search(self.first("Message-ID"))
        return found[0] if found else self.first("Message-ID").strip()

    @property
    def references(self) -> list[str]:
        """The ids of References, then In-Reply-To: the mails that this one answers, oldest first."""
        named = " ".join([*self.all("References"), *self.all("In-Reply-To")])
        return list(dict.fromkeys(_IDS.findall(named)))

    @property
    def topic(self) -> str:
        """The subject as threading compares it: without Re:, Fwd: and their kin, blanks and case."""
        return topic(self.first("Subject"))

    @property
    def is_report(self) -> bool:
        """Whether this is a delivery report, which joins its mail's thread under a subject of its own."""
        return self.first("Content-Type").lower().startswith("multipart/report")

    def without(self, *names: str) -> Mail:
        """A copy that lacks these headers."""
        gone = {name.lower() for name in names}
        return self._with([(key, line) for key, line in self._fields if key not in gone])

    def with_first(self, headers: Iterable[tuple[str, str]]) -> Mail:
        """A copy with these headers before all others."""
        return self._with([_field(name, value) for name, value in headers] + self._fields)

    def with_header(self, name: str, value: str) -> Mail:
        """A copy in which this is the only header of its name, in the place of the first one, else at the end."""
        key = name.lower()
        fields: list[tuple[str, bytes]] = []
        placed = False
        for field in self._fields:
            if field[0] != key:
                fields.append(field)
            elif not placed:
                fields.append(_field(name, value))
                placed = True
        return self._with(fields if placed else [*fields, _field(name, value)])

    def _with(self, fields: list[tuple[str, bytes]]) -> Mail:
        copy = Mail.__new__(Mail)
        copy._fields = fields
        copy._body = self._body
        return copy


def topic(subject: str) -> str:
    """A subject without reply and forward prefixes, runs of blanks and case.

    >>> topic("RE: Fwd:  Offer  42")
    'offer 42'
    """
    return " ".join(_PREFIX.sub("", subject).split()).lower()


def readable(value: str) -> str:
    """A header's value unfolded, encoded words decoded; as it is where it cannot be decoded."""
    value = _FOLD.sub(" ", value).strip()
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return value


def text_of(octets: bytes) -> str:
    """Bytes of a header as text: UTF-8 where they are, else Latin-1."""
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def _fields(head: bytes, *, whole: bool) -> tuple[list[tuple[str, bytes]], bytes]:
    """The header lines, and what of these bytes is text: all of it where there is no header, and all from the first
    line that is none where no empty line ends them (`whole` says that one does). Else such a line is passed over."""
    fields: list[tuple[str, bytes]] = []
    lines = head.split(b"\r\n")
    for number, line in enumerate(lines):
        if line[:1] in (b" ", b"\t") and fields:
            key, start = fields[-1]
            fields[-1] = (key, start + b"\r\n" + line)
        elif found := _FIELD.match(line):
            fields.append((found[1].decode("ascii").lower(), line))
        elif line and not whole and not _ENVELOPE.match(line):
            return fields, b"\r\n".join(lines[number:])
    return fields, b"" if fields else head


def _value(line: bytes) -> str:
    return text_of(line.partition(b":")[2])


def _field(name: str, value: str) -> tuple[str, bytes]:
    return name.lower(), f"{name}: {value}".encode()
