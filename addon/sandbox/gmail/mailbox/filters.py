"""Filters: what is done with a mail as it comes in, by who sent it, to whom, about what, and how large it is."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from addon.sandbox.gmail.errors import ApiError, invalid, not_found
from addon.sandbox.gmail.mailbox.accounts import Account, fold
from addon.sandbox.gmail.mailbox.forwarding import Forwarding
from addon.sandbox.gmail.mailbox.labels import SYSTEM, Labels
from addon.sandbox.gmail.mailbox.matching import Arriving
from addon.sandbox.gmail.mailbox.preferences import choice, yes_or_no
from addon.sandbox.gmail.mailbox.search.grammar import All, Node, Not, Term, parse
from addon.sandbox.gmail.store import Store

_MOST = 1000
_TEXTS = ("from", "to", "subject", "query", "negatedQuery")
_FLAGS = ("hasAttachment", "excludeChats")
_COMPARISONS = frozenset({"unspecified", "smaller", "larger"})
_MAY_ADD = frozenset(name for name in SYSTEM if name.startswith("CATEGORY_")) | {"TRASH", "STARRED", "IMPORTANT"}
_MAY_REMOVE = frozenset({"INBOX", "UNREAD", "SPAM", "IMPORTANT"})


@dataclass(frozen=True)
class Filter:
    """A filter as it is applied: a search and a size that must fit, and what happens then."""

    node: Node
    larger: int
    smaller: int | None
    add: tuple[str, ...]
    remove: tuple[str, ...]
    forward: str

    def fits(self, arriving: Arriving) -> bool:
        """Whether the mail meets every criterion."""
        size = len(arriving.raw)
        return size > self.larger and (self.smaller is None or size < self.smaller) and arriving.fits(self.node)


class Filters:
    """Makes, lists and forgets filters. They are kept in the order of their making, and all that fit apply."""

    def __init__(self, store: Store, labels: Labels, forwarding: Forwarding) -> None:
        self._store, self._labels, self._forwarding = store, labels, forwarding
        self._known: dict[int, list[Filter]] = {}

    def list(self, account: Account) -> list[dict[str, Any]]:
        """All of them as `settings.filters.list` answers."""
        with self._store.read() as db:
            rows = db.execute(
                "SELECT id, criteria, action FROM filters WHERE account = ? ORDER BY number", (account.number,)
            ).fetchall()
        return [
            {"id": name, "criteria": json.loads(criteria), "action": json.loads(action)}
            for name, criteria, action in rows
        ]

    def get(self, account: Account, name: str) -> dict[str, Any]:
        """One filter; 404 for an unknown id."""
        for entry in self.list(account):
            if entry["id"] == name:
                return entry
        raise not_found()

    def create(self, account: Account, criteria: Mapping[str, Any], action: Mapping[str, Any]) -> dict[str, Any]:
        """Make a filter for the mails to come. 400 for nonsense, for one that is there already, and for too many."""
        wanted, done = _criteria(criteria), self._action(account, action)
        with self._store.write() as db:
            known = self.list(account)
            if any(entry["criteria"] == wanted and entry["action"] == done for entry in known):
                raise ApiError("failedPrecondition", "Filter already exists")
            if len(known) >= _MOST:
                raise ApiError("failedPrecondition", "Too many filters")
            name = "ANe1Bm" + secrets.token_urlsafe(24)
            db.execute(
                "INSERT INTO filters (account, id, criteria, action) VALUES (?, ?, ?, ?)",
                (account.number, name, json.dumps(wanted), json.dumps(done)),
            )
            self._store.after_commit(lambda: self._forget(account))
        return {"id": name, "criteria": wanted, "action": done}

    def delete(self, account: Account, name: str) -> None:
        """Forget a filter; 404 for an unknown id."""
        with self._store.write() as db:
            done = db.execute("DELETE FROM filters WHERE account = ? AND id = ?", (account.number, name))
            if not done.rowcount:
                raise not_found()
            self._store.after_commit(lambda: self._forget(account))

    def fitting(self, account: Account, arriving: Arriving) -> Sequence[Filter]:
        """The filters that apply to this mail."""
        if account.number not in self._known:
            self._known[account.number] = [
                _compiled(entry["criteria"], entry["action"]) for entry in self.list(account)
            ]
        return [one for one in self._known[account.number] if one.fits(arriving)]

    def _action(self, account: Account, action: Mapping[str, Any]) -> dict[str, Any]:
        add, remove = _names(action, "addLabelIds"), _names(action, "removeLabelIds")
        own = [label for label in add if label not in SYSTEM]
        with self._store.read() as db:
            self._labels.check(db, account.number, [*add, *remove])
        if len(own) > 1:
            raise invalid("Filters can add only one user label")
        for label in {*add} - {*own} - _MAY_ADD | {*remove} - _MAY_REMOVE:
            raise invalid(f"Invalid label: {label}")
        done: dict[str, Any] = {}
        if add:
            done["addLabelIds"] = add
        if remove:
            done["removeLabelIds"] = remove
        if forward := action.get("forward"):
            if not isinstance(forward, str) or not self._forwarding.may_go_to(account, forward):
                raise ApiError("failedPrecondition", "Unrecognized forwarding address")
            done["forward"] = fold(forward)
        if not done:
            raise invalid("Filter must have an action")
        return done

    def _forget(self, account: Account) -> None:
        self._known.pop(account.number, None)


def _names(action: Mapping[str, Any], key: str) -> list[str]:
    names = action.get(key) or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise invalid(f"Invalid value at 'filter.action.{key}'")
    return list(dict.fromkeys(names))


def _criteria(criteria: Mapping[str, Any]) -> dict[str, Any]:
    """The criteria that say something, blanks collapsed. 400 for nonsense and where there is none."""
    wanted: dict[str, Any] = {}
    for key in _TEXTS:
        text = criteria.get(key) or ""
        if not isinstance(text, str):
            raise invalid(f"Invalid value at 'filter.criteria.{key}' (TYPE_STRING)")
        if text.strip():
            wanted[key] = " ".join(text.split())
    yes_or_no(criteria, *_FLAGS)
    wanted |= {key: True for key in _FLAGS if criteria.get(key)}
    wanted |= _size(criteria)
    if not set(wanted) - {"excludeChats"}:
        raise invalid("Filter must have criteria")
    return wanted


def _size(criteria: Mapping[str, Any]) -> dict[str, Any]:
    size, comparison = criteria.get("size") or 0, criteria.get("sizeComparison") or "unspecified"
    choice(comparison, _COMPARISONS, "filter.criteria.size_comparison")
    if isinstance(size, bool) or not isinstance(size, int) or size < 0 or bool(size) != (comparison != "unspecified"):
        raise invalid("Invalid size or sizeComparison")
    return {"size": size, "sizeComparison": comparison} if size else {}


def _compiled(criteria: Mapping[str, Any], action: Mapping[str, Any]) -> Filter:
    nodes: list[Node] = []
    for key in ("from", "to"):
        if key in criteria:
            nodes.append(parse(f"{key}:({criteria[key]})"))
    if "subject" in criteria:
        nodes.append(Term("subject", criteria["subject"]))
    if "query" in criteria:
        nodes.append(parse(criteria["query"]))
    if "negatedQuery" in criteria:
        nodes.append(Not(parse(criteria["negatedQuery"])))
    if criteria.get("hasAttachment"):
        nodes.append(Term("has", "attachment"))
    size, comparison = criteria.get("size", -1), criteria.get("sizeComparison")
    return Filter(
        node=All(tuple(nodes)),
        larger=size if comparison == "larger" else -1,
        smaller=size if comparison == "smaller" else None,
        add=tuple(action.get("addLabelIds", ())),
        remove=tuple(action.get("removeLabelIds", ())),
        forward=action.get("forward", ""),
    )
