"""What taking an act back would do, and why it cannot. Reads only: an entrance may ask before anybody decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.activity import queries as activity
from addon.domain.errors import NotYet
from addon.domain.pipelines import queries as pipelines
from addon.domain.teams import queries as teams
from addon.domain.threads import queries as threads
from addon.models import Activity, ActorKind, Deal

Line = tuple[str, dict[str, Any]]
"""A code, which is the key of a text, and what fills it."""

NOTES = frozenset({"mail.received", "mail.sent", "thread.asked"})
"""Entries of things that happened in the mailbox, not acts: there is nothing to take back."""

_STAYS = {"suppression.added": "undoing.stays.suppression", "address.bounced": "undoing.stays.bounce"}


@dataclass
class Preview:
    """`refused` empty means that it can be done."""

    takes_back: list[Line] = field(default_factory=list)
    stays: list[Line] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)
    entries: list[Activity] = field(default_factory=list)
    """In the order in which they are taken back, newest first."""

    @property
    def possible(self) -> bool:
        return bool(self.entries) and not self.refused


def can_be_offered(entry: Activity) -> bool:
    """Whether this kind of entry can be taken back at all; cheap, for a diary's buttons."""
    if entry.kind == "deal.moved":
        return entry.before.get("stage_id") is not None
    return entry.kind == "thread.linked" or (entry.kind == "thread.unlinked" and entry.after.get("by") is None)


def of(session: Session, activity_id: int) -> Preview:
    """What taking back this entry means: with what it caused where it began a chain, and an undo with all it did.

    Raises NotFound.
    """
    asked = _meant(session, activity.get(session, activity_id))
    preview = Preview()
    if not can_be_offered(asked):
        preview.refused.append((NotYet.code, {"kind": asked.kind}))
        return preview
    if (undo := activity.undone_by(session, asked)) is not None:
        preview.refused.append(("undoing.already", {"at": undo.at, "who": _who(session, undo)}))
        return preview
    for entry in _chain(session, asked):
        if can_be_offered(entry):
            preview.entries.append(entry)
        elif entry.kind not in NOTES and not _is_echo(entry):
            preview.stays.append((_STAYS.get(entry.kind, "undoing.stays.other"), {"at": entry.at}))
    together = {entry.id for entry in preview.entries}
    for entry in preview.entries:
        if entry.kind == "deal.moved":
            _look_at_move(session, entry, together, preview)
        else:
            _look_at_link(session, entry, together, preview)
    return preview


def _meant(session: Session, entry: Activity) -> Activity:
    """An echo stands for the act that it belongs to."""
    return activity.get(session, entry.after["by"]) if _is_echo(entry) else entry


def _is_echo(entry: Activity) -> bool:
    return entry.kind == "thread.unlinked" and entry.after.get("by") is not None


def _chain(session: Session, asked: Activity) -> Sequence[Activity]:
    """What goes together, newest first, without what was taken back before."""
    whole = asked.cause_id is None or asked.undoes_id is not None
    entries = activity.caused_by(session, asked) if whole else [asked]
    return [entry for entry in reversed(entries) if activity.undone_by(session, entry) is None]


def _look_at_move(session: Session, entry: Activity, together: set[int], preview: Preview) -> None:
    deal = session.get_one(Deal, entry.subject_id)
    back = pipelines.get_stage(session, entry.before["stage_id"])
    line = ("undoing.move", {"title": deal.title, "stage": back.name, "from": _stage_name(session, entry)})
    preview.takes_back.append(line)
    if deal.deleted_at is not None:
        preview.refused.append(("undoing.deal_deleted", {"title": deal.title}))
    elif back.archived_at is not None:
        preview.refused.append(("undoing.stage_gone", {"stage": back.name}))
    else:
        for later in _standing(_moves_after(session, entry), together):
            params = {"who": _who(session, later), "at": later.at, "stage": _stage_name(session, later)}
            preview.refused.append(("undoing.moved_since", {"title": deal.title, **params}))


def _look_at_link(session: Session, entry: Activity, together: set[int], preview: Preview) -> None:
    live = threads.live_link(session, entry.after["thread_id"])
    if entry.kind == "thread.linked":
        title = session.get_one(Deal, entry.subject_id).title
        preview.takes_back.append(("undoing.link", {"title": title}))
        unchanged = live is not None and live.id == entry.after["link_id"]
    else:
        preview.takes_back.append(("undoing.unlink", {"title": session.get_one(Deal, entry.subject_id).title}))
        unchanged = live is None
    later = any(_thread_of(other) == _thread_of(entry) and other.id > entry.id for other in preview.entries)
    if not unchanged and not later:
        where = live.deal.title if live is not None else ""
        preview.refused.append(("undoing.linked_since", {"title": where, "linked": live is not None}))
    deal_id = entry.before.get("deal_id")
    if deal_id is not None and session.get_one(Deal, deal_id).deleted_at is not None:
        preview.refused.append(("undoing.deal_deleted", {"title": session.get_one(Deal, deal_id).title}))


def _thread_of(entry: Activity) -> int | None:
    thread_id = entry.after.get("thread_id")
    return int(thread_id) if thread_id is not None else None


def _moves_after(session: Session, entry: Activity) -> Sequence[Activity]:
    return session.scalars(
        select(Activity)
        .where(
            Activity.subject_kind == "deal",
            Activity.subject_id == entry.subject_id,
            Activity.kind == "deal.moved",
            Activity.number > entry.number,
        )
        .order_by(Activity.number)
    ).all()


def _standing(later: Sequence[Activity], together: set[int]) -> list[Activity]:
    """Later moves that still count: a move and the undo of it cancel each other out."""
    gone = set(together)
    for move in reversed(later):
        if move.id not in gone and any(other.id == move.undoes_id for other in later):
            gone |= {move.id, move.undoes_id or 0}
    return [move for move in later if move.id not in gone]


def _stage_name(session: Session, move: Activity) -> str:
    return pipelines.get_stage(session, move.after["stage_id"]).name


def _who(session: Session, entry: Activity) -> str:
    """The person who did it; empty where a rule or a machine did, which act for a person."""
    if entry.actor_kind != ActorKind.USER or entry.actor_id is None:
        return ""
    return teams.get_user(session, entry.actor_id).name
