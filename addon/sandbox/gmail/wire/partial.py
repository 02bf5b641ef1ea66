"""Partial answers: the `fields` parameter, such as `id,payload/headers` or `messages(id,threadId),nextPageToken`."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from addon.sandbox.gmail.api.shapes import ANSWERS, SHAPES
from addon.sandbox.gmail.errors import ApiError

Mask: TypeAlias = dict[str, "Mask"]
"""Names to keep; an empty mask below a name keeps all of it."""

_DEEPEST = 50
_TOKEN = re.compile(r"[A-Za-z0-9_*\-]+|[,/()]")


def mask(fields: str, method: str = "") -> Mask:
    """Read a `fields` parameter. 400 where it cannot be read or names what this method never answers."""
    tokens = _TOKEN.findall(fields)
    if "".join(tokens) != "".join(fields.split()) or _depth(tokens) > _DEEPEST:
        raise _bad(fields)
    try:
        read = _list(tokens, 0)
    except IndexError:
        raise _bad(fields) from None
    if read is None or read[1] != len(tokens):
        raise _bad(fields)
    if method in ANSWERS:
        _check(read[0], ANSWERS[method])
    return read[0]


def cut(value: Any, wanted: Mask) -> Any:
    """What the mask leaves of an answer; lists are cut entry by entry."""
    if not wanted or ("*" in wanted and not wanted["*"]):
        return value
    if isinstance(value, list):
        return [cut(entry, wanted) for entry in value]
    if not isinstance(value, dict):
        return value
    if "*" in wanted:
        return {key: cut(entry, wanted["*"]) for key, entry in value.items()}
    return {key: cut(entry, wanted[key]) for key, entry in value.items() if key in wanted}


def _depth(tokens: list[str]) -> int:
    """How many names stand below each other, at most."""
    depth = deepest = 0
    opened: list[int] = []
    for token in tokens:
        if token == "(":
            opened.append(depth)
        elif token == ")":
            depth = opened.pop() if opened else 0
        elif token == ",":
            depth = opened[-1] if opened else 0
        elif token != "/":
            depth += 1
            deepest = max(deepest, depth)
    return max(deepest, len(opened))


def _check(wanted: Mask, name: str) -> None:
    """400 for the first name that the object does not have. Behind a star, some value must have it."""
    shape = SHAPES[name]
    for field, below in wanted.items():
        if field == "*":
            _check_any(below, [inner for inner in shape.values() if inner])
        elif field not in shape:
            raise _bad(field)
        elif below and not shape[field]:
            raise _bad(next(iter(below)))
        elif below:
            _check(below, shape[field])


def _check_any(below: Mask, names: list[str]) -> None:
    for field, deeper in below.items():
        having = [name for name in names if field == "*" or field in SHAPES[name]]
        if not having:
            raise _bad(field)
        _check_any(deeper, [inner for name in having if (inner := SHAPES[name].get(field, ""))])


def _list(tokens: list[str], place: int) -> tuple[Mask, int] | None:
    found: Mask = {}
    while True:
        path: list[str] = []
        while True:
            if tokens[place] in ",/()":
                return None
            path.append(tokens[place])
            place += 1
            if place >= len(tokens) or tokens[place] != "/":
                break
            place += 1
        below: Mask = {}
        if place < len(tokens) and tokens[place] == "(":
            inner = _list(tokens, place + 1)
            if inner is None or tokens[inner[1]] != ")":
                return None
            below, place = inner[0], inner[1] + 1
        _put(found, path, below)
        if place >= len(tokens) or tokens[place] != ",":
            return found, place
        place += 1


def _put(found: Mask, path: list[str], below: Mask) -> None:
    """Add a path; what is wanted whole already stays whole, and what is wanted whole now becomes so."""
    for name in path[:-1]:
        if name in found and not found[name]:
            return
        found = found.setdefault(name, {})
    last = path[-1]
    if last in found and (not found[last] or not below):
        found[last] = {}
    else:
        found.setdefault(last, {}).update(below)


def _bad(fields: str) -> ApiError:
    return ApiError("invalidParameter", f"Invalid field selection {fields}", location=("parameter", "fields"))
