"""What somebody typed into the search box, as a tree.

Words side by side must all hold; OR binds its neighbours tighter than that; braces hold alternatives; a hyphen before
a word, a field or a group turns it round; a field may stand before a group.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

FIELDS = frozenset(
    {"from", "to", "cc", "bcc", "subject", "in", "is", "label", "has", "filename", "after", "before", "older", "newer"}
    | {"older_than", "newer_than", "larger", "smaller", "rfc822msgid", "list", "deliveredto"}
)
_TOKEN = re.compile(r'\s*(?:"([^"]*)"?|([(){}])|(-)(?=\S)|([A-Za-z0-9_]+):(?=\S)|([^\s(){}"]+))')
_SIZE = 4_000


@dataclass(frozen=True)
class Term:
    """One word or phrase, in a field or (empty) anywhere."""

    field: str
    value: str


@dataclass(frozen=True)
class Not:
    """What must not hold."""

    node: Node


@dataclass(frozen=True)
class All:
    """What must hold together."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Either:
    """What may hold instead of each other."""

    nodes: tuple[Node, ...]


Node: TypeAlias = Term | Not | All | Either


def parse(query: str) -> Node:
    """Read a query; nothing is an error, as with Gmail: what makes no sense is taken as words."""
    return _Reader(_tokens(query[:_SIZE])).everything()


def terms(node: Node) -> list[Term]:
    """All words and fields of a tree, negated or not."""
    match node:
        case Term():
            return [node]
        case Not():
            return terms(node.node)
        case All() | Either():
            return [term for child in node.nodes for term in terms(child)]


def _tokens(query: str) -> list[tuple[str, str]]:
    """(kind, text): kind is `word`, `phrase`, `field`, `-` or a bracket."""
    found: list[tuple[str, str]] = []
    place = 0
    while match := _TOKEN.match(query, place):
        phrase, bracket, minus, field, word = match.groups()
        place = match.end()
        if phrase is not None:
            found.append(("phrase", phrase))
        elif field and field.lower() in FIELDS:
            found.append(("field", field.lower()))
        elif field:
            word = re.match(r"[^\s(){}\"]+", query[match.start(4) :])
            assert word is not None
            found.append(("word", word[0]))
            place = match.start(4) + len(word[0])
        else:
            mark = bracket or minus
            found.append((mark, mark) if mark else ("word", word))
    return found


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens, self._place = tokens, 0

    def everything(self) -> Node:
        nodes: list[Node] = []
        while self._peek()[0]:
            nodes.append(self._sequence("", ""))
            if self._peek()[0] in (")", "}"):  # closes nothing
                self._place += 1
        return nodes[0] if len(nodes) == 1 else All(tuple(nodes))

    def _sequence(self, field: str, closing: str) -> Node:
        """Nodes up to a closing bracket, each perhaps joined to its neighbour by OR."""
        nodes: list[Node] = []
        while self._peek()[0] and self._peek()[0] not in (")", "}"):
            if self._peek() in (("word", "OR"), ("word", "AND"), ("word", "|")):
                either = self._next()[1] != "AND"
                if either and nodes and self._peek()[0] not in ("", ")", "}"):
                    nodes.append(_joined(nodes.pop(), self._single(field)))
                continue
            nodes.append(self._single(field))
        if closing and self._peek()[0] == closing:
            self._place += 1
        together: Callable[[tuple[Node, ...]], Node] = Either if closing == "}" else All
        return nodes[0] if len(nodes) == 1 else together(tuple(nodes))

    def _single(self, field: str) -> Node:
        kind, text = self._next()
        if kind == "-":
            return Not(self._single(field))
        if kind == "field":
            return self._single(text)
        if kind == "(":
            return self._sequence(field, ")")
        if kind == "{":
            return self._sequence(field, "}")
        return Term(field, text)

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._place] if self._place < len(self._tokens) else ("", "")

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._place += 1
        return token


def _joined(left: Node, right: Node) -> Node:
    return Either((*left.nodes, right)) if isinstance(left, Either) else Either((left, right))
