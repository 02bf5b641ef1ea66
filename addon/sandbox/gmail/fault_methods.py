"""Naming the methods that a fault is for: one, several, a prefix, a group."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

OUTSIDE = frozenset({"token", "certs", "push", "upload"})
"""Not methods of the REST interface, but struck under these names; `upload` is a step of a resumable upload."""

_PATTERN = re.compile(r"[A-Za-z]+(?:\.[A-Za-z]+)*(?:\.\*)?|\*")


def _is_read(method: str) -> bool:
    return method == "getProfile" or method.endswith((".get", ".list"))


GROUPS: Mapping[str, Callable[[str], bool]] = {
    "*": lambda method: method != "push",
    "api": lambda method: method not in OUTSIDE,
    "sends": lambda method: method in ("drafts.send", "messages.send"),
    "reads": lambda method: method not in OUTSIDE and _is_read(method),
    "writes": lambda method: method not in OUTSIDE and not _is_read(method),
}
"""Groups by name: whether a method belongs."""


def patterns(given: str | Sequence[str]) -> list[str]:
    """The patterns in a text with commas or a list. Raises ValueError with a sentence for what is none."""
    listed = given.split(",") if isinstance(given, str) else list(given)
    found = [str(each).strip() for each in listed]
    for each in found:
        if not _PATTERN.fullmatch(each):
            raise ValueError(f"{each!r} names no method: say drafts.send, messages.*, or one of {', '.join(GROUPS)}")
    if not found:
        raise ValueError("method names no method")
    return found


@lru_cache(1024)
def fits(named: str, method: str) -> bool:
    """Whether a method is among those named, with commas between them.

    >>> fits("labels.list, messages.*", "messages.attachments.get")
    True
    >>> fits("sends", "drafts.create")
    False
    """
    return any(_one(each, method) for each in named.split(", "))


def _one(pattern: str, method: str) -> bool:
    if group := GROUPS.get(pattern):
        return group(method)
    return method.startswith(pattern[:-1]) if pattern.endswith(".*") else pattern == method
