"""A deal's page as words: where it stands, what moved it, its mail, its diary, its facts, its people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.deals import losing
from addon.domain.deals import queries as deals
from addon.domain.pipelines import queries as pipelines
from addon.domain.undoing.plan import NOTES
from addon.i18n import Words
from addon.models import Activity, ActorKind, Deal, Rule, Stage, StageKind
from addon.web.boards.moved_view import MovedView, moved_view
from addon.web.deals import deal_facts, deal_people
from addon.web.deals.deal_facts import FactView
from addon.web.deals.deal_people import PartView
from addon.web.deals.deal_playbook import PlaybookView, playbook_view
from addon.web.deals.stage_view import StepView, steps
from addon.web.deals.thread_view import ThreadView, linked_threads
from addon.web.deals.twins import TwinsView, twins_view
from addon.web.diary.acts import QuoteView, Teller
from addon.web.diary.diary_view import DayView, Leaf, diary
from addon.web.fields.forms import FieldView
from addon.web.moves import deal_moves, deal_needs
from addon.web.seat import seat
from addon.web.tasks import task_view
from addon.web.tasks.task_view import TaskView

AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class StageChoice:
    id: int
    name: str
    kind: str


@dataclass(frozen=True)
class CauseView:
    """What moved a deal by itself: the marked sentence, and the rule that read it."""

    quote: QuoteView | None
    rule: str


@dataclass(frozen=True, kw_only=True)
class LostView:
    """What is asked where a deal is lost."""

    stages: Sequence[StageChoice]
    field: FieldView
    reasons: Sequence[str]
    """Why others were lost."""


@dataclass(frozen=True, kw_only=True)
class DealView:
    id: int
    seen: int
    title: str
    pipeline: str
    board: str
    company: str
    company_url: str
    lead: str
    next_stage: StageChoice | None
    closing: Sequence[StageChoice]
    """Won and Lost, beside the next stage."""
    other_stages: Sequence[StageChoice]
    elsewhere: bool
    """There are other pipelines to move it to."""
    lost: LostView | None
    moved: MovedView | None
    steps: Sequence[StepView]
    cause: CauseView | None
    threads: Sequence[ThreadView]
    days: Sequence[DayView]
    leaf: Leaf
    facts: Sequence[FactView]
    score: str
    score_of: str
    next_step: str
    next_step_day: str
    next_step_late: bool
    open: bool
    people: Sequence[PartView]
    adding: Sequence[FieldView]
    tasks: Sequence[TaskView]
    task_form: Sequence[FieldView]
    playbook: PlaybookView | None
    twins: TwinsView | None


def deal_view(session: Session, deal: Deal, leaf: Leaf, say: Words, *, now: datetime) -> DealView:
    """`leaf` is the page of its diary that is asked for."""
    reader_id = seat().user_id
    teller, back = Teller(session, say, reader_id, now), url_for("web.deals.page", deal_id=deal.id)
    moves, newest = _moves(session, deal), _newest(session, deal)
    last_move = next((entry for entry in moves if entry.number == deal.last_move), None)
    next_stage, stages = pipelines.next_stage(session, deal.stage), pipelines.stages(session, deal.pipeline_id)
    specs, needs = deal_facts.specs_of(session, deal), deal_needs.ahead(session, deal, stages, say)
    score, score_of = deal_facts.score(session, deal, specs, say)
    today, is_open = say.today(now), deal.stage.kind == StageKind.OPEN
    return DealView(
        id=deal.id,
        seen=deal.last_move,
        title=deal.title,
        pipeline=deal.pipeline.name,
        board=url_for("web.boards.page", pipeline_id=deal.pipeline_id),
        company=deal.company.name if deal.company else "",
        company_url=f"/companies/{deal.company_id}",
        lead=_lead(deal, say, now),
        next_stage=_choice(next_stage) if next_stage else None,
        closing=_closing(deal, stages, next_stage),
        other_stages=[_choice(stage) for stage in stages if stage.id != deal.stage_id],
        elsewhere=len(pipelines.live(session)) > 1,
        lost=_lost(session, deal, stages),
        moved=_just_moved(session, newest, teller, back, reader_id),
        steps=steps(deal, stages, moves, say, now=now, needs=needs.by_stage),
        cause=_cause(session, last_move, teller),
        threads=linked_threads(session, deal, say, reader_id=reader_id, now=now),
        days=diary(session, leaf.entries, teller, back=back),
        leaf=leaf,
        facts=deal_facts.facts(session, deal, specs, say, needed=needs.by_key, now=now),
        score=score,
        score_of=score_of,
        next_step=deal.next_step,
        next_step_day=say.day(deal.next_step_on, today=today) if deal.next_step_on else "",
        next_step_late=is_open and deal.next_step_on is not None and deal.next_step_on < today,
        open=is_open,
        people=deal_people.parts(session, deal),
        adding=deal_people.adding(say),
        tasks=task_view.of_deal(session, deal, say, now=now),
        task_form=task_view.form(session, say, {"assignee_id": str(reader_id)}),
        playbook=playbook_view(session, deal),
        twins=twins_view(session, deal, say),
    )


def _moves(session: Session, deal: Deal) -> Sequence[Activity]:
    """Newest first."""
    about = (Activity.subject_kind == "deal", Activity.subject_id == deal.id, Activity.kind == "deal.moved")
    return session.scalars(select(Activity).where(*about).order_by(Activity.number.desc())).all()


def _newest(session: Session, deal: Deal) -> Activity | None:
    """The newest act; that mail came or went is none."""
    about = (Activity.subject_kind == "deal", Activity.subject_id == deal.id, Activity.kind.not_in(NOTES))
    return session.scalar(select(Activity).where(*about).order_by(Activity.number.desc()).limit(1))


def _lost(session: Session, deal: Deal, stages: Sequence[Stage]) -> LostView | None:
    ends = [_choice(stage) for stage in stages if stage.kind == StageKind.LOST and stage.id != deal.stage_id]
    if not ends:
        return None
    reasons = losing.earlier_reasons(session, deal.pipeline_id)
    return LostView(stages=ends, field=deal_moves.reason_field(deal.lost_reason), reasons=reasons)


def _lead(deal: Deal, say: Words, now: datetime) -> str:
    parts, value = [], deals.value(deal)
    if value is not None:
        parts.append(say.money(value.amount, value.currency))
        if deal.stage.kind == StageKind.OPEN:
            weighted = value.times_percent(deal.stage.now.probability)
            parts.append(say("web.deal.weighted", sum=say.money(weighted.amount, weighted.currency)))
    if deal.closed_at is not None:
        parts.append(say(f"web.deal.closed_{deal.stage.kind}", day=say.day(deal.closed_at, today=say.today(now))))
    elif deal.expected_close is not None:
        parts.append(say("web.deal.closes", day=say.day(deal.expected_close, today=say.today(now))))
    return " · ".join(parts) or say("web.deal.no_amount")


def _choice(stage: Stage) -> StageChoice:
    return StageChoice(stage.id, stage.name, stage.kind)


def _closing(deal: Deal, stages: Sequence[Stage], next_stage: Stage | None) -> list[StageChoice]:
    if deal.stage.kind != StageKind.OPEN:
        return []
    beside = next_stage.id if next_stage else None
    return [_choice(stage) for stage in stages if stage.kind != StageKind.OPEN and stage.id != beside]


def _just_moved(
    session: Session, newest: Activity | None, teller: Teller, back: str, reader_id: int
) -> MovedView | None:
    """The newest act where it is news: the reader's own or a move, for an hour.

    What a rule did stands until somebody acts, however old: it is what they look at and may take back.
    """
    if newest is None or newest.kind == "deal.created" or newest.kind.startswith("import."):
        return None
    if newest.kind == "deal.moved" and newest.before.get("stage_id") is None:
        return None
    by_rule = newest.actor_kind == ActorKind.RULE and newest.kind == "deal.moved"
    is_news = newest.actor_id == reader_id or newest.kind == "deal.moved"
    is_old = teller.now - newest.at > AN_HOUR
    if not by_rule and (is_old or not is_news):
        return None
    return replace(moved_view(session, newest, teller, back=back), old=is_old)


def _cause(session: Session, last_move: Activity | None, teller: Teller) -> CauseView | None:
    if last_move is None or last_move.actor_kind != ActorKind.RULE:
        return None
    rule = session.get(Rule, last_move.rule_id) if last_move.rule_id else None
    texts = last_move.detail.texts if last_move.detail else {}
    words = teller.say(
        "web.deal.rule_moved_it",
        rule=rule.name if rule else "",
        version=last_move.rule_version or 1,
        left=texts.get("left", ""),
        entered=texts.get("entered", ""),
    )
    return CauseView(teller.quote(last_move), words)
