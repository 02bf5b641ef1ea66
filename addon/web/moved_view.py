"""What just happened, with Undo: the first line of a page until the next act."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from addon.domain.activity import queries as activity
from addon.domain.deals import queries as deals
from addon.domain.errors import NotFound
from addon.models import Activity, ActorKind
from addon.web import board_view
from addon.web.acts import Teller
from addon.web.undo_view import UndoView, undo_view


@dataclass(frozen=True)
class MovedView:
    icon: str
    words: str
    undo: UndoView | None


def after_act(session: Session, activity_id: int, teller: Teller, *, back: str) -> MovedView | None:
    """The line about one act on a deal; None where it is no such act, or was taken back since."""
    try:
        entry = activity.get(session, activity_id)
    except NotFound:
        return None
    if entry.subject_kind != "deal" or activity.undone_by(session, entry) is not None:
        return None
    return moved_view(session, entry, teller, back=back)


def moved_view(session: Session, entry: Activity, teller: Teller, *, back: str) -> MovedView:
    icon = "undo" if entry.undoes_id is not None else "check"
    words = _words(session, entry, teller)
    return MovedView(icon, words, undo_view(session, entry, teller.say, back=back, now=teller.now))


def _words(session: Session, entry: Activity, teller: Teller) -> str:
    say = teller.say
    texts = entry.detail.texts if entry.detail else {}
    params = {"deal": _name(session, entry.subject_id), "stage": texts.get("entered", ""), "when": ""}
    params["when"] = say.ago(entry.at, now=teller.now)
    if entry.undoes_id is not None:
        key = "web.moved.back" if entry.kind == "deal.moved" else "web.moved.taken_back"
        return say(key, **params)
    if entry.actor_kind == ActorKind.RULE and entry.kind == "deal.moved":
        whose = teller.from_whom(entry)
        return say("web.moved.by_mail" if whose else "web.moved.by_rule", who=whose, **params)
    params |= {"title": texts.get("title", ""), "told": teller.tell(entry).words}
    key = f"web.moved.{entry.kind.replace('.', '_')}"
    return say(key if say.has(key) else "web.moved.done", who=teller.actor(entry), **params)


def _name(session: Session, deal_id: int) -> str:
    try:
        return board_view.who(deals.get(session, deal_id))
    except NotFound:
        return ""
