"""A filter as one line of text, for the address of a view that nobody saved. Pure.

`all(owner.any_of(3,me),any(title.contains(acme),value.ge(1000.00~20EUR)))`. What stands between parentheses is written
with `~20` for a blank and so on, so that commas, dots and parentheses of a text cannot be mistaken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, unquote

from addon.domain.fields.keys import Kind
from addon.domain.views.filters import EVERYTHING, Group, Node, parse
from addon.domain.views.refusals import BadFilter

LONGEST = 8000
"""Characters."""
_PARTS = re.compile(r"[(),]|[^(),]+")


def to_text(filter_: Group) -> str:
    """
    >>> from addon.domain.views.filters import Condition
    >>> to_text(Group(True, (Condition("owner", "any_of", (3, "me")), Condition("title", "is", "a, b"))))
    'any(owner.any_of(3,me),title.is(a~2C~20b))'
    """
    return "" if filter_ == EVERYTHING else _written(filter_)


def from_text(text: str, kinds: Mapping[str, Kind], *, lenient: bool = False) -> Group:
    """Raises what `filters.parse` raises."""
    if not text.strip():
        return EVERYTHING
    if len(text) > LONGEST:
        raise BadFilter
    tokens = _PARTS.findall(text)
    tokens.reverse()
    raw = _node(tokens, 0)
    if tokens:
        raise BadFilter
    return parse(raw, kinds, lenient=lenient)


def _written(node: Node) -> str:
    if isinstance(node, Group):
        return f"{'any' if node.any else 'all'}({','.join(map(_written, node.parts))})"
    name = f"{quoted(node.field)}.{quoted(node.op)}"
    if node.value is None:
        return name
    values = node.value if isinstance(node.value, tuple) else (node.value,)
    return f"{name}({','.join(quoted(str(value)) for value in values)})"


def quoted(text: str) -> str:
    return quote(text, safe="").replace("~", "%7E").replace("%", "~")


def unquoted(text: str) -> str:
    return unquote(text.replace("%", "%25").replace("~", "%"), errors="replace")


def _node(tokens: list[str], depth: int) -> dict[str, Any]:
    """`tokens` are taken from their end."""
    word = _next(tokens)
    if word in ("all", "any"):
        if depth > 10:
            raise BadFilter
        return {word: _between(tokens, lambda: _node(tokens, depth + 1))}
    key, dot, op = word.partition(".")
    if not dot:
        raise BadFilter
    told: dict[str, Any] = {"field": unquoted(key), "op": unquoted(op)}
    if tokens and tokens[-1] == "(":
        values = _between(tokens, lambda: unquoted(_next(tokens)))
        told["value"] = values[0] if len(values) == 1 else values
    return told


def _between(tokens: list[str], read: Callable[[], Any]) -> list[Any]:
    if _next(tokens) != "(":
        raise BadFilter
    found = [read()]
    while (mark := _next(tokens)) == ",":
        found.append(read())
    if mark != ")":
        raise BadFilter
    return found


def _next(tokens: list[str]) -> str:
    if not tokens:
        raise BadFilter
    return tokens.pop()
