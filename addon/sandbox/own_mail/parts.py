"""The files that an export of mail is made of: one mbox, a folder of many things, or Takeout's archive."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from addon.sandbox.own_mail import folders, labels, mbox

_LETTERS = (".eml",)
_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:")
_HEAD = 512
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!")


class MailRefused(Exception):
    """What was named cannot be loaded. The words stand in the catalogue under `sandbox.demo`."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True)
class Part:
    """One file. `many` tells an mbox from a single mail; `folder` is the label that its place stands for.

    `flags` are those of a file in a Maildir, None for any other.
    """

    name: str
    size: int
    many: bool
    opened: Callable[[], BinaryIO]
    folder: str = ""
    flags: str | None = None
    modified: float = 0.0

    @property
    def key(self) -> tuple[str, ...]:
        """Parts come in the order of their keys."""
        return tuple(self.name.split("/")) if self.name else ()


def parts(path: Path) -> Iterator[Part]:
    """The files with mail in them, always in the same order. Raises MailRefused."""
    try:
        if path.is_dir():
            os.scandir(path).close()
            return _of_folder(path, ())
        if not path.exists():
            raise MailRefused("mail_missing", path=path)
        head = _head(path)
    except OSError as trouble:
        raise MailRefused("mail_unreadable", path=path, why=trouble.strerror or trouble) from None
    if head.startswith(b"PK") and zipfile.is_zipfile(path):
        return _of_archive(path)
    if head.startswith(_PACKED) or (not head.startswith(b"From ") and path.suffix.lower() in (".tar", ".pst", ".olm")):
        raise MailRefused("mail_packed", path=path)
    return iter([_lone(path, head)])


def _lone(path: Path, head: bytes) -> Part:
    stat = path.stat()
    many = mbox.looks_like_one(head)
    if not many and not _HEADER.match(head):
        raise MailRefused("mail_none", path=path)
    named = folders.label_of(path.name, in_maildir=False)
    folder = named if many and labels.is_gmails_own(named) else ""
    return Part("", stat.st_size, many, lambda: path.open("rb"), folder, None, stat.st_mtime)


def _of_folder(folder: Path, names: tuple[str, ...]) -> Iterator[Part]:
    """One folder's names in memory at a time. Links to folders are not followed: they may lead in circles."""
    try:
        with os.scandir(folder) as inside:
            entries = sorted(inside, key=lambda entry: entry.name)
    except OSError:
        return  # a folder inside that may not be read; those around it still are
    in_maildir = bool(names) and names[-1] in ("cur", "new") and not any(entry.is_dir() for entry in entries)
    for entry in entries:
        here = (*names, entry.name)
        if entry.is_dir(follow_symlinks=False):
            if entry.name != "tmp" or not (folder / "cur").is_dir():
                yield from _of_folder(Path(entry.path), here)
        elif entry.is_file() and (part := _part(Path(entry.path), here, in_maildir)):
            yield part


def _part(path: Path, names: tuple[str, ...], in_maildir: bool) -> Part | None:
    above, name = "/".join(names[:-1]), "/".join(names)
    letter = in_maildir or path.suffix.lower() in _LETTERS
    many = not letter and _begins_as_mbox(path)
    if not letter and not many:
        return None
    stat = path.stat()
    folder = folders.label_of(name if many else above, in_maildir=in_maildir)
    flags = None if not in_maildir else folders.flags_of(path.name) if names[-2] == "cur" else ""
    return Part(name, stat.st_size, many, lambda: path.open("rb"), folder, flags, stat.st_mtime)


def _begins_as_mbox(path: Path) -> bool:
    try:
        return mbox.looks_like_one(_head(path))
    except OSError:
        return path.suffix.lower() == ".mbox"  # whoever named it so should hear that it cannot be read


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _of_archive(path: Path) -> Iterator[Part]:
    """What lies in a zip, read as it is unpacked; nothing is written to the disk."""
    try:
        with zipfile.ZipFile(path) as archive:
            inside = sorted(archive.infolist(), key=lambda info: info.filename.split("/"))
    except (zipfile.BadZipFile, OSError):
        raise MailRefused("mail_packed", path=path) from None
    if any(info.flag_bits & 1 for info in inside):
        raise MailRefused("mail_packed", path=path)
    for info in inside:
        ending = Path(info.filename).suffix.lower()
        if not info.is_dir() and ending in (".mbox", *_LETTERS):
            yield _packed(path, info, many=ending == ".mbox")


def _packed(path: Path, info: zipfile.ZipInfo, *, many: bool) -> Part:
    def opened() -> BinaryIO:
        with zipfile.ZipFile(path) as archive:  # its file is kept open by what was opened in it
            return cast(BinaryIO, archive.open(info))

    label = folders.label_of(info.filename if many else info.filename.rpartition("/")[0], in_maildir=False)
    return Part(info.filename, info.file_size, many, opened, label)
