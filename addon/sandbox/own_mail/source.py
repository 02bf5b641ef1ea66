"""An export of mail from end to end: every mail in it, from any place on, and how far that is."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from addon.sandbox.own_mail import labels, mbox
from addon.sandbox.own_mail.parts import MailRefused, Part, parts

_UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError)


@dataclass(frozen=True)
class Place:
    """Where reading goes on: at this byte of the part of this name."""

    name: str
    offset: int
    mark: int = 0
    behind: int = 0
    """How many bytes before it `mark` was made of, so that another file of the same name is not taken for this one."""

    def written(self) -> str:
        """For a table: names of files may hold what is no text, so this is ASCII."""
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, written: str) -> Place | None:
        return cls(**json.loads(written)) if written else None

    @property
    def key(self) -> tuple[str, ...]:
        """As a part's."""
        return tuple(self.name.split("/")) if self.name else ()


@dataclass(frozen=True)
class Found:
    """A mail of the export; with `raw` None something that cannot be read, and `why`, as a code."""

    raw: bytes | None
    part: Part
    line: str
    """The line `From ` that it begins with in an mbox."""
    at: int
    """The byte of its part at which it begins."""
    place: Place
    """Where reading goes on after it."""
    done: int
    """Bytes of the whole export that lie before that place."""
    why: str = ""

    @property
    def where(self) -> str:
        """For a person: the file within the export, and in an mbox the byte at which the mail begins."""
        name = self.part.name.encode("utf-8", "replace").decode()
        return f"{name} @ {self.at}".strip() if self.part.many else name


@dataclass(frozen=True)
class Survey:
    """What is known before reading: how many bytes, whether some folder is an inbox, how many files are mboxes."""

    size: int
    has_inbox: bool
    mboxes: int


class Source:
    """An mbox, a mail, a folder of them, or Takeout's archive. Raises MailRefused where there is no mail in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if next((part for part in parts(path) if part.size), None) is None:
            raise MailRefused("mail_none", path=path)

    def survey(self) -> Survey:
        """Look at every file's size; what is in it comes later."""
        size = mboxes = 0
        has_inbox = False
        for part in parts(self.path):
            size, mboxes = size + part.size, mboxes + part.many
            has_inbox = has_inbox or "INBOX" in labels.of_folder(part.folder).ids
        return Survey(size, has_inbox, mboxes)

    def found(self, after: Place | None = None) -> Iterator[Found]:
        """Everything after this place, broken mails too. Raises MailRefused where another file lies there now."""
        before = 0
        for part in parts(self.path):
            if after is None or part.key > after.key:
                yield from self._of_part(part, before, 0)
            elif part.key == after.key and part.many:
                self._check(part, after)
                yield from self._of_part(part, before, after.offset)
            before += part.size

    def _of_part(self, part: Part, before: int, start: int) -> Iterator[Found]:
        try:
            with part.opened() as file:
                yield from _of_mbox(part, file, before, start) if part.many else _of_letter(part, file, before)
        except _UNREADABLE:
            place = Place(part.name, part.size)
            yield Found(None, part, "", start, place, before + part.size, "unreadable")

    def _check(self, part: Part, place: Place) -> None:
        """Whether what was read up to this place is still there."""
        try:
            with part.opened() as file:
                file.seek(place.offset - place.behind)
                behind = file.read(place.behind)
        except _UNREADABLE:
            return  # reading on will say so
        if zlib.crc32(behind) != place.mark:
            raise MailRefused("mail_changed", path=self.path)


def _of_mbox(part: Part, file: BinaryIO, before: int, start: int) -> Iterator[Found]:
    for piece in mbox.pieces(file, start):
        place = Place(part.name, piece.end, zlib.crc32(piece.tail), len(piece.tail))
        why = "too_large" if piece.raw is None else "" if piece.raw.strip() else "empty"
        raw = None if why else piece.raw
        yield Found(raw, part, piece.line, piece.start, place, before + piece.end, why)


def _of_letter(part: Part, file: BinaryIO, before: int) -> Iterator[Found]:
    place = Place(part.name, part.size)
    raw = file.read(mbox.LARGEST + 1)
    why = "too_large" if len(raw) > mbox.LARGEST else "" if raw.strip() else "empty"
    yield Found(None if why else raw, part, "", 0, place, before + part.size, why)
