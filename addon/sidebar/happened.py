"""The latest act on a deal in words, with what Undo would take back; and why a deal moved by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from addon.domain.activity import queries as activity
from addon.domain.errors import NotFound
from addon.domain.rules import queries as rules
from addon.domain.teams import queries as teams
from addon.domain.threads import queries as threads
from addon.domain.undoing import operations as undoing
from addon.domain.undoing import plan
from addon.domain.undoing.plan import Preview
from addon.models import Activity, ActorKind, Deal, EvidenceKind, Thread
from addon.sidebar.cards.views import HappenedView, WhyView
from addon.sidebar.pen import Pen
from addon.sidebar.refusals import spoken_lines

RECENT = timedelta(days=7)
"""World time after which an act is history: the diary has it, the card does not."""

LOOKED_AT = 30
"""Entries of a deal's diary that are looked at."""


def latest(
    session: Session, deal: Deal, entries: Sequence[Activity], pen: Pen, *, user_id: int, thread_id: int | None
) -> HappenedView | None:
    """None where nothing happened lately, or it was taken back. `entries` are the deal's newest, newest first.

    Links of other threads than this one are not told.
    """
    entry = _latest_act(entries, thread_id)
    return _view(session, deal, entry, pen, user_id) if entry is not None else None


def taken_away(session: Session, thread: Thread, pen: Pen, *, user_id: int) -> HappenedView | None:
    """That the thread was taken away from its deal; None where it never had one, or that is long ago."""
    ever = threads.links_ever(session, thread.id)
    if not ever or ever[-1].unlinked_at is None:
        return None
    deal = session.get_one(Deal, ever[-1].deal_id)
    entries = activity.of_subject(session, "deal", deal.id, newest=LOOKED_AT)
    entry = next((each for each in entries if each.kind == "thread.unlinked" and _concerns(each, thread.id)), None)
    return _view(session, deal, entry, pen, user_id) if entry is not None else None


def _view(session: Session, deal: Deal, entry: Activity, pen: Pen, user_id: int) -> HappenedView | None:
    if pen.now - entry.at > RECENT:
        return None
    # The plan knows as well whether it was taken back, so that is asked only where there is no plan.
    planned = undoing.preview(session, entry.id) if plan.can_be_offered(entry) else None
    text = "" if planned and _is_undone(planned) else _text(entry, deal, pen)
    if not text:
        return None
    can = planned is not None and planned.possible
    return HappenedView(
        text=text,
        detail=pen.say("sidebar.happened.detail", ago=pen.ago(entry.at), who=_by(session, entry, pen, user_id)),
        undo=entry.id if can else None,
        undo_says=spoken_lines(pen, [*planned.takes_back, *planned.stays]) if planned and can else "",
    )


def why(session: Session, entries: Sequence[Activity], pen: Pen) -> WhyView | None:
    """The sentence and the rule that brought the deal where it stands, where a rule did."""
    move = _standing_move(entries)
    found = rules.why(session, move) if move is not None else None
    if found is None:
        return None
    key = "sidebar.why.rule" if found.quote or found.shared else "sidebar.why.not_shared"
    return WhyView(quote=found.quote or "", words=pen.say(key, rule=found.rule, version=found.version))


def _standing_move(entries: Sequence[Activity]) -> Activity | None:
    """The newest move that still counts: a move and the undo of it cancel each other out. Newest first."""
    gone: set[int] = set()
    for entry in entries:
        if entry.kind != "deal.moved" or entry.id in gone:
            continue
        if entry.undoes_id is None:
            return entry
        gone.add(entry.undoes_id)
    return None


def _latest_act(entries: Sequence[Activity], thread_id: int | None) -> Activity | None:
    """Mail that came or went is no act."""
    return next((entry for entry in entries if entry.kind not in plan.NOTES and _concerns(entry, thread_id)), None)


def _is_undone(planned: Preview) -> bool:
    return any(code == "undoing.already" for code, _ in planned.refused)


def _concerns(entry: Activity, thread_id: int | None) -> bool:
    return not entry.kind.startswith("thread.") or entry.after.get("thread_id") == thread_id


def _text(entry: Activity, deal: Deal, pen: Pen) -> str:
    say = pen.say
    if entry.kind == "deal.moved":
        if entry.before.get("stage_id") is None:
            return say("sidebar.happened.created")
        entered = (entry.detail.texts.get("entered") if entry.detail else "") or deal.stage.name
        return say("sidebar.happened.moved_back" if entry.undoes_id else "sidebar.happened.moved", stage=entered)
    key = f"sidebar.happened.{entry.kind.replace('.', '_')}"
    return say(key, title=deal.title) if say.has(key) else ""


def _by(session: Session, entry: Activity, pen: Pen, user_id: int) -> str:
    if entry.actor_kind == ActorKind.RULE:
        by_mail = entry.evidence_kind == EvidenceKind.SENTENCE
        return pen.say("sidebar.by.mail" if by_mail else "sidebar.by.rule")
    if entry.actor_id == user_id and entry.actor_kind == ActorKind.USER:
        return pen.say("sidebar.by.you")
    if entry.actor_kind != ActorKind.USER:
        return pen.say("sidebar.by.machine")
    try:
        name = teams.get_user(session, entry.actor_id).name if entry.actor_id else ""
    except NotFound:
        name = ""
    return pen.say("sidebar.by.person", name=name or pen.say("sidebar.somebody"))
