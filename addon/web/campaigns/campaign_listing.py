"""Campaigns in a row each, and the people behind a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from addon.domain.campaigns import queries
from addon.domain.campaigns.queries import Line
from addon.i18n import Words
from addon.models import Campaign, OutgoingState
from addon.web.campaigns.campaign_view import Tag, progress_bar, tag
from addon.web.progress_bar import Bar

A_PAGE = 200
"""People on one page."""

PEOPLE: dict[str, Sequence[OutgoingState]] = {
    "sent": (OutgoingState.SENT,),
    "uncertain": (OutgoingState.UNCERTAIN,),
    "held": (OutgoingState.HELD,),
    "stopped": (OutgoingState.STOPPED, OutgoingState.WITHDRAWN),
    "failed": (OutgoingState.FAILED,),
    "pending": (OutgoingState.DUE, OutgoingState.CLAIMED, OutgoingState.PERMITTED, OutgoingState.DRAFTED),
}
"""What each number of the bar counts."""

LOOKS = {
    OutgoingState.SENT: ("won", "check"),
    OutgoingState.UNCERTAIN: ("unsure", "question"),
    OutgoingState.HELD: ("late", "pause"),
    OutgoingState.STOPPED: ("quiet", "no"),
    OutgoingState.WITHDRAWN: ("quiet", "no"),
    OutgoingState.FAILED: ("lost", "warning"),
}


@dataclass(frozen=True, kw_only=True)
class RowView:
    id: int
    name: str
    email: str
    tag: Tag
    numbers: str
    bar: Bar
    when: str


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    row: int
    who: str
    email: str
    tag: Tag
    when: str
    note: str
    deal_id: int | None


@dataclass(frozen=True, kw_only=True)
class PeopleView:
    campaign_id: int
    campaign: str
    which: str
    heading: str
    rows: Sequence[PersonRow]
    next_after: int | None


def listing_view(session: Session, say: Words, *, now: datetime) -> list[RowView]:
    """Newest first."""
    return [_row(session, campaign, say, now) for campaign in queries.all_of_team(session)]


def people_view(session: Session, campaign: Campaign, which: str, say: Words, after: int, now: datetime) -> PeopleView:
    lines = queries.recipients(session, campaign.id, states=PEOPLE[which], after_row=after, limit=A_PAGE)
    return PeopleView(
        campaign_id=campaign.id,
        campaign=campaign.name,
        which=which,
        heading=say(f"web.campaign.people_of.{which}"),
        rows=[_person(line, say, now) for line in lines],
        next_after=lines[-1].row if len(lines) == A_PAGE else None,
    )


def _row(session: Session, campaign: Campaign, say: Words, now: datetime) -> RowView:
    progress = queries.progress(session, campaign.id)
    return RowView(
        id=campaign.id,
        name=campaign.name,
        email=campaign.mailbox.email,
        tag=tag(progress.state, say),
        numbers=say("web.campaigns.out_of", n=progress.recipients, sent=progress.sent),
        bar=progress_bar(progress, say),
        when=say.day(campaign.launched_at or campaign.created_at, today=say.today(now)),
    )


def _person(line: Line, say: Words, now: datetime) -> PersonRow:
    colour, icon = LOOKS.get(line.state, ("quiet", "clock")) if line.state else ("quiet", "clock")
    state = line.state or OutgoingState.DUE
    error = ""
    if line.error:
        key = f"web.campaign.error.{line.error}"
        error = say(key) if say.has(key) else say("web.campaign.error.unknown", code=line.error)
    return PersonRow(
        row=line.row,
        who=line.name or line.email,
        email=line.email,
        tag=Tag(colour, icon, say(f"web.campaign.mail.{state}")),
        when=say.moment(line.sent_at, now=now) if line.sent_at else "",
        note=error,
        deal_id=line.deal_id,
    )
