"""Pages of messages and threads, newest first. A page costs what is on it, however large the mailbox is."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from addon.sandbox.gmail.errors import ApiError
from addon.sandbox.gmail.mailbox.accounts import Account
from addon.sandbox.gmail.mailbox.labels import Labels
from addon.sandbox.gmail.mailbox.search.conditions import EVERYTHING, Condition, Search, compiled, needs_words
from addon.sandbox.gmail.mailbox.search.grammar import parse
from addon.sandbox.gmail.mailbox.search.index import catch_up
from addon.sandbox.gmail.store import Store

_TOKEN = re.compile(r"(\d{1,16})0x([0-9a-f]{16})")


@dataclass(frozen=True)
class Wanted:
    """What a list call asks for."""

    labels: Sequence[str] = ()
    query: str = ""
    hidden: bool = False
    limit: int = 100
    token: str = ""


@dataclass(frozen=True)
class Page:
    """Rows of (message, thread, date); `estimate` is Gmail's vague idea of how many there are in all."""

    rows: list[tuple[int, int, int]]
    next_token: str
    estimate: int


class Listing:
    """Reads pages from the indices."""

    def __init__(self, store: Store, labels: Labels) -> None:
        self._store, self._labels = store, labels

    def messages(self, account: Account, wanted: Wanted) -> Page:
        """The messages that carry all the labels and fit the query."""
        return self._page(account, wanted, by_thread=False)

    def threads(self, account: Account, wanted: Wanted) -> Page:
        """The threads with such a message, each at its newest one."""
        return self._page(account, wanted, by_thread=True)

    def _page(self, account: Account, wanted: Wanted, *, by_thread: bool) -> Page:
        before = _place(wanted.token)
        search = Search(EVERYTHING, everywhere=False)
        asked = parse(wanted.query) if wanted.query.strip() else None
        if asked is not None and needs_words(asked):
            catch_up(self._store)
        with self._store.read() as db:
            self._labels.check(db, account.number, wanted.labels, setting=False)
            if asked is not None:
                search = compiled(db, self._labels, account.number, asked)
            hidden = wanted.hidden or search.everywhere or not {"TRASH", "SPAM"}.isdisjoint(wanted.labels)
            rows = _rows(db, account.number, wanted, search, hidden, before, by_thread)
        shown = rows[: wanted.limit]
        more = len(rows) > wanted.limit
        token = f"{shown[-1][2]}0x{shown[-1][0]:016x}" if more and shown else ""
        return Page(shown, token, len(shown) + (wanted.limit + 1 if more else 0))


def _rows(
    db: sqlite3.Connection,
    account: int,
    wanted: Wanted,
    search: Search,
    hidden: bool,
    before: tuple[int, int] | None,
    by_thread: bool,
) -> list[tuple[int, int, int]]:
    condition = search.condition
    # The plus keeps SQLite from walking the whole mailbox by date for the sake of the order.
    source, values = f"messages m WHERE {'+' if search.single else ''}m.account = ?", [account]
    date, message, thread = "m.date", "m.id", "m.thread"
    others: Sequence[str] = wanted.labels
    if others and not search.single:  # walk along the first label's own index
        joined = "" if condition is EVERYTHING else " JOIN messages m ON m.id = p.message"
        source, values = f"placements p{joined} WHERE p.account = ? AND p.label = ?", [account, others[0]]  # type: ignore[list-item]
        date, message, thread = "p.date", "p.message", "p.thread"
        others = others[1:]
    fits, fit_values = _fits(account, others, condition, hidden, date[0], "m")
    sql = f"SELECT {message}, {thread}, {date} FROM {source} AND {fits}"
    all_values: list[Any] = [*values, *fit_values]
    if before:
        sql += f" AND ({date}, {message}) < (?, ?)"
        all_values += before
    if by_thread:
        newer, newer_values = _fits(account, wanted.labels, condition, hidden, "n", "n")
        sql += (
            f" AND NOT EXISTS (SELECT 1 FROM messages n WHERE n.account = ? AND n.thread = {thread}"
            f" AND (n.date, n.id) > ({date}, {message}) AND {newer})"
        )
        all_values += [account, *newer_values]
    sql += f" ORDER BY {date} DESC, {message} DESC LIMIT ?"
    return db.execute(sql, [*all_values, wanted.limit + 1]).fetchall()


def _fits(account: int, labels: Sequence[str], condition: Condition, hidden: bool, row: str, message: str) -> Condition:
    """Whether a row (of messages or placements) fits; `message` names the messages row for the search."""
    number = f"{row}.message" if row == "p" else f"{row}.id"
    parts, values = ["1" if hidden else f"{row}.hidden = 0"], []
    for label in labels:
        parts.append(
            "EXISTS (SELECT 1 FROM placements o WHERE o.account = ? AND o.label = ?"
            f" AND o.date = {row}.date AND o.message = {number})"
        )
        values += [account, label]
    if condition is not EVERYTHING:
        parts.append(condition[0].replace("{m}", message))
        values += condition[1]
    return " AND ".join(parts), values


def _place(token: str) -> tuple[int, int] | None:
    if not token:
        return None
    found = _TOKEN.fullmatch(token)
    if not found:
        raise ApiError("invalidParameter", "Invalid pageToken")
    return int(found[1]), int(found[2], 16)
