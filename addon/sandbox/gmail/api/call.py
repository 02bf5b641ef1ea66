"""One call of a REST method: who calls, on which mailbox, with what."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import parse_qs

from addon.sandbox.gmail.errors import ApiError, invalid
from addon.sandbox.gmail.gmail import Gmail
from addon.sandbox.gmail.ids import number_of, whole
from addon.sandbox.gmail.mailbox.accounts import Account
from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.gmail.mailbox.sending import LARGEST
from addon.sandbox.gmail.sign_in.grants import Access

Json: TypeAlias = dict[str, Any]

_MOST_LABELS = 100


class Query:
    """The parameters of a request."""

    def __init__(self, text: str) -> None:
        self._values: dict[str, list[str]] = parse_qs(text, keep_blank_values=True) if text else {}

    def first(self, name: str, default: str = "") -> str:
        """The first value of this name."""
        return self._values.get(name, [default])[0]

    def all(self, name: str) -> list[str]:
        """Every value of this name."""
        return self._values.get(name, [])

    def names(self) -> frozenset[str]:
        """Every name that has a value."""
        return frozenset(self._values)

    def rename(self, name: str, usual: str) -> None:
        """Find the values of one name under another."""
        self._values[usual] = self._values.pop(name)

    def flag(self, name: str) -> bool:
        """Whether it is true. 400 for what is neither true nor false."""
        value = self.first(name).lower()
        if value not in ("", "true", "false", "1", "0"):
            raise invalid(f"Invalid value at '{name}' (TYPE_BOOL), \"{value}\"")
        return value in ("true", "1")

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number, cut at `most`; the default where absent or 0. 400 for anything else."""
        value = self.first(name)
        number = whole(value or "0")
        if number is None:
            raise invalid(f"Invalid value at '{name}' (TYPE_UINT32), \"{value}\"")
        return min(number or default, most)


@dataclass(frozen=True)
class Call:
    """A call whose token is good for this mailbox and method. `media` is an uploaded mail."""

    gmail: Gmail
    account: Account
    access: Access
    path: Mapping[str, str]
    query: Query
    body: Json
    media: bytes | None = None

    @property
    def number(self) -> int:
        """The message or thread that the path names. 400 for what is no id at all."""
        return number_named(self.path["id"])

    def label_changes(self) -> tuple[list[str], list[str]]:
        """The labels to add and to remove. 400 where there are none, or more than a hundred of either."""
        add, remove = strings(self.body, "addLabelIds"), strings(self.body, "removeLabelIds")
        if not add and not remove:
            raise invalid("No label add or removes specified")
        if max(len(add), len(remove)) > _MOST_LABELS:
            raise invalid(f"Too many labels: at most {_MOST_LABELS} can be changed at once")
        return add, remove


@dataclass(frozen=True)
class Route:
    """A REST method: its verb and path below `/gmail/v1/users/{userId}`, the scopes of which one is needed.

    `fixed` are values that the handler finds in the call's path although the path does not carry them.
    """

    verb: str
    path: str
    method: str
    scopes: frozenset[str]
    handle: Callable[[Call], Json | None]
    fixed: Mapping[str, str] = field(default_factory=dict)


def number_named(name: str) -> int:
    """The number behind an id. 400 for what cannot be one, as Gmail tells it from an id it does not know."""
    number = number_of(name)
    if number is None:
        raise invalid("Invalid id value")
    return number


def strings(body: Json, key: str) -> list[str]:
    """A list of strings in a body, empty if absent. 400 for anything else."""
    value = body.get(key) or []
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise invalid(f"Invalid value at '{key}'")
    return value


def part(body: Json, key: str) -> Json:
    """An object in a body, empty if absent. 400 for anything else."""
    value = body.get(key) or {}
    if not isinstance(value, dict):
        raise invalid(f"Invalid value at '{key}'")
    return value


def mail_in(message: Json, media: bytes | None, most: int = LARGEST) -> Mail:
    """The mail of a request: uploaded, or base64url in `raw`. 400 where neither, 413 above `most` bytes."""
    raw = media
    if raw is None:
        encoded = message.get("raw")
        if not isinstance(encoded, str) or not encoded:
            raise invalid("'raw' RFC822 payload message string or uploading message via /upload/* URL required")
        raw = _decoded(encoded)
    if len(raw) > most:
        raise ApiError("uploadTooLarge")
    return Mail(raw)


def thread_in(message: Json) -> int | None:
    """The thread that a request names; None if none. 400 for what is no REST id (`thread-f:` is none)."""
    thread = message.get("threadId")
    if not thread:
        return None
    number = number_of(thread) if isinstance(thread, str) else None
    if number is None:
        raise invalid("Invalid thread_id value")
    return number


def _decoded(encoded: str) -> bytes:
    text = encoded.translate(_URL_SAFE).rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise ApiError(
            "invalidArgument", "Invalid value at 'message.raw' (TYPE_BYTES), Base64 decoding failed"
        ) from None


_URL_SAFE = str.maketrans("-_", "+/", "\r\n")
