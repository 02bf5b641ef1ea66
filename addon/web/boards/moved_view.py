"""What just happened, with Undo: the first line of a page until the next act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.activity import queries as activity
from addon.domain.deals import queries as deals
from addon.domain.errors import NotFound
from addon.models import Activity, ActorKind, Bulk, BulkState, Company, Contact, View
from addon.web.boards import card_view
from addon.web.boards.many_words import Stayed, many_words, stayed
from addon.web.diary.acts import Teller
from addon.web.diary.undo_view import UndoView, undo_view

TOLD = frozenset({"deal", "view", "contact", "company"})
"""Subjects of acts that the line tells of; of the team's, acts on many things alone."""
_MANY = ("bulk.started", "bulk.undone")
_NAMED: Mapping[str, Any] = {"contact": Contact, "company": Company, "view": View}


@dataclass(frozen=True)
class MovedView:
    icon: str
    words: str
    undo: UndoView | None
    many: bool = False
    """An act on many things: drawn as a toast."""
    under_way: int = 0
    """The act's number while the worker goes on with it; 0 when all is done."""
    stayed: Sequence[Stayed] = ()
    """Those that it could not be done to, and why."""
    old: bool = False
    """No news any more: drawn without the colour of success."""


def after_act(session: Session, activity_id: int, teller: Teller, *, back: str) -> MovedView | None:
    """The line about one act; None where it is no such act, or was taken back since."""
    try:
        entry = activity.get(session, activity_id)
    except NotFound:
        return None
    told = entry.subject_kind in TOLD or entry.kind in _MANY
    if not told or activity.undone_by(session, entry) is not None:
        return None
    return moved_view(session, entry, teller, back=back)


def moved_view(session: Session, entry: Activity, teller: Teller, *, back: str) -> MovedView:
    icon = "undo" if entry.undoes_id is not None else "check"
    row = session.scalar(select(Bulk).where(Bulk.act_id == entry.id)) if entry.kind in _MANY else None
    nothing = row is not None and row.state == BulkState.DONE and not row.done
    undo = None if nothing else undo_view(entry, teller.names, back=back)
    if entry.kind in _MANY:
        words = many_words(session, entry, row, teller.say)
        under_way = entry.id if row is not None and row.state == BulkState.RUNNING else 0
        return MovedView(icon, words, undo, True, under_way, stayed(session, row, teller.say))
    return MovedView(icon, _words(session, entry, teller), undo)


def _words(session: Session, entry: Activity, teller: Teller) -> str:
    say = teller.say
    texts = entry.detail.texts if entry.detail else {}
    params = {"deal": _name(session, entry), "stage": texts.get("entered", ""), "when": ""}
    params["when"] = say.ago(entry.at, now=teller.now)
    if entry.undoes_id is not None:
        key = "web.moved.back" if entry.kind == "deal.moved" else "web.moved.taken_back"
        return say(key, **params)
    if entry.actor_kind == ActorKind.RULE and entry.kind == "deal.moved":
        whose = teller.from_whom(entry)
        return say("web.moved.by_mail" if whose else "web.moved.by_rule", who=whose, **params)
    title = texts.get("title") or texts.get("name") or params["deal"]
    params |= {"title": title, "told": teller.tell(entry).words}
    key = entry.kind.replace(".", "_")
    key = next((room for room in (f"web.moved.{key}", f"board.moved.{key}") if say.has(room)), "web.moved.done")
    return say(key, who=teller.actor(entry), **params)


def _name(session: Session, entry: Activity) -> str:
    if entry.subject_kind == "deal":
        try:
            return card_view.who(deals.get(session, entry.subject_id))
        except NotFound:
            return ""
    model = _NAMED.get(entry.subject_kind)
    row = session.get(model, entry.subject_id) if model else None
    return str(row.name) if row is not None else ""
