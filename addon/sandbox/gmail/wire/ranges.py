"""What the headers of a resumable upload say: what will come, and which part of it this is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from addon.sandbox.gmail.errors import ApiError
from addon.sandbox.gmail.ids import whole
from addon.sandbox.gmail.wire.upload_sessions import GRAIN

COMMANDED = "x-goog-upload-protocol"
"""The header that names the other dialect."""

_RANGE = re.compile(r"bytes (?:(\d{1,18})-(\d{1,18})|\*)/(\d{1,18}|\*)")


def announced(headers: Mapping[str, str]) -> tuple[str, int | None]:
    """The mail's media type and length, as far as the first request tells. 400 for a length that is none."""
    prefix = "x-goog-upload-header-content-" if COMMANDED in headers else "x-upload-content-"
    length = headers.get(prefix + "length", "")
    number = whole(length)
    if length and number is None:
        raise ApiError("badRequest", f"Failed to parse {prefix}length header.")
    return headers.get(prefix + "type", "").lower(), number


def place(headers: Mapping[str, str], octets: int | None) -> tuple[int | None, int | None, int | None]:
    """Where the body belongs (None: it is a question), how many bytes it should have, and the length of the whole.

    `octets` is how many there are where no range is given. 400 for a range that makes no sense.
    """
    given = headers.get("content-range")
    if given is None:
        return 0, octets, octets
    found = _RANGE.fullmatch(given.strip())
    if not found:
        raise ApiError("badRequest", "Failed to parse Content-Range header.")
    total = None if found[3] == "*" else int(found[3])
    if found[1] is None:
        return None, 0, total
    first, last = int(found[1]), int(found[2])
    if last < first or (total is not None and last >= total):
        raise ApiError("badRequest", "Failed to parse Content-Range header.")
    return first, last - first + 1, total


def in_grains(start: int, octets: bytes) -> bytes:
    """What of these bytes, beginning at this place, ends in a whole grain."""
    return octets[: max(0, (start + len(octets)) // GRAIN * GRAIN - start)]
