"""What an act on many things came to: how many it was done to, and which stayed as they are, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.errors import DomainError, NotFound
from addon.domain.pipelines import queries as pipelines
from addon.i18n import Words
from addon.models import Activity, Bulk, BulkKind, BulkState, Company, Contact, Deal, Subject
from addon.web.boards import card_view
from addon.web.moves.refused_cards import in_words
from addon.web.refusals import refusal

MOST_NAMED = 50
"""Things that are named; of more, how many."""
_MODEL: Mapping[str, Any] = {Subject.DEAL: Deal, Subject.CONTACT: Contact, Subject.COMPANY: Company}


@dataclass(frozen=True)
class Stayed:
    name: str
    why: str


def many_words(session: Session, entry: Activity, row: Bulk | None, say: Words) -> str:
    """One sentence."""
    subject = str(entry.after.get("subject", Subject.DEAL))
    if entry.kind == "bulk.undone" or row is None or row.kind == BulkKind.UNDO:
        if row is not None and row.state != BulkState.DONE:
            return say("board.many.going_back", count=say(f"board.count.{subject}", n=len(row.ids)), done=row.at)
        return say("board.many.undone")
    count = say(f"board.count.{subject}", n=row.done)
    if row.state != BulkState.DONE:
        return say("board.many.under_way", count=say(f"board.count.{subject}", n=len(row.ids)), done=row.done)
    done = say(f"board.many.{row.kind}", count=count, stage=_stage(session, row))
    told = done if row.done else say("board.many.nothing")
    return f"{told} {say('board.many.stayed', n=len(row.refused))}" if row.refused else told


def stayed(session: Session, row: Bulk | None, say: Words) -> Sequence[Stayed]:
    """Those it was not done to, with the reason of each."""
    refused = list(row.refused)[:MOST_NAMED] if row is not None else []
    if row is None or not refused:
        return []
    names = _names(session, row.subject, [number for number, _, _ in refused], say)
    return [
        Stayed(names.get(number, say("board.many.gone")), _why(code, params, say)) for number, code, params in refused
    ]


def _why(code: str, params: dict[str, Any], say: Words) -> str:
    if told := in_words(code, params, say):
        return told
    error = DomainError(**{name: _moment(name, value) for name, value in params.items()})
    error.code = code
    try:
        return refusal(say, error)
    except (KeyError, IndexError):
        return say("web.refused.other")


def _moment(name: str, value: Any) -> Any:
    """Moments are kept as texts."""
    try:
        return datetime.fromisoformat(value) if name == "at" else value
    except (TypeError, ValueError):
        return value


def _names(session: Session, subject: str, ids: Sequence[int], say: Words) -> dict[int, str]:
    model = _MODEL[subject]
    rows = session.scalars(select(model).where(model.id.in_(ids)))
    return {row.id: card_view.who(row) if isinstance(row, Deal) else row.name for row in rows}


def _stage(session: Session, row: Bulk) -> str:
    try:
        return pipelines.get_stage(session, int(row.asked["stage_id"])).name if row.kind == BulkKind.MOVE else ""
    except NotFound:
        return ""
