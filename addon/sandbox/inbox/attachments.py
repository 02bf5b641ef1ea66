"""What hangs on a mail: names, sizes, what is a picture, and as what it may be handed to a browser. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

MOST_BYTES = 25 * 1024 * 1024
"""What the files of one mail may weigh together, as with Gmail."""
MOST_PICTURE = 10 * 1024 * 1024
"""A larger picture is offered as a file only."""

_PICTURES = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}
_HARMLESS = frozenset({"application/pdf", "text/csv", "text/calendar", "application/zip"})
_UNTITLED = {"message/rfc822": "message.eml", "text/html": "text.html", "text/plain": "text.txt"}


@dataclass(frozen=True)
class Attachment:
    """A file in a mail. `part` names its place in the mail and stays; `id` is Gmail's, a new one at every reading."""

    part: str
    id: str
    name: str
    kind: str
    size: int
    cid: str = ""
    """By which the mail's HTML refers to it; empty where it has none."""

    @property
    def is_picture(self) -> bool:
        return self.kind in _PICTURES and self.size <= MOST_PICTURE

    @property
    def ending(self) -> str:
        """What stands on its paper where there is no picture: PDF, XLSX; empty for something long."""
        ending = self.name.rpartition(".")[2] if "." in self.name else ""
        return ending.upper() if 0 < len(ending) <= 4 else ""


def attached(payload: Json) -> list[Attachment]:
    """The files of a mail, in its order: what has a name, a mail inside the mail, and texts too long to be shown."""
    return [found for part in parts(payload) if (found := _attachment(part)) is not None]


def parts(part: Json) -> Iterator[Json]:
    """A payload's parts, itself first."""
    yield part
    for inner in part.get("parts", []):
        yield from parts(inner)


def _attachment(part: Json) -> Attachment | None:
    body, kind = part.get("body", {}), str(part.get("mimeType", ""))
    id = str(body.get("attachmentId", ""))
    name = str(part.get("filename") or (_UNTITLED.get(kind, "") if id else ""))
    headers = {str(h["name"]).lower(): str(h["value"]) for h in part.get("headers", [])}
    cid = headers.get("content-id", "").strip().strip("<>")
    if not name and kind in _PICTURES and cid and id:
        name = f"picture.{kind.partition('/')[2]}"
    if not name or not id:
        return None
    return Attachment(str(part.get("partId", "")), id, _flat(name), kind, int(body.get("size", 0)), cid)


def _flat(name: str) -> str:
    """A file's name without a folder, a line's end or a sign that only machines read."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable()).strip() or "file"


def handed_as(kind: str) -> str:
    """The type under which a file is handed over: its own where a browser does nothing with it, else plain bytes."""
    return kind if kind in _PICTURES or kind in _HARMLESS else "application/octet-stream"


def is_that_picture(kind: str, octets: bytes) -> bool:
    """Whether the bytes are a picture of the kind that the mail says."""
    return kind in _PICTURES and octets.startswith(_PICTURES[kind])


def size_words(size: int) -> str:
    """A file's size in few signs.

    >>> size_words(812), size_words(48_200), size_words(3_400_000)
    ('812 B', '47 KB', '3.2 MB')
    """
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"
