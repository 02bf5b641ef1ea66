"""A search as a condition on the table of messages."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from addon import clock
from addon.sandbox.gmail.mailbox.labels import Labels
from addon.sandbox.gmail.mailbox.search.grammar import All, Either, Node, Not, Term, terms

Condition: TypeAlias = tuple[str, list[Any]]
"""SQL over a row of messages named `{m}`, and its values."""

NOTHING: Condition = ("0", [])
EVERYTHING: Condition = ("1", [])

_COLUMNS = {
    "": "",
    "from": "sender",
    "to": "receiver cc bcc",
    "cc": "cc",
    "bcc": "bcc",
    "subject": "subject",
    "filename": "filename",
    "list": "list",
    "deliveredto": "delivered",
}
_PLACES = {"drafts": "DRAFT", "draft": "DRAFT", "sent": "SENT", "inbox": "INBOX", "trash": "TRASH", "spam": "SPAM"}
_STATES = {"unread": "UNREAD", "starred": "STARRED", "important": "IMPORTANT"}
_SPAN = re.compile(r"(\d{1,6})([hdwmy])")
_SPANS = {"h": 1 / 24, "d": 1, "w": 7, "m": 30, "y": 365}
_DAY = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})")
_SIZE = re.compile(r"(\d{1,12})([km]?)b?", re.IGNORECASE)
_BYTES = {"": 1, "k": 1024, "m": 1024 * 1024}


@dataclass(frozen=True)
class Search:
    """A compiled search. `everywhere`: it names a place (`in:trash`), so nothing is hidden from it.

    `single`: it asks for one Message-ID, so the mailbox need not be walked along its dates.
    """

    condition: Condition
    everywhere: bool
    single: bool = False


def needs_words(node: Node) -> bool:
    """Whether the index of words must be up to date for this search."""
    return any(term.field in _COLUMNS or term.field == "has" for term in terms(node))


def compiled(db: sqlite3.Connection, labels: Labels, account: int, node: Node) -> Search:
    """Turn a tree into SQL for one mailbox. The index must be up to date if it is needed."""
    named = {term.value.lower() for term in terms(node) if term.field in ("in", "label", "is")}
    writer = _Writer(db, labels, account)
    together = node.nodes if isinstance(node, All) else (node,)
    single = any(isinstance(one, Term) and one.field == "rfc822msgid" for one in together)
    return Search(writer.node(node), bool(named & {"anywhere", "trash", "spam"}), single)


class _Writer:
    def __init__(self, db: sqlite3.Connection, labels: Labels, account: int) -> None:
        self._db, self._labels, self._account = db, labels, account

    def node(self, node: Node) -> Condition:
        match node:
            case Term():
                return self._term(node)
            case Not():
                inner, values = self.node(node.node)
                return f"NOT ({inner})", values
            case All():
                return _together(" AND ", [self.node(child) for child in node.nodes], EVERYTHING)
            case Either():
                return _together(" OR ", [self.node(child) for child in node.nodes], NOTHING)

    def _term(self, term: Term) -> Condition:
        if term.field in _COLUMNS:
            return _words(_COLUMNS[term.field], term.value)
        if term.field == "rfc822msgid":
            found = "{m}.id IN (SELECT id FROM messages WHERE account = ? AND rfc_id = ?)"
            return found, [self._account, f"<{term.value.strip('<>')}>"]
        if term.field in _PLAIN:
            return _PLAIN[term.field](term.value)
        return self._labelled(term)

    def _labelled(self, term: Term) -> Condition:
        value = term.value.lower()
        if value == "anywhere":
            return EVERYTHING
        if term.field == "is" and value == "read":
            inner, values = _carries(self._account, "UNREAD")
            return f"NOT ({inner})", values
        if value == "chats" or (term.field == "is" and value not in _STATES):
            return NOTHING
        label = _STATES.get(value) or _PLACES.get(value) or self._labels.named(self._db, self._account, value)
        return _carries(self._account, label) if label else NOTHING


def _together(word: str, conditions: list[Condition], empty: Condition) -> Condition:
    if not conditions:
        return empty
    return "(" + word.join(sql for sql, _ in conditions) + ")", [value for _, values in conditions for value in values]


def _words(columns: str, value: str) -> Condition:
    phrase = " ".join(re.findall(r"\w+", value))
    if not phrase:
        return NOTHING if columns else EVERYTHING  # punctuation alone looks for nothing
    match = f'{{{columns}}} : "{phrase}"' if columns else f'"{phrase}"'
    return "{m}.id IN (SELECT rowid FROM words WHERE words MATCH ?)", [match]


def _carries(account: int, label: str) -> Condition:
    return (
        "EXISTS (SELECT 1 FROM placements l WHERE l.account = ? AND l.label = ?"
        " AND l.date = {m}.date AND l.message = {m}.id)",
        [account, label],
    )


def _has(value: str) -> Condition:
    return ("{m}.attached = 1", []) if value.lower() == "attachment" else NOTHING


def _day(operator: str) -> Callable[[str], Condition]:
    def condition(value: str) -> Condition:
        moment = _moment(value)
        return NOTHING if moment is None else (f"{{m}}.date {operator} ?", [moment])

    return condition


def _span(operator: str) -> Callable[[str], Condition]:
    def condition(value: str) -> Condition:
        found = _SPAN.fullmatch(value.lower())
        if not found:
            return NOTHING
        since = clock.ago(timedelta(days=int(found[1]) * _SPANS[found[2]]))
        return f"{{m}}.date {operator} ?", [int(since.timestamp() * 1000)]

    return condition


def _size(operator: str) -> Callable[[str], Condition]:
    def condition(value: str) -> Condition:
        found = _SIZE.fullmatch(value)
        return (f"{{m}}.size {operator} ?", [int(found[1]) * _BYTES[found[2].lower()]]) if found else NOTHING

    return condition


def _moment(value: str) -> int | None:
    """Milliseconds of a date (the day's beginning, UTC) or of epoch seconds; None for neither."""
    if value.isdigit():
        return int(value[:12]) * 1000
    if found := _DAY.fullmatch(value):
        try:
            day = datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC)
        except ValueError:
            return None
        return int(day.timestamp() * 1000)
    return None


_PLAIN: dict[str, Callable[[str], Condition]] = {
    "has": _has,
    "after": _day(">="),
    "newer": _day(">="),
    "before": _day("<"),
    "older": _day("<"),
    "newer_than": _span(">="),
    "older_than": _span("<"),
    "larger": _size(">"),
    "smaller": _size("<"),
}
