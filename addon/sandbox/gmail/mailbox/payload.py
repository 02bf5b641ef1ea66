"""A mail as Gmail shows it: the tree of parts, the text of its body, the snippet, the attachments.

Text comes as UTF-8 whatever it was written in. Parts with a file name, parts that are no text, and texts above 1 MiB
carry an attachment id instead of data; the id is a new one at every reading and stays good, as with Gmail.
"""

from __future__ import annotations

import base64
import binascii
import html
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from email import message_from_bytes
from email.message import Message as Part
from typing import Any

from addon.sandbox.gmail.errors import invalid, not_found
from addon.sandbox.gmail.mailbox.mime import Mail, readable, text_of
from addon.sandbox.gmail.mailbox.unmarked import shown_words

_INLINE = 1 << 20
_DEEPEST = 30
"""Parts within parts that are shown."""

_DEEPEST_READ, _MOST_BOUNDARIES = 100, 500
"""A mail with more levels or boundaries than any honest digest has is taken for one text."""

_MARK = "dealthread-sandbox-attachment:"


def tree(raw: bytes) -> dict[str, Any]:
    """`Message.payload` for format full."""
    top = _parsed(raw)
    shown = _shown(top, "", 0)
    return {**shown, "headers": headers(raw)}


def headers(raw: bytes, wanted: frozenset[str] = frozenset()) -> list[dict[str, str]]:
    """The mail's own headers in order; only these names (folded) where any are given."""
    found = Mail(raw).headers()
    return [{"name": name, "value": value} for name, value in found if not wanted or name.lower() in wanted]


def brief(raw: bytes, wanted: frozenset[str] = frozenset()) -> dict[str, Any]:
    """`Message.payload` for format metadata."""
    shown: dict[str, Any] = {"mimeType": _kind(message_from_bytes(raw.partition(b"\r\n\r\n")[0]))}
    if found := headers(raw, wanted):
        shown["headers"] = found
    return shown


def attachment(raw: bytes, attachment_id: str) -> bytes:
    """The decoded bytes of the part that an attachment id names. 400 for no such id, 404 for another mail's."""
    try:
        plain = base64.urlsafe_b64decode(attachment_id + "=" * (-len(attachment_id) % 4)).decode("ascii")
    except (binascii.Error, UnicodeError, ValueError):
        raise invalid("Invalid attachment token") from None
    if not plain.startswith(_MARK):
        raise invalid("Invalid attachment token")
    wanted = plain.removeprefix(_MARK).partition(":")[0]
    for path, part in walk(_parsed(raw)):
        if path == wanted:
            return _octets(part)
    raise not_found()


def snippet(raw: bytes) -> str:
    """The first words of the body, HTML-escaped as Gmail gives them, at most about 200 characters."""
    text = " ".join(body_text(raw, attached=False).split())
    return html.escape(text if len(text) <= 200 else text[:200].rsplit(" ", 1)[0], quote=True).replace(
        "&#x27;", "&#39;"
    )


def body_text(raw: bytes, *, attached: bool = True) -> str:
    """What a person reads: the plain texts of a mail, or its HTML without tags where there are none.

    With that of attached mails, unless told otherwise.
    """
    return _body_text(part for _, part in walk(_parsed(raw), attached=attached))


def filenames(raw: bytes) -> list[str]:
    """The names of all attached files."""
    return _filenames(part for _, part in walk(_parsed(raw)))


def body_and_files(raw: bytes) -> tuple[str, list[str]]:
    """Both at once: a large mail is dear to take apart."""
    parts = [part for _, part in walk(_parsed(raw))]
    return _body_text(parts), _filenames(parts)


def _body_text(parts: Iterable[Part]) -> str:
    plain: list[str] = []
    marked: list[str] = []
    for part in parts:
        if part.is_multipart() or part.get_filename():
            continue
        if _kind(part) == "text/plain":
            plain.append(_text(part))
        elif _kind(part) == "text/html":
            marked.append(shown_words(_text(part)))
    return "\n".join(plain if any(text.strip() for text in plain) else marked)


def _filenames(parts: Iterable[Part]) -> list[str]:
    return [name for part in parts if (name := _filename(part))]


def walk(part: Part, path: str = "", depth: int = 0, *, attached: bool = True) -> Iterator[tuple[str, Part]]:
    """Every part with its partId, outermost first; on request without those of attached mails."""
    yield path, part
    if not attached and _kind(part).startswith("message/"):
        return
    for number, child in enumerate(_children(part, depth)):
        yield from walk(child, f"{path}.{number}" if path else str(number), depth + 1, attached=attached)


def _parsed(raw: bytes) -> Part:
    """The mail as parts; one text where somebody has nested them beyond all reason."""
    with suppress(RecursionError):
        if raw.count(b"boundary=") <= _MOST_BOUNDARIES:  # each one makes every line dearer to read
            top = message_from_bytes(raw)
            if not _is_bottomless(top):
                return top
    return message_from_bytes(Mail(raw).without("Content-Type", "Content-Transfer-Encoding").raw())


def _is_bottomless(top: Part) -> bool:
    level: list[Part] = [top]
    for _ in range(_DEEPEST_READ):
        inner = [part.get_payload() for part in level if part.is_multipart()]
        level = [child for parts in inner if isinstance(parts, list) for child in parts if isinstance(child, Part)]
        if not level:
            return False
    return True


def _children(part: Part, depth: int) -> list[Part]:
    payload = part.get_payload()
    if depth >= _DEEPEST or not isinstance(payload, list) or _kind(part) == "message/delivery-status":
        return []
    return [child for child in payload if isinstance(child, Part)]


def _shown(part: Part, path: str, depth: int) -> dict[str, Any]:
    children = _children(part, depth)
    shown: dict[str, Any] = {
        "partId": path,
        "mimeType": _kind(part),
        "filename": _filename(part),
        "headers": [{"name": name, "value": readable(_plain(value))} for name, value in part.raw_items()],
        "body": _body(part, path),
    }
    if children:
        shown["parts"] = [
            _shown(child, f"{path}.{number}" if path else str(number), depth + 1)
            for number, child in enumerate(children)
        ]
    return shown


def _body(part: Part, path: str) -> dict[str, Any]:
    if part.is_multipart() and not _kind(part).startswith("message/"):
        return {"size": 0}
    octets = _octets(part)
    if _filename(part) or not _kind(part).startswith("text/") or len(octets) > _INLINE:
        token = base64.urlsafe_b64encode(f"{_MARK}{path}:{secrets.token_hex(24)}".encode()).decode().rstrip("=")
        return {"attachmentId": token, "size": len(octets)}
    text = _text(part).encode()
    return {"size": len(text), "data": base64.urlsafe_b64encode(text).decode()}


def _octets(part: Part) -> bytes:
    payload = part.get_payload()
    if isinstance(payload, list):
        return b"\r\n".join(child.as_bytes() for child in payload if isinstance(child, Part))
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else b""


def _text(part: Part) -> str:
    octets = _octets(part)
    charset = part.get_content_charset() or "utf-8"
    try:
        return octets.decode(charset)
    except (LookupError, UnicodeDecodeError, ValueError):
        return text_of(octets)


def _kind(part: Part) -> str:
    return part.get_content_type()


def _filename(part: Part) -> str:
    try:
        return readable(part.get_filename() or "")
    except (LookupError, UnicodeError, ValueError, TypeError):
        return ""


def _plain(value: object) -> str:
    return text_of(str(value).encode("ascii", "surrogateescape")) if str(value).isascii() is False else str(value)
