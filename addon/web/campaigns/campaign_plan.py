"""A campaign before its launch as words: who gets what, who gets nothing and why, when the last mail will be gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.campaigns import audience, composing, queries
from addon.domain.campaigns.audience import Skip
from addon.domain.campaigns.queries import Line, Progress
from addon.domain.errors import NotFound
from addon.domain.outgoing import claiming
from addon.domain.ports.mailbox import UNITS
from addon.i18n import Words
from addon.models import Campaign, MailboxState, Outgoing, OutgoingState, Run
from addon.settings import Settings
from addon.web.campaigns.campaign_form import problem_words
from addon.web.mailbox_view import shut_out

SHOWN_ROWS = 200
"""Rows shown of one reason."""


@dataclass(frozen=True)
class SkippedView:
    """Rows that are skipped for one reason."""

    count: int
    words: str
    hint: str
    rows: Sequence[str]
    more: int
    """Rows that are not listed."""


@dataclass(frozen=True, kw_only=True)
class MailView:
    """One person's real mail."""

    number: int
    of: int
    heading: str
    to: str
    subject: str
    body: str
    last_line: str


@dataclass(frozen=True, kw_only=True)
class PlanView:
    id: int
    name: str
    say: str
    lead: str
    when: str
    recipients: int
    skipped: Sequence[SkippedView]
    skipped_count: int
    mail: MailView | None
    hints: Sequence[str]
    reconnect: str
    """The mailbox that is not connected; empty where it is."""
    shut_out: str
    """What is said of it."""
    """Address of the mailbox that Gmail shuts us out of; empty where it does not."""


def plan_view(session: Session, campaign: Campaign, say: Words, settings: Settings, *, person: int) -> PlanView:
    """`person` counts from 1; beyond the last one the last is shown."""
    progress = queries.progress(session, campaign.id)
    email = campaign.mailbox.email
    lead = say("web.plan.lead", n=progress.recipients, email=email)
    if progress.skipped:
        lead += " " + say("web.plan.lead_skipped", n=progress.skipped, rows=progress.recipients + progress.skipped)
    return PlanView(
        id=campaign.id,
        name=campaign.name,
        say=say("web.plan.say" if progress.recipients else "web.plan.say_nobody", n=progress.recipients),
        lead=lead,
        when=pace(session, campaign, progress, say, settings),
        recipients=progress.recipients,
        skipped=_skipped(queries.skipped(session, campaign.id), say),
        skipped_count=progress.skipped,
        mail=_mail(session, campaign, progress.recipients, person, say),
        hints=_hints(campaign, say),
        reconnect="" if campaign.mailbox.state == MailboxState.CONNECTED else email,
        shut_out=shut_out(session, campaign.mailbox, say),
    )


def pace(session: Session, campaign: Campaign, progress: Progress, say: Words, settings: Settings) -> str:
    """How fast they leave: by Gmail's units a minute, by the mailbox's daily limit where that is what counts.

    What waits in the mailbox already goes first, and what it sent in the last 24 hours is off the limit.
    """
    at, mailbox = clock.now(), campaign.mailbox
    limit = mailbox.daily_cap or settings.daily_cap
    mails = progress.recipients + _waiting(session, campaign)
    counted = mails + claiming.sent_last_day(session, mailbox.id, at=at)
    if counted > limit:
        return say("web.plan.over_days", n=-(-counted // limit), limit=limit)
    rate = a_minute(settings)
    return say("web.plan.within", n=-(-mails // rate), rate=rate)


def _waiting(session: Session, campaign: Campaign) -> int:
    """Mails of other campaigns that its mailbox is to send first."""
    due = (
        select(func.count(Outgoing.id))
        .join(Run, Run.id == Outgoing.run_id)
        .where(
            Outgoing.mailbox_id == campaign.mailbox_id,
            Outgoing.state == OutgoingState.DUE,
            Outgoing.run_id != campaign.run_id,
            Run.paused_at.is_(None),
            Run.stopped_at.is_(None),
        )
    )
    return session.scalar(due) or 0


def a_minute(settings: Settings) -> int:
    """Mails that one mailbox's quota allows in a minute."""
    return max(1, settings.units_per_minute // (UNITS["create_draft"] + UNITS["send_draft"]))


def _skipped(lines: Sequence[Line], say: Words) -> list[SkippedView]:
    """By reason, the most frequent first."""
    by_reason = sorted(lines, key=lambda line: line.skipped or "")
    groups = [(reason, list(found)) for reason, found in groupby(by_reason, key=lambda line: line.skipped or "")]
    groups.sort(key=lambda group: -len(group[1]))
    return [_reason(reason, found, say) for reason, found in groups]


def _reason(reason: str, lines: Sequence[Line], say: Words) -> SkippedView:
    first = next((line for line in lines if line.email), lines[0])
    email = first.email or say("web.skip.no_address")
    params = {"detail": first.skipped_detail, "row": first.row, "email": email}
    hint = f"web.skip.{reason}_hint"
    rows = [_row(reason, line, say) for line in lines[:SHOWN_ROWS]]
    return SkippedView(
        len(lines),
        say(f"web.skip.{reason}", **params),
        say(hint, **params) if say.has(hint) else "",
        rows,
        len(lines) - len(rows),
    )


def _row(reason: str, line: Line, say: Words) -> str:
    detail = line.skipped_detail
    if reason == Skip.SUPPRESSED:
        detail = say(f"web.skip.why.{detail}") if say.has(f"web.skip.why.{detail}") else detail
    elif reason == Skip.DUPLICATE:
        detail = say("web.skip.same_as", row=detail)
    elif reason == Skip.MISSING_FIELD:
        detail = say("web.skip.lacks", field=detail)
    email = line.email or say("web.skip.no_address")
    return say("web.skip.row", row=line.row, email=email) + (f" · {detail}" if detail else "")


def _mail(session: Session, campaign: Campaign, count: int, person: int, say: Words) -> MailView | None:
    number = max(1, min(person, count))
    try:
        mail = composing.preview(session, campaign.id, index=number - 1)
    except NotFound:
        return None
    name = mail.to_name.partition(" ")[0] or mail.to
    return MailView(
        number=number,
        of=count,
        heading=say("web.plan.whose_mail", name=name),
        to=f"{mail.to_name}, {mail.to}" if mail.to_name else mail.to,
        subject=mail.subject,
        body=mail.body,
        last_line=f"{say('mail.unsubscribe')} {say('web.plan.own_link')}",
    )


def _hints(campaign: Campaign, say: Words) -> list[str]:
    """What its writer should see, though it keeps nothing from going."""
    fields = [str(key) for key, _ in campaign.columns]
    found = audience.check_texts(campaign.subject, campaign.body, fields)
    return [problem_words(problem, say) for problem in found if not problem.problem.blocking]
