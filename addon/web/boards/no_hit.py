"""What an empty board says: which filters nothing matches, and which one to take out for something to appear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from addon.domain.views import table
from addon.domain.views.filters import EVERYTHING
from addon.i18n import Words
from addon.web.views.asked import Asked
from addon.web.views.view_bar import ChipView, without_part

MOST_TRIED = 8
"""Filters that are taken out one by one to see what that brings."""


@dataclass(frozen=True)
class NoHit:
    words: str
    remove_url: str
    button: str


def no_hit(session: Session, at: Asked, chips: Sequence[ChipView], say: Words, *, now: datetime) -> NoHit | None:
    """None where there are no filters: then there is simply nothing yet."""
    if at.ask.filter == EVERYTHING:
        return None
    lead = say(f"views.no_hit.{at.ask.subject}", n=len(chips))
    gone = next((each for each in chips if each.chip.gone), None)
    if gone is not None:
        name = gone.chip.said[0].field
        return NoHit(say("views.no_hit.gone", field=name), gone.remove_url, say("views.no_hit.remove_that"))
    found = [(_without(session, at, each, now), each) for each in chips[:MOST_TRIED]]
    most, chip = max(found, key=lambda each: each[0])
    if not most:
        return NoHit(lead, at.url(replace(at.ask, filter=EVERYTHING)), say("views.no_hit.remove_all"))
    words = say("views.no_hit.without", n=most, filter=chip.chip.words)
    return NoHit(f"{lead} {words}", chip.remove_url, say("views.no_hit.remove_that"))


def _without(session: Session, at: Asked, chip: ChipView, now: datetime) -> int:
    ask = replace(at.ask, filter=without_part(at.ask.filter, int(chip.chip.place)))
    return table.page(session, ask, at=now, limit=1).total
