"""A diary by days: one act is one line, with the sentence that caused it and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from babel.dates import format_date
from sqlalchemy.orm import Session

from addon.domain.activity import queries as activity
from addon.i18n import Words
from addon.models import Activity, ActorKind
from addon.web.acts import QuoteView, Teller
from addon.web.undo_view import UndoView, undo_view


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
        undo=None if undone else undo_view(session, entry, teller.say, back=back, now=teller.now),
    )


def _note(entry: Activity, undone: Activity | None, teller: Teller) -> str:
    if undone is not None:
        return teller.say("web.diary.taken_back", when=teller.say.ago(undone.at, now=teller.now))
    if entry.actor_kind == ActorKind.RULE and entry.evidence is not None and teller.quote(entry) is None:
        return teller.say("web.diary.evidence_not_shown")
    return ""
