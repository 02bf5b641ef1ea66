"""A deal as the sidebar shows it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from addon.domain.activity import queries as activity
from addon.domain.deals import queries as deals
from addon.domain.pipelines import queries as pipelines
from addon.models import Deal, StageKind
from addon.sidebar import happened, touches
from addon.sidebar.cards.views import DealLine, DealView, StageView
from addon.sidebar.pen import Pen


def deal_view(
    session: Session, deal: Deal, pen: Pen, *, user_id: int, own: Collection[str], thread_id: int | None
) -> DealView:
    """`own` are the reader's addresses, `thread_id` the conversation that is open."""
    entries = activity.of_subject(session, "deal", deal.id, newest=happened.LOOKED_AT)
    stages = pipelines.stages(session, deal.pipeline_id)
    following = pipelines.next_stage(session, deal.stage)
    others = [
        StageView(stage.id, stage.name)
        for stage in stages
        if stage.id != deal.stage_id and (following is None or stage.id != following.id)
    ]
    mails, count = touches.of_deal(session, deal.id, pen, own=own)
    return DealView(
        id=deal.id,
        seen=deal.last_move,
        title=deal.title,
        detail=_worth(deal, pen),
        stage=deal.stage.name,
        stage_detail=_standing(deal, [stage.id for stage in stages if stage.kind == StageKind.OPEN], pen),
        next_step=deal.next_step,
        next_step_detail=_step_detail(deal, pen, user_id),
        next_step_ms=_midnight_ms(deal.next_step_on),
        open=deal.stage.kind == StageKind.OPEN,
        next_stage=StageView(following.id, following.name) if following else None,
        other_stages=others,
        happened=happened.latest(session, deal, entries, pen, user_id=user_id, thread_id=thread_id),
        why=happened.why(session, entries, pen),
        touches=mails,
        touch_count=count,
    )


def deal_line(deal: Deal, pen: Pen) -> DealLine:
    """A deal in a list: its stage, and what it is worth."""
    return DealLine(deal.id, deal.title, " · ".join(part for part in (deal.stage.name, _amount(deal, pen)) if part))


def days_over(deal: Deal, now: datetime) -> int:
    """Days beyond the limit of its stage; 0 where it is within, or has none."""
    limit = deal.stage.now.age_limit_days
    return max(0, (now - deal.entered_stage_at).days - limit) if limit is not None else 0


def _amount(deal: Deal, pen: Pen) -> str:
    value = deals.value(deal)
    return pen.say.money(value.amount, value.currency) if value else ""


def _worth(deal: Deal, pen: Pen) -> str:
    parts = [_amount(deal, pen)]
    if deal.expected_close and deal.stage.kind == StageKind.OPEN:
        parts.append(pen.say("sidebar.deal.closes", day=_day(deal.expected_close, pen)))
    return " · ".join(part for part in parts if part)


def _standing(deal: Deal, open_stages: list[int], pen: Pen) -> str:
    say = pen.say
    since = say("sidebar.deal.since", day=pen.day(deal.entered_stage_at))
    if deal.stage_id not in open_stages:
        return since
    parts = [say("sidebar.deal.place", n=open_stages.index(deal.stage_id) + 1, of=len(open_stages)), since]
    limit = deal.stage.now.age_limit_days
    if limit is not None:
        key = "sidebar.deal.over" if days_over(deal, pen.now) else "sidebar.deal.limit"
        parts.append(say(key, n=limit))
    return " · ".join(parts)


def _step_detail(deal: Deal, pen: Pen, user_id: int) -> str:
    parts = []
    if deal.next_step_on is not None:
        late = deal.next_step_on < pen.say.today(pen.now)
        day = _day(deal.next_step_on, pen)
        parts.append(pen.say("sidebar.deal.was_due", day=day) if late else day)
    if deal.next_step:
        parts.append(pen.say("sidebar.deal.yours") if deal.owner_id == user_id else deal.owner.name)
    return " · ".join(parts)


def _day(day: date, pen: Pen) -> str:
    return pen.say.day(day, today=pen.say.today(pen.now))


def _midnight_ms(day: date | None) -> int | None:
    return int(datetime.combine(day, time(), UTC).timestamp() * 1000) if day else None
