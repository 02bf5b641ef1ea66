"""A mail opened for judging: its parts, its envelope, the text a person would read."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import islice

from addon.domain.verdicts.facts import QUOTE, Attachment, Evidence, EvidenceKind
from addon.domain.verdicts.mails import markup
from addon.domain.verdicts.mails.envelope import Envelope, of_headers
from addon.domain.verdicts.mails.headers import Headers
from addon.domain.verdicts.mails.mime import Part, parse

_LONGEST = 100_000
_MOST_ATTACHMENTS = 50
_MOST_TEXTS = 40
_NO_ATTACHMENT = ("multipart/", "message/delivery-status", "message/disposition", "message/feedback", "text/rfc822")


class Mail:
    """Opens the bytes once; everything else is read when asked for."""

    def __init__(self, raw: bytes) -> None:
        self.root: Part = parse(raw)
        self.parts: tuple[Part, ...] = tuple(self.root.walk())

    @property
    def headers(self) -> Headers:
        return self.root.headers

    @cached_property
    def envelope(self) -> Envelope:
        return of_headers(self.headers)

    @cached_property
    def text(self) -> str:
        """What was written: the plain text, or the page as text where there is no plain text."""
        plain = _joined(part.text() for part in self._texts("text/plain"))
        return plain if plain.strip() else _joined(markup.to_text(part.text()) for part in self._texts("text/html"))

    @cached_property
    def attachments(self) -> tuple[Attachment, ...]:
        return tuple(
            Attachment(filename=part.filename, content_type=part.content_type[:100], size=part.decoded_size)
            for part in self.parts[1:]
            if not part.content_type.startswith(_NO_ATTACHMENT) and (part.filename or part.is_attachment)
        )[:_MOST_ATTACHMENTS]

    def part_of(self, *content_types: str) -> Part | None:
        """The first part of one of these types, attached mails not entered."""
        return next((part for part in self.parts if part.content_type in content_types), None)

    def _texts(self, content_type: str) -> list[Part]:
        return [part for part in self.parts if part.content_type == content_type and not part.is_attachment]


def _joined(texts: Iterable[str]) -> str:
    """As many of the texts as may be read. Those behind them are not even opened."""
    read: list[str] = []
    left = _LONGEST
    for text in islice(texts, _MOST_TEXTS):
        read.append(text[:left] if text.strip() else "")
        left -= len(read[-1]) + 1
        if left <= 0:
            break
    return "\n".join(read)[:_LONGEST]


def header_evidence(name: str, value: str) -> Evidence:
    return Evidence(kind=EvidenceKind.HEADER, name=name, text=" ".join(value.split())[:QUOTE])
