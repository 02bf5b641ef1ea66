"""A campaign on its way as words: how many mails are out, what needs a person, what came back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from addon.domain.campaigns import answers, queries
from addon.domain.campaigns.answers import Answer
from addon.domain.campaigns.queries import Line, Progress
from addon.domain.verdicts import Kind
from addon.i18n import Words
from addon.models import Campaign, CampaignState, OutgoingState, PauseReason
from addon.settings import Settings
from addon.web.campaigns.campaign_outcomes import Outcome, asked_to_stop, outcomes
from addon.web.campaigns.campaign_plan import a_minute
from addon.web.mailbox_view import shut_out
from addon.web.progress_bar import Bar, Part, bar

SHOWN = 50
"""Mails that need a person, and answers, on the page."""

STATES = {
    CampaignState.DRAFT: ("quiet", "pencil"),
    CampaignState.SENDING: ("open", "send"),
    CampaignState.PAUSED: ("late", "pause"),
    CampaignState.DONE: ("won", "check"),
    CampaignState.CANCELLED: ("quiet", "no"),
}
"""State and icon of a campaign's tag."""

CAME_BACK = {
    Kind.HUMAN: ("open", "reply"),
    Kind.OUT_OF_OFFICE: ("quiet", "alarm"),
    Kind.AUTO_REPLY: ("quiet", "alarm"),
    Kind.BOUNCE: ("lost", "no"),
    Kind.DELAY: ("late", "clock"),
    Kind.COMPLAINT: ("lost", "warning"),
    Kind.UNSUBSCRIBE: ("quiet", "close"),
    Kind.CALENDAR_ACCEPTED: ("won", "calendar"),
    Kind.CALENDAR_DECLINED: ("quiet", "calendar"),
    Kind.CALENDAR_TENTATIVE: ("quiet", "calendar"),
    Kind.CALENDAR_OTHER: ("quiet", "calendar"),
}

FROM_SERVERS = (Kind.BOUNCE, Kind.DELAY, Kind.DELIVERED)
"""Written by mail servers: what they call themselves is nobody's name."""


@dataclass(frozen=True)
class Tag:
    state: str
    icon: str
    words: str


@dataclass(frozen=True, kw_only=True)
class NeedView:
    """A mail that only a person can settle, or that they should know of."""

    outgoing_id: int
    uncertain: bool
    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class AnswerView:
    who: str
    tag: Tag
    quote: str
    marked: bool
    """Whether that sentence moved the deal: only then it is marked."""
    when: str
    note: str
    deal_id: int | None


@dataclass(frozen=True)
class ResultRow:
    words: str
    count: int
    share: str


@dataclass(frozen=True, kw_only=True)
class CampaignView:
    id: int
    name: str
    tag: Tag
    say: str
    lead: str
    bar: Bar
    needs: Sequence[NeedView]
    answers: Sequence[AnswerView]
    results: Sequence[ResultRow]
    may_pause: bool
    may_resume: bool
    may_cancel: bool
    reconnect: str
    """The mailbox that is not connected; empty where it is."""
    shut_out: str
    """What is said of it."""
    mine: bool

    @property
    def print(self) -> str:
        """Differs when anything that the page says does."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


def campaign_view(
    session: Session, campaign: Campaign, say: Words, settings: Settings, *, reader_id: int, now: datetime
) -> CampaignView:
    progress = queries.progress(session, campaign.id)
    mine = campaign.owner_id == reader_id
    waiting = (OutgoingState.UNCERTAIN, OutgoingState.HELD)
    stuck = queries.recipients(session, campaign.id, states=waiting, limit=SHOWN)
    is_shut_out = campaign.paused_for == PauseReason.RECONNECT or campaign.mailbox.state == "reconnect"
    return CampaignView(
        id=campaign.id,
        name=campaign.name,
        tag=tag(progress.state, say),
        say=sentence(progress, say),
        lead=_lead(campaign, progress, say, settings, now),
        bar=progress_bar(progress, say),
        needs=[_need(line, say) for line in stuck],
        answers=_answers(session, campaign, say, now),
        results=_results(progress, answers.counts(session, campaign.id), asked_to_stop(session, campaign.run_id), say),
        may_pause=mine and progress.state == CampaignState.SENDING,
        may_resume=mine and campaign.state == CampaignState.PAUSED,
        may_cancel=mine and progress.state in (CampaignState.SENDING, CampaignState.PAUSED),
        reconnect=campaign.mailbox.email if is_shut_out and progress.state != CampaignState.DONE else "",
        shut_out=shut_out(session, campaign.mailbox, say),
        mine=mine,
    )


def tag(state: CampaignState, say: Words) -> Tag:
    colour, icon = STATES[state]
    return Tag(colour, icon, say(f"web.campaign.state.{state}"))


def sentence(progress: Progress, say: Words) -> str:
    """What a person would ask first."""
    key = "all_out" if progress.sent == progress.recipients else progress.state
    return say(f"web.campaign.say.{key}", n=progress.recipients, sent=progress.sent, left=progress.pending)


def progress_bar(progress: Progress, say: Words) -> Bar:
    parts = [
        Part("won", "sent", progress.sent),
        Part("unsure", "uncertain", progress.uncertain),
        Part("late", "held", progress.held),
        Part("quiet", "stopped", progress.stopped + progress.withdrawn),
        Part("lost", "failed", progress.failed),
        Part("line", "pending", progress.pending + progress.drafted),
    ]
    return bar(parts, progress.recipients, say)


def _lead(campaign: Campaign, progress: Progress, say: Words, settings: Settings, now: datetime) -> str:
    since = say.moment(campaign.launched_at, now=now) if campaign.launched_at else ""
    parts = [say("web.campaign.from", email=campaign.mailbox.email, since=since)]
    if progress.state == CampaignState.PAUSED:
        parts.append(say(f"web.campaign.paused_for.{campaign.paused_for or PauseReason.RECONNECT}"))
    elif progress.state == CampaignState.SENDING and progress.pending:
        parts.append(say("web.campaign.pace", rate=a_minute(settings)))
    if progress.skipped:
        parts.append(say("web.campaign.skipped", n=progress.skipped))
    return " ".join(parts)


def _need(line: Line, say: Words) -> NeedView:
    uncertain = line.state == OutgoingState.UNCERTAIN
    kind = "uncertain" if uncertain else "held"
    who = line.name or line.email
    return NeedView(
        outgoing_id=line.outgoing_id or 0,
        uncertain=uncertain,
        title=say(f"web.campaign.need.{kind}", who=who),
        text=say(f"web.campaign.need.{kind}_text"),
    )


def _answers(session: Session, campaign: Campaign, say: Words, now: datetime) -> list[AnswerView]:
    came = answers.of_campaign(session, campaign.id, limit=SHOWN)
    led_to = outcomes(session, [answer.message_id for answer in came])
    return [_answer(answer, led_to.get(answer.message_id), say, now) for answer in came]


def _answer(answer: Answer, outcome: Outcome | None, say: Words, now: datetime) -> AnswerView:
    kind = Kind.UNSUBSCRIBE if answer.wants_out else answer.kind
    colour, icon = CAME_BACK.get(kind, ("quiet", "mail"))
    note = f"web.campaign.came_back.{kind}_note"
    words = say(note) if say.has(note) else ""
    if outcome is not None:
        words = say("web.campaign.moved_the_deal", stage=outcome.stage)
    return AnswerView(
        who=answer.email if answer.kind in FROM_SERVERS else answer.from_name or answer.email,
        tag=Tag(colour, icon, say(f"web.campaign.came_back.{kind}")),
        quote=answer.quote,
        marked=outcome is not None and outcome.by_sentence,
        when=say.moment(answer.received_at, now=now),
        note=words,
        deal_id=outcome.deal_id if outcome else answer.deal_id,
    )


def _results(progress: Progress, came_back: dict[Kind, int], stopped: int, say: Words) -> list[ResultRow]:
    counts = {
        "sent": progress.sent,
        "answered": came_back.get(Kind.HUMAN, 0),
        "away": came_back.get(Kind.OUT_OF_OFFICE, 0),
        "bounced": came_back.get(Kind.BOUNCE, 0),
        "unsubscribed": stopped,
    }
    return [
        ResultRow(say(f"web.campaign.results.{name}"), count, _share(count, progress.sent))
        for name, count in counts.items()
    ]


def _share(count: int, of: int) -> str:
    return f"{100 * count / of:.1f} %" if of else ""
