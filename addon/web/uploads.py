"""An uploaded list between two pages: it travels in the form, so that no error makes anybody upload it again."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from typing import Any

from addon.domain import tables
from addon.domain.tables import Table, TableRefused
from addon.i18n import Words

LARGEST = 10 * 1024 * 1024
"""Bytes of a list."""

LARGEST_FORM = 24 * 1024 * 1024
"""Bytes of a form that carries one, packed."""


class NotKept(Exception):
    """The form carries no list that we packed."""


def pack(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data)).decode()


def unpack(text: str) -> bytes:
    """Raises NotKept, also where it would grow beyond what may be uploaded."""
    try:
        inflater = zlib.decompressobj()
        data = inflater.decompress(base64.b64decode(text, validate=True), LARGEST + 1)
    except (zlib.error, binascii.Error, ValueError):
        raise NotKept from None
    if not data or len(data) > LARGEST or not inflater.eof:
        raise NotKept
    return data


def read(data: bytes, name: str) -> Table:
    """The rows of a list. Raises TableRefused."""
    if len(data) > LARGEST:
        raise TableRefused("tables.too_large", size=len(data), limit=LARGEST)
    return tables.read(data, name)


def why_refused(refused: TableRefused, say: Words) -> str:
    """What is wrong with a file and what to do."""
    return say(f"web.list.{refused.code.replace('.', '_')}", **_spoken(refused.params, say))


def _spoken(params: Mapping[str, object], say: Words) -> dict[str, Any]:
    spoken: dict[str, Any] = dict(params)
    for name in ("size", "limit"):
        if isinstance(spoken.get(name), int) and spoken[name] >= 1024 * 1024:
            spoken[name] = f"{spoken[name] / (1024 * 1024):.0f} MB"
    if isinstance(spoken.get("names"), list):
        spoken["names"] = ", ".join(map(str, spoken["names"]))
    if "kind" in spoken:
        spoken["kind"] = say(f"web.list.kind_{spoken['kind']}")
    return spoken
