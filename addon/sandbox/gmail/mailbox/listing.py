"""Pages of messages and threads, newest first. A page costs what is on it, however large the mailbox is."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from addon.sandbox.gmail.errors import ApiError
from addon.sandbox.gmail.fault_kinds import Kind as FaultKind
from addon.sandbox.gmail.faults import Faults
from addon.sandbox.gmail.ids import minted_since, whole
from addon.sandbox.gmail.mailbox.accounts import Account
from addon.sandbox.gmail.mailbox.labels import Labels
from addon.sandbox.gmail.mailbox.search.alternatives import END, Alternative, Alternatives, all_of
from addon.sandbox.gmail.mailbox.search.conditions import Conditions, is_everywhere, needs_words
from addon.sandbox.gmail.mailbox.search.grammar import Node, parse
from addon.sandbox.gmail.mailbox.search.index import catch_up
from addon.sandbox.gmail.mailbox.search.walking import Row, Walk
from addon.sandbox.gmail.store import Store

_HIDDEN = frozenset({"TRASH", "SPAM"})


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
    """Rows of (message, thread, place); `estimate` is Gmail's vague idea of how many there are in all."""

    rows: list[Row]
    next_token: str
    estimate: int


class Listing:
    """Reads pages from the indices."""

    def __init__(self, store: Store, labels: Labels, faults: Faults) -> None:
        self._store, self._labels, self._faults = store, labels, faults

    def messages(self, account: Account, wanted: Wanted) -> Page:
        """The messages that carry all the labels and fit the query."""
        return self._page(account, wanted, by_thread=False)

    def threads(self, account: Account, wanted: Wanted) -> Page:
        """The threads with such a message, each at its newest one."""
        return self._page(account, wanted, by_thread=True)

    def prepare(self, account: Account) -> None:
        """Bring the index of words up to date, so that the next search need not: after many mails came at once."""
        catch_up(self._store, account.number)

    def _page(self, account: Account, wanted: Wanted, *, by_thread: bool) -> Page:
        below = _place(wanted.token)
        asked = parse(wanted.query) if wanted.query.strip() else None
        if asked is not None and needs_words(asked):
            catch_up(self._store, account.number)
        with self._store.read() as db:
            self._labels.check(db, account.number, wanted.labels, setting=False)
            walk = Walk(db, account.number, self._compiled(db, account, wanted, asked))
            rows = (walk.threads if by_thread else walk.messages)(below, wanted.limit + 1)
        shown = rows[: wanted.limit]
        more = len(rows) > wanted.limit
        token = str(shown[-1][2]) if more and shown else ""
        return Page(shown, token, len(shown) + (wanted.limit + 1 if more else 0))

    def _compiled(self, db: sqlite3.Connection, account: Account, wanted: Wanted, asked: Node | None) -> Alternatives:
        """Everything that is asked for: labels, what is hidden, the query."""
        conditions = Conditions(db, self._labels, account.number, _own_addresses(db, account))
        labels = frozenset(wanted.labels)
        hidden = wanted.hidden or not _HIDDEN.isdisjoint(labels) or (asked is not None and is_everywhere(asked))
        standing = conditions.carrying(lambda names: labels <= names and (hidden or _HIDDEN.isdisjoint(names)))
        if asked is None:
            return standing
        return all_of(account.number, [standing, self._as_indexed(account), conditions.of(asked)])

    def _as_indexed(self, account: Account) -> Alternatives:
        """As a fault may keep the index behind: ids tell when their mails really came."""
        late = self._faults.standing(FaultKind.SEARCH_LATE, account.email)
        return (Alternative() if late is None else Alternative(row="m.id < ?", values=(minted_since(late.seconds),)),)


def _own_addresses(db: sqlite3.Connection, account: Account) -> frozenset[str]:
    rows = db.execute("SELECT email FROM send_as WHERE account = ?", (account.number,)).fetchall()
    return frozenset({account.email, *(str(email) for (email,) in rows)})


def _place(token: str) -> int:
    if not token:
        return END
    place = whole(token)
    if place is None or place > END:
        raise ApiError("invalidParameter", "Invalid pageToken")
    return place
