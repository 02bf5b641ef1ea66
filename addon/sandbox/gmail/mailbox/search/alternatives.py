"""A search taken apart into alternatives, each of which can be walked along the order of listings.

Within an alternative everything must hold: the message stands on one of these shelves, the index finds it by its words,
it is one of these few, its row fits. The alternatives of a search are walked side by side and merged.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from math import prod
from typing import Any, TypeAlias

from addon.sandbox.gmail.errors import invalid
from addon.sandbox.gmail.mailbox.search.index import EVERY, table

END = (1 << 63) - 1
"""Above every place."""

_MOST = 24
_MOST_VALUES = 1_000


@dataclass(frozen=True)
class Alternative:
    """What must hold together; None and empty ask for nothing.

    `since` and `before` bound the places; `wanted` and `unwanted` are searches of the index of words; `row` is SQL over
    a row of messages named `m`.
    """

    shelves: frozenset[int] | None = None
    places: frozenset[int] | None = None
    since: int = 0
    before: int = END
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    row: str = ""
    values: tuple[Any, ...] = ()

    @property
    def match(self) -> str:
        """All its words as one search of the index; empty where it has none."""
        wanted = " AND ".join(f"({one})" for one in self.wanted)
        unwanted = " OR ".join(f"({one})" for one in self.unwanted)
        if not unwanted:
            return wanted
        every = f"{{traits}} : {EVERY}"
        return f"({wanted or every}) NOT ({unwanted})"

    @property
    def kind(self) -> str:
        """`shelves`, `places`, `words` or `row` where it asks for one kind of thing only, else empty."""
        asked = {
            "": (self.since, self.before) != (0, END),
            "shelves": self.shelves is not None,
            "places": self.places is not None,
            "words": bool(self.wanted or self.unwanted),
            "row": bool(self.row),
        }
        kinds = [kind for kind, is_asked in asked.items() if is_asked]
        return kinds[0] if len(kinds) == 1 else ""

    def joined(self, other: Alternative) -> Alternative:
        """What holds where both hold."""
        return Alternative(
            _common(self.shelves, other.shelves),
            _common(self.places, other.places),
            max(self.since, other.since),
            min(self.before, other.before),
            (*self.wanted, *other.wanted),
            (*self.unwanted, *other.unwanted),
            " AND ".join(row for row in (self.row, other.row) if row),
            (*self.values, *other.values),
        )

    def sql(self, account: int) -> tuple[str, list[Any]]:
        """All of it as SQL over `m`, to be asked of single rows: the pluses keep SQLite from walking along places."""
        parts = ["+m.place >= ? AND +m.place < ?"]
        values: list[Any] = [self.since, self.before]
        if self.row:
            parts.append(self.row)
            values += self.values
        for column, numbers in (("shelf", self.shelves), ("place", self.places)):
            if numbers is not None:
                parts.append(f"+m.{column} IN (SELECT value FROM json_each(?))")
                values.append(json.dumps(sorted(numbers)))
        if self.match:
            words = table(account)
            parts.append(f"+m.place IN (SELECT rowid FROM {words} WHERE {words} MATCH ?)")
            values.append(self.match)
        return " AND ".join(parts), values


Alternatives: TypeAlias = tuple[Alternative, ...]

EVERYTHING: Alternatives = (Alternative(),)
NOTHING: Alternatives = ()


def all_of(account: int, parts: Iterable[Alternatives]) -> Alternatives:
    """What holds where one alternative of every part does. 400 for what is asked too often over."""
    given = list(parts)
    if prod(len(part) for part in given) > _MOST:
        given = [_as_rows(account, part) for part in given]
    return reduce(_product, given, EVERYTHING)


def any_of(parts: Iterable[Alternatives]) -> Alternatives:
    """What holds where any does. Those of one kind become one, so that there are few to walk."""
    grouped: dict[str, list[Alternative]] = {}
    for alternative in (one for part in parts for one in part):
        if alternative == Alternative():
            return EVERYTHING
        grouped.setdefault(alternative.kind, []).append(alternative)
    mixed = grouped.pop("", [])
    return (*(_either(kind, found) for kind, found in grouped.items()), *mixed)


def _product(left: Alternatives, right: Alternatives) -> Alternatives:
    together = (one.joined(other) for one in left for other in right)
    return tuple(one for one in together if one.shelves != frozenset() and one.places != frozenset())


def _as_rows(account: int, alternatives: Alternatives) -> Alternatives:
    """Too many to walk each: one alternative that is asked of every row."""
    if len(alternatives) < 2:
        return alternatives
    conditions = [one.sql(account) for one in alternatives]
    if sum(len(values) for _, values in conditions) > _MOST_VALUES:
        raise invalid("Query too complex")
    return (_either("row", [Alternative(row=f"({sql})", values=tuple(values)) for sql, values in conditions]),)


def _either(kind: str, found: list[Alternative]) -> Alternative:
    """One for several of the same kind. They are joined flat: what is nested deeply SQLite refuses to read."""
    if len(found) == 1:
        return found[0]
    if kind == "shelves":
        return Alternative(shelves=frozenset().union(*(one.shelves or () for one in found)))
    if kind == "places":
        return Alternative(places=frozenset().union(*(one.places or () for one in found)))
    if kind == "words":
        return Alternative(wanted=(" OR ".join(f"({one.match})" for one in found),))
    values = tuple(value for one in found for value in one.values)
    return Alternative(row=f"({' OR '.join(one.row for one in found)})", values=values)


def _common(one: frozenset[int] | None, other: frozenset[int] | None) -> frozenset[int] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other
