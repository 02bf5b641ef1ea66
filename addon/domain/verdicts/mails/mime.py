"""The parts of a mail, of any size and shape, in bounded time.

The standard parser copies and recurses: fifty megabytes or a thousand nested parts are beyond it. This one keeps
offsets into the bytes, goes down and across only so far, and decodes nothing before it is asked for.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from addon.domain.verdicts.mails.headers import LONGEST_HEAD, Headers, beginning, parse_headers, storable, text_of

_MOST_PARTS = 400
_DEEPEST = 15
_LONGEST_TEXT = 200_000
_MOST_MARKS = 20_000
_MOST_KEPT = 8_000_000
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_LINE_ENDS = re.compile(rb"[\r\n=]+")
_MOST_FOREIGN = 8
"""Of so many bytes of base64 at most one may be none, such as those of a footer that a list put below."""
_MAILS = frozenset({"message/rfc822", "message/global", "message/news"})


@dataclass(frozen=True, eq=False, kw_only=True)
class Part:
    """A part: its fields, its undecoded bytes (cut where they are long), its true size, the parts within."""

    headers: Headers
    content_type: str
    raw: bytes
    size: int
    params: Message[str, str]
    children: tuple[Part, ...] = ()

    def walk(self, *, into_mails: bool = False) -> Iterator[Part]:
        """This part and those within, in order; attached mails are not entered unless asked for."""
        yield self
        if into_mails or self.content_type not in _MAILS:
            for child in self.children:
                yield from child.walk(into_mails=into_mails)

    def param(self, name: str, header: str = "content-type") -> str:
        """A parameter of a field, or ""."""
        try:
            found = self.params.get_param(name, header=header)
        except Exception:  # continuations that lead nowhere raise all sorts of things
            return ""
        text = found[2] if isinstance(found, tuple) else found
        return storable(str(text or "").strip())

    @property
    def filename(self) -> str:
        """The name an attachment goes by, or ""."""
        return (self.param("filename", "content-disposition") or self.param("name"))[:200]

    @property
    def is_attachment(self) -> bool:
        """Whether mail programs would show it as a file rather than as text."""
        disposition = self.headers.get("content-disposition").lower()
        return disposition.startswith("attachment") or (
            bool(self.filename) and not self.content_type.startswith("text/")
        )

    def data(self) -> bytes:
        """The decoded bytes, as many as were kept."""
        return _decoded(self.raw, _coding(self.headers))

    def text(self) -> str:
        """The decoded text, line ends made plain."""
        return text_of(self.data(), self.param("charset")).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")

    @property
    def decoded_size(self) -> int:
        """Bytes once decoded, to within a few."""
        return self.size * 3 // 4 if _coding(self.headers) == "base64" else self.size


@dataclass
class _Budget:
    parts: int = _MOST_PARTS
    marks: int = _MOST_MARKS
    kept: int = _MOST_KEPT
    """Bytes of bodies that may still be copied out of the mail."""


@dataclass(frozen=True)
class _Span:
    raw: bytes = field(repr=False)
    start: int
    end: int


def parse(raw: bytes) -> Part:
    """The tree of a mail. Never raises; what is beyond the bounds is left out."""
    raw, start = beginning(raw)
    return _part(_Span(raw, start, len(raw)), 0, _Budget(), "text/plain")


def fields_of(part: Part) -> list[Headers]:
    """The groups of fields in a report: one for the mail, one for each recipient."""
    groups = []
    for block in re.split(rb"\n[ \t\r]*\n", part.data())[:200]:
        headers, _ = parse_headers(block.strip(b"\r\n"))
        if headers.pairs:
            groups.append(headers)
    return groups


def _part(span: _Span, depth: int, budget: _Budget, default: str) -> Part:
    budget.parts -= 1
    headers, length = parse_headers(span.raw[span.start : min(span.end, span.start + LONGEST_HEAD)])
    body = _Span(span.raw, _after_blank(span, span.start + length), span.end)
    params = headers.message()
    content_type = _content_type(headers, default)
    part = Part(headers=headers, content_type=content_type, raw=b"", size=0, params=params)

    children: list[Part] = []
    if depth < _DEEPEST and content_type.startswith("multipart/"):
        inner = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
        for piece in _pieces(body, part.param("boundary"), budget):
            children.append(_part(piece, depth + 1, budget, inner))
    elif depth < _DEEPEST and content_type in _MAILS and budget.parts > 0:
        children.append(_part(_uncoded(headers, body), depth + 1, budget, "text/plain"))

    kept = b"" if children else span.raw[body.start : min(body.end, body.start + min(_LONGEST_TEXT, budget.kept))]
    budget.kept -= len(kept)
    return Part(
        headers=headers,
        content_type=content_type if children or not content_type.startswith("multipart/") else "text/plain",
        raw=kept,
        size=max(0, body.end - body.start),
        params=params,
        children=tuple(children),
    )


def _after_blank(span: _Span, place: int) -> int:
    line_end = span.raw.find(b"\n", place, span.end)
    blank = line_end >= 0 and not span.raw[place:line_end].strip() if line_end - place < 100 else False
    return line_end + 1 if blank else place


def _content_type(headers: Headers, default: str) -> str:
    said = headers.get("content-type").partition(";")[0].strip().lower()
    return said if said.count("/") == 1 else default


def _uncoded(headers: Headers, body: _Span) -> _Span:
    """Attached mails may not be coded; some are."""
    coding = _coding(headers)
    if coding not in ("base64", "quoted-printable"):
        return body
    data = _decoded(body.raw[body.start : min(body.end, body.start + _LONGEST_TEXT)], coding)
    return _Span(data, 0, len(data))


def _pieces(body: _Span, boundary: str, budget: _Budget) -> Iterator[_Span]:
    """What stands between the marks. A missing last mark is forgiven."""
    mark = b"--" + boundary.encode("utf-8", "replace")
    begins = None
    for place, after, last in _marks(body, mark, budget) if boundary else ():
        if begins is not None and budget.parts > 0:
            yield _Span(body.raw, begins, max(begins, place))
        begins = None if last else after
        if last:
            return
    if begins is not None and budget.parts > 0:
        yield _Span(body.raw, begins, body.end)


def _marks(body: _Span, mark: bytes, budget: _Budget) -> Iterator[tuple[int, int, bool]]:
    """(where the text before ends, where the text behind begins, whether it is the closing mark)."""
    place = body.raw.find(mark, body.start, body.end)
    while place >= 0 and budget.marks > 0:
        budget.marks -= 1
        behind = place + len(mark)
        line_end = body.raw.find(b"\n", behind, min(body.end, behind + 300))
        line_end = line_end if line_end >= 0 else min(body.end, behind + 300)
        rest = body.raw[behind:line_end].strip()
        if rest in (b"", b"--") and (place == body.start or body.raw[place - 1 : place] == b"\n"):
            yield max(body.start, place - 1), min(body.end, line_end + 1), rest == b"--"
        place = body.raw.find(mark, behind, body.end)


def _coding(headers: Headers) -> str:
    """`base64`, also where a comment stands behind it."""
    return headers.get("content-transfer-encoding").lower().partition("(")[0].strip(" ;")


def _decoded(data: bytes, coding: str) -> bytes:
    if coding == "base64":
        return _base64(data)
    return binascii.a2b_qp(data) if coding == "quoted-printable" else data


def _base64(data: bytes) -> bytes:
    """What calls itself base64 and has the blanks and commas of plain text is plain text."""
    clean = _NOT_BASE64.sub(b"", data)
    if len(_LINE_ENDS.sub(b"", data)) - len(clean) > len(data) // _MOST_FOREIGN:
        return data
    clean = clean[: len(clean) - (len(clean) % 4 == 1)]
    try:
        return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
    except binascii.Error:
        return b""
