"""A diary by days: one act is one line, with the sentence that caused it and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from babel.dates import format_date
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon.domain.activity import queries as activity
from addon.i18n import Words
from addon.models import Activity, ActorKind, Bulk, Import
from addon.web.diary.acts import QuoteView, Teller
from addon.web.diary.undo_view import UndoView, undo_view

SHOWN = 30
"""Entries a page."""

FILTERS: Mapping[str, Sequence[str]] = {
    "all": (),
    "moves": ("deal.moved",),
    "mails": ("mail.received", "mail.sent", "mail.shown", "thread.linked", "thread.unlinked", "thread.shared"),
}
"""What a diary can be narrowed to, by kinds; nothing is everything."""


@dataclass(frozen=True, kw_only=True)
class EntryView:
    id: int
    state: str
    icon: str
    lead: str
    strong: str
    words: str
    time: str
    iso: str
    quote: QuoteView | None
    note: str
    undo: UndoView | None


@dataclass(frozen=True)
class DayView:
    words: str
    entries: Sequence[EntryView]


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A page of a diary."""

    entries: Sequence[Activity]
    """Newest first."""
    show: str
    older: int
    """How many stand on the pages that follow."""
    before: int | None
    """Number of the last entry here: the next page begins before it."""
    newest: bool


def leaf(session: Session, kind: str, subject_id: int, *, show: str = "all", before: int | None = None) -> Leaf:
    """One page of a subject's diary; what is no filter shows everything."""
    show = show if show in FILTERS else "all"
    about = [Activity.subject_kind == kind, Activity.subject_id == subject_id]
    if FILTERS[show]:
        about.append(Activity.kind.in_(FILTERS[show]))
    here = [*about, Activity.number < before] if before is not None else about
    entries = session.scalars(select(Activity).where(*here).order_by(Activity.number.desc()).limit(SHOWN)).all()
    last = entries[-1].number if entries else None
    older = session.scalar(select(func.count()).where(*about, Activity.number < last)) if last else 0
    return Leaf(entries=entries, show=show, older=older or 0, before=last if older else None, newest=before is None)


def diary(session: Session, entries: Sequence[Activity], teller: Teller, *, back: str) -> list[DayView]:
    """`entries` newest first."""
    zone = teller.say.zone
    days = groupby(entries, key=lambda entry: entry.at.astimezone(zone).date())
    return [
        DayView(
            day_words(day, teller.say, today=teller.say.today(teller.now)),
            [_entry(session, entry, teller, back) for entry in of_day],
        )
        for day, of_day in days
    ]


def day_words(day: date, say: Words, *, today: date) -> str:
    """Today, Tuesday 24 November · Friday 20 November · Friday 3 January 2025."""
    pattern = "EEEE d MMMM" if day.year == today.year else "EEEE d MMMM y"
    words = format_date(day, pattern, locale=say.locale)
    return say("web.diary.today", day=words) if day == today else words


def _entry(session: Session, entry: Activity, teller: Teller, back: str) -> EntryView:
    told, (state, icon) = teller.tell(entry), teller.icon(entry)
    undone = activity.undone_by(session, entry)
    return EntryView(
        id=entry.id,
        state=state,
        icon=icon,
        lead=told.lead,
        strong=told.strong,
        words=told.words,
        time=f"{entry.at.astimezone(teller.say.zone):%H:%M}",
        iso=entry.at.isoformat(),
        quote=teller.quote(entry),
        note=_note(entry, undone, teller),
        undo=None if undone else undo_view(entry, teller.names, back=back),
    )


def _note(entry: Activity, undone: Activity | None, teller: Teller) -> str:
    """Why it was, where no quote says so, and whether it still counts."""
    notes = [_why(entry, teller)]
    if undone is not None:
        notes.append(teller.say("web.diary.taken_back", when=teller.say.ago(undone.at, now=teller.now)))
    elif entry.actor_kind == ActorKind.RULE and entry.evidence is not None and teller.quote(entry) is None:
        notes.append(teller.say("web.diary.evidence_not_shown"))
    return " ".join(note for note in notes if note)


def _why(entry: Activity, teller: Teller) -> str:
    """An act that was part of another one, which stands in another diary."""
    cause = teller.session.get(Activity, entry.cause_id) if entry.cause_id else None
    if cause is None or (cause.subject_kind, cause.subject_id) == (entry.subject_kind, entry.subject_id):
        return ""
    if cause.kind in ("bulk.started", "bulk.undone"):
        many = teller.session.scalar(select(Bulk).where(Bulk.act_id == cause.id))
        return teller.say("acts.part_of_bulk", n=len(many.ids)) if many is not None else ""
    if cause.subject_kind == "import":
        of = teller.session.get(Import, cause.subject_id)
        return teller.say("acts.part_of_import", file=of.file_name) if of is not None else ""
    return teller.say("acts.part_of_twin") if cause.kind == "deal.twin_opened" else ""
