"""What each word and field of a search means, as alternatives over one mailbox.

The rules are those of Gmail's help page on search operators and of its API's guide on filtering:
`to:` also looks at Cc and Bcc; `after:` includes its day, which begins at midnight in California; sizes are bytes, in
powers of 1024; `-` turns round what follows it. A word is found whole, whatever its case and accents; an address or a
word with signs in it is found as the phrase of its parts, so that `from:acme.test` finds everybody there. `me` is
whoever's mailbox it is, by every address they send from.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace

from addon.sandbox.gmail.mailbox.labels import SYSTEM, Labels
from addon.sandbox.gmail.mailbox.search import amounts
from addon.sandbox.gmail.mailbox.search.alternatives import (
    EVERYTHING,
    NOTHING,
    Alternative,
    Alternatives,
    all_of,
    any_of,
)
from addon.sandbox.gmail.mailbox.search.folding import words
from addon.sandbox.gmail.mailbox.search.grammar import All, Node, Not, Term, terms
from addon.sandbox.gmail.mailbox.search.index import size_trait
from addon.sandbox.gmail.shelving import first_place, shelves

_COLUMNS = {
    "": "sender receiver cc bcc subject body filename list",
    "from": "sender",
    "to": "receiver cc bcc",
    "cc": "cc",
    "bcc": "bcc",
    "subject": "subject",
    "filename": "filename",
    "list": "list",
    "deliveredto": "delivered",
}
_PEOPLE = frozenset({"from", "to", "cc", "bcc", "deliveredto"})
_PLACES = {"drafts": "DRAFT", "draft": "DRAFT", "chats": "CHAT"}
_PRIMARY = "CATEGORY_PERSONAL"
_SORTED = "CATEGORY_"
_TRAITS = frozenset({"attachment", "drive", "document", "spreadsheet", "presentation", "youtube"})
_HIDING = frozenset({"TRASH", "SPAM"})
_NOT_ARCHIVED = frozenset({"INBOX", "SENT", "DRAFT", "CHAT"}) | _HIDING
_LARGEST_TRAIT = 40
_Test = Callable[[frozenset[str]], bool]


def needs_words(node: Node) -> bool:
    """Whether the index of words must be up to date for this search."""
    return any(term.field in _COLUMNS or term.field in ("has", "larger", "smaller", "size") for term in terms(node))


def is_everywhere(node: Node) -> bool:
    """Whether the search names a place of hidden mail (`in:trash`), so that nothing is hidden from it."""
    named = {term.value.lower() for term in terms(node) if term.field in ("in", "label", "is")}
    return bool(named & {"anywhere", "trash", "spam"})


class Conditions:
    """Reads trees for one mailbox, as it stands now. `own` are the addresses of the person."""

    def __init__(self, db: sqlite3.Connection, labels: Labels, account: int, own: frozenset[str]) -> None:
        self._db, self._labels, self._account, self._own = db, labels, account, own
        self._shelves = [(number, names) for number, names, _ in shelves(db, account)]

    def carrying(self, fits: _Test) -> Alternatives:
        """Messages whose labels fit."""
        return (Alternative(shelves=frozenset(number for number, names in self._shelves if fits(names))),)

    def of(self, node: Node, holds: bool = True) -> Alternatives:
        """What a tree asks for; with `holds` false, all else."""
        if isinstance(node, Term):
            return self._term(node, holds)
        if isinstance(node, Not):
            return self.of(node.node, not holds)
        parts = (self.of(child, holds) for child in node.nodes)
        return all_of(self._account, parts) if isinstance(node, All) == holds else any_of(parts)

    def _term(self, term: Term, holds: bool) -> Alternatives:
        if term.field in _COLUMNS:
            return self._text(term, holds)
        special = self._special.get(term.field)
        return special(term.value, holds) if special else self._labelled(term, holds)

    @property
    def _special(self) -> Mapping[str, Callable[[str, bool], Alternatives]]:
        return {
            "rfc822msgid": self._rfc_id,
            "has": self._has,
            "category": self._category,
            "after": lambda value, holds: _dated(amounts.moment(value), holds, later=True),
            "newer": lambda value, holds: _dated(amounts.moment(value), holds, later=True),
            "before": lambda value, holds: _dated(amounts.moment(value), holds, later=False),
            "older": lambda value, holds: _dated(amounts.moment(value), holds, later=False),
            "newer_than": lambda value, holds: _dated(amounts.since(value), holds, later=True),
            "older_than": lambda value, holds: _dated(amounts.since(value), holds, later=False),
            "larger": lambda value, holds: _sized(amounts.size(value), holds, larger=True),
            "size": lambda value, holds: _sized(amounts.size(value), holds, larger=True),
            "smaller": lambda value, holds: _sized(amounts.size(value), holds, larger=False),
        }

    def _text(self, term: Term, holds: bool) -> Alternatives:
        if term.field in _PEOPLE and term.value.lower() == "me":
            found = [phrase for address in sorted(self._own) if (phrase := _phrase(term.field, address))]
            return _words(" OR ".join(f"({phrase})" for phrase in found), holds)
        phrase = _phrase(term.field, term.value)
        if not phrase and not term.field:
            return EVERYTHING  # punctuation alone, whichever way round, looks for nothing
        return _words(phrase, holds)

    def _labelled(self, term: Term, holds: bool) -> Alternatives:
        value = term.value.lower()
        tests: dict[str, _Test] = {
            "anywhere": lambda _: True,
            "all": lambda _: True,
            "read": lambda names: "UNREAD" not in names,
            "archive": lambda names: _NOT_ARCHIVED.isdisjoint(names),
            "archived": lambda names: _NOT_ARCHIVED.isdisjoint(names),
        }
        fits = tests.get(value) or self._carries(
            _PLACES.get(value) or self._labels.named(self._db, self._account, value)
        )
        return self.carrying(lambda names: fits(names) == holds)

    def _carries(self, label: str | None) -> _Test:
        return lambda names: label is not None and label in names

    def _category(self, value: str, holds: bool) -> Alternatives:
        name = value.lower()
        label = _PRIMARY if name == "primary" else f"{_SORTED}{name.upper()}"
        return self.carrying(lambda names: (label in names or (label == _PRIMARY and _unsorted(names))) == holds)

    def _has(self, value: str, holds: bool) -> Alternatives:
        name = value.lower()
        if name in _TRAITS:
            return _words(f"{{traits}} : {name}", holds)
        own = name == "userlabels"
        if own or name == "nouserlabels":
            return self.carrying(lambda names: (names <= frozenset(SYSTEM)) != (own == holds))
        starred = name == "yellow-star"
        return self.carrying(lambda names: (starred and "STARRED" in names) == holds)

    def _rfc_id(self, value: str, holds: bool) -> Alternatives:
        rows = self._db.execute(
            "SELECT place FROM messages WHERE account = ? AND rfc_id IN (?, ?)",
            (self._account, f"<{value.strip('<>')}>", value.strip("<>")),
        )
        places = [int(place) for (place,) in rows.fetchall()]
        if holds:
            return (Alternative(places=frozenset(places)),)
        return (Alternative(row="+m.place NOT IN (SELECT value FROM json_each(?))", values=(json.dumps(places),)),)


def _unsorted(names: frozenset[str]) -> bool:
    """Whether it is mail of the inbox that nobody has put into a category: that is personal mail as well."""
    return "INBOX" in names and not any(name.startswith(_SORTED) for name in names)


def _phrase(field: str, value: str) -> str:
    """A search of the index for these words side by side; empty where there are none."""
    found = " ".join(words(value))
    return f'{{{_COLUMNS[field]}}} : "{found}"' if found else ""


def _words(match: str, holds: bool) -> Alternatives:
    if not match:
        return NOTHING if holds else EVERYTHING
    return (Alternative(wanted=(match,)) if holds else Alternative(unwanted=(match,)),)


def _dated(date: int | None, holds: bool, *, later: bool) -> Alternatives:
    if date is None:
        return NOTHING if holds else EVERYTHING
    place = first_place(date)
    return (Alternative(since=place) if later == holds else Alternative(before=place),)


def _sized(size: int | None, holds: bool, *, larger: bool) -> Alternatives:
    """By the index, which knows sizes roughly, and then by the row: where few mails are so large, few are read."""
    if size is None:
        return NOTHING if holds else EVERYTHING
    more = larger == holds
    compared = Alternative(row=f"m.size {'>' if more else '<'}{'' if holds else '='} ?", values=(size,))
    bits = range(size.bit_length(), _LARGEST_TRAIT + 1) if more else range(size.bit_length() + 1)
    traits = " OR ".join(size_trait((1 << number) >> 1) for number in bits)
    return (replace(compared, wanted=(f"{{traits}} : ({traits})",)) if traits else compared,)
