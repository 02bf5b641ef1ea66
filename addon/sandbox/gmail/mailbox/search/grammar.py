"""What somebody typed into the search box, as a tree.

Words side by side must all hold; OR (in capitals, as AND is) binds its neighbours tighter than that; braces hold
alternatives; a hyphen before a word, a field or a group turns it round, and one within a word joins it; a field may
stand before a group and a blank after its colon. `AROUND 5` between two words asks for both, however far apart; a plus
before a word says what holds anyway, that it is meant as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

FIELDS = frozenset(
    {"from", "to", "cc", "bcc", "subject", "in", "is", "label", "has", "filename", "after", "before", "older", "newer"}
    | {"older_than", "newer_than", "larger", "smaller", "size", "rfc822msgid", "list", "deliveredto", "category"}
)
_TOKEN = re.compile(r'\s*\+?(?:"([^"]*)"?|([(){}])|(-)(?=\S)|([A-Za-z0-9_]+):(?=\s*[^\s)}])|([^\s(){}"]+))')
_WORD = re.compile(r"[^\s(){}\"]+")
_SIZE = 4_000
_DEEPEST = 20
"""Brackets within brackets; what is deeper is read as if they were not there."""


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
    return _Reader(_shallow(_tokens(query[:_SIZE]))).everything()


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
            word = _WORD.match(query, match.start(4))
            assert word is not None
            found.append(("word", word[0]))
            place = word.end()
        else:
            mark = bracket or minus
            found.append((mark, mark) if mark else ("word", word))
    return found


def _shallow(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The tokens without brackets that are nested too deeply."""
    kept: list[tuple[str, str]] = []
    depth = 0
    for token in tokens:
        closes = token[0] in (")", "}")
        depth = depth + 1 if token[0] in _CLOSING else depth
        if depth <= _DEEPEST or not (closes or token[0] in _CLOSING):
            kept.append(token)
        depth = max(depth - 1, 0) if closes else depth
    return kept


_JOINING = (("word", "OR"), ("word", "AND"), ("word", "|"))
_CLOSING = {"(": ")", "{": "}"}


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
            if self._peek() in _JOINING:
                either = self._next()[1] in ("OR", "|")
                if either and nodes and self._peek()[0] not in ("", ")", "}"):
                    nodes.append(_joined(nodes.pop(), self._single(field)))
                continue
            if not self._is_distance(nodes):
                nodes.append(self._single(field))
        if closing and self._peek()[0] == closing:
            self._place += 1
        together: Callable[[tuple[Node, ...]], Node] = Either if closing == "}" else All
        return nodes[0] if len(nodes) == 1 else together(tuple(nodes))

    def _is_distance(self, nodes: list[Node]) -> bool:
        """Pass over `AROUND` and its number between two words."""
        if not nodes or self._peek() != ("word", "AROUND") or self._place + 2 >= len(self._tokens):
            return False
        kind, number = self._tokens[self._place + 1]
        if kind != "word" or not number.isdigit():
            return False
        self._place += 2
        return True

    def _single(self, field: str) -> Node:
        kind, text = self._next()
        negated = False
        while kind in ("-", "field"):
            field, negated = (text, negated) if kind == "field" else (field, not negated)
            kind, text = self._next()
        node = self._sequence(field, _CLOSING[kind]) if kind in _CLOSING else Term(field, text)
        return Not(node) if negated else node

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._place] if self._place < len(self._tokens) else ("", "")

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._place += 1
        return token


def _joined(left: Node, right: Node) -> Node:
    return Either((*left.nodes, right)) if isinstance(left, Either) else Either((left, right))
