"""The sidebar without a message: what needs this person."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from addon.domain.campaigns import queries as campaigns
from addon.domain.threads import queries as threads
from addon.models import Campaign, CampaignState, Deal, LinkQuestion, Message, Pipeline, Stage, StageKind
from addon.sidebar import conversation, replies
from addon.sidebar.cards.home import home as home_card
from addon.sidebar.cards.views import CampaignLine, DealLine, HomeView, NoteView, QuestionLine
from addon.sidebar.deal_view import days_over
from addon.sidebar.rooms import Room
from addon.sidebar.visit import Visit
from addon.sidebar.widgets import Json

room = Room()

SHOWN_DEALS, SHOWN_QUESTIONS, SHOWN_CAMPAIGNS = 4, 2, 2
"""With a note, a line that more are due and the button, at most twelve widgets."""


@room.trigger("home")
def home(visit: Visit) -> Json:
    return replies.show(_card(visit))


@room.action("refresh_home")
def refresh_home(visit: Visit) -> Json:
    return replies.replace(_card(visit))


def _card(visit: Visit) -> Json:
    with visit.reading() as session:
        mine = _open_deals(session, visit.user_id)
        due = [(days, line) for deal in mine if (line := _due(deal, visit)) for days in [_urgency(deal, visit)]]
        due.sort(key=lambda pair: pair[0], reverse=True)
        view = HomeView(
            note=_note(session, visit),
            due=[line for _, line in due[:SHOWN_DEALS]],
            more_due=max(0, len(due) - SHOWN_DEALS),
            questions=[_question(session, q, visit) for q in threads.open_questions(session)[:SHOWN_QUESTIONS]],
            campaigns=_running(session, visit),
            has_deals=bool(mine),
        )
        return home_card(view, visit.pen)


def _open_deals(session: Session, user_id: int) -> Sequence[Deal]:
    return session.scalars(
        select(Deal)
        .join(Stage, Stage.id == Deal.stage_id)
        .join(Pipeline, Pipeline.id == Deal.pipeline_id)
        .where(
            Deal.owner_id == user_id,
            Deal.deleted_at.is_(None),
            Stage.kind == StageKind.OPEN,
            Pipeline.archived_at.is_(None),
        )
        .options(joinedload(Deal.stage))
    ).all()


def _due(deal: Deal, visit: Visit) -> DealLine | None:
    """Why a deal needs its owner: its next step is due, or it stands too long; None where it does not."""
    say, today = visit.say, visit.say.today(visit.now)
    if deal.next_step_on is not None and deal.next_step_on <= today:
        step = deal.next_step or say("sidebar.deal.step")
        return DealLine(deal.id, deal.title, f"{step} · {say.day(deal.next_step_on, today=today)}")
    if days_over(deal, visit.now):
        days, limit = (visit.now - deal.entered_stage_at).days, deal.stage.now.age_limit_days
        return DealLine(deal.id, deal.title, say("sidebar.home.late", stage=deal.stage.name, n=days, limit=limit))
    return None


def _urgency(deal: Deal, visit: Visit) -> int:
    """Days that it is late by, whichever clock says more."""
    step = (visit.say.today(visit.now) - deal.next_step_on).days if deal.next_step_on else 0
    return max(step, days_over(deal, visit.now))


def _note(session: Session, visit: Visit) -> NoteView | None:
    mailbox = conversation.own_mailbox(session, visit)
    if mailbox is not None:
        return conversation.grant_note(mailbox, visit.pen)
    text = visit.say("sidebar.mailbox.not_connected", email=visit.email)
    return NoteView(text, visit.say("sidebar.mailbox.connect"), "/mailboxes")


def _question(session: Session, question: LinkQuestion, visit: Visit) -> QuestionLine:
    """About the person's own mail, so that it may be named."""
    message = session.get(Message, question.message_id) if question.message_id else None
    subject = message.subject if message else ""
    who = (message.from_name or message.from_email) if message else ""
    fits = visit.say("sidebar.home.fits", n=threads.fitting(session, question))
    return QuestionLine(
        question.id, subject or visit.say("sidebar.touches.no_subject"), " · ".join(p for p in (who, fits) if p)
    )


def _running(session: Session, visit: Visit) -> list[CampaignLine]:
    states = (CampaignState.SENDING, CampaignState.PAUSED)
    found = session.scalars(
        select(Campaign)
        .where(Campaign.owner_id == visit.user_id, Campaign.state.in_(states))
        .order_by(Campaign.id.desc())
        .limit(SHOWN_CAMPAIGNS)
    ).all()
    return [CampaignLine(c.id, c.name, _progress(session, c, visit)) for c in found]


def _progress(session: Session, campaign: Campaign, visit: Visit) -> str:
    progress = campaigns.progress(session, campaign.id)
    words = visit.say("sidebar.home.sent", n=progress.sent, of=progress.recipients)
    paused = campaign.state == CampaignState.PAUSED
    return f"{words} · {visit.say('sidebar.home.paused')}" if paused else words
