"""A deal's page as words: where it stands, what moved it, its mail, its diary, its facts, its people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from addon.domain.activity import queries as activity
from addon.domain.contacts import queries as contacts
from addon.domain.deals import queries as deals
from addon.domain.errors import NotFound
from addon.domain.pipelines import queries as pipelines
from addon.i18n import Words
from addon.models import Activity, ActorKind, Contact, Deal, Rule, Stage, StageKind
from addon.web.acts import QuoteView, Teller
from addon.web.diary_view import DayView, diary
from addon.web.moved_view import MovedView, moved_view
from addon.web.seat import Person, owner, person
from addon.web.stage_view import StepView, steps
from addon.web.thread_view import ThreadView, linked_threads

SHOWN = 30
"""Entries of the diary before "Show older"."""


@dataclass(frozen=True)
class StageChoice:
    id: int
    name: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class FactView:
    label: str
    value: str
    missing: bool = False
    person: Person | None = None


@dataclass(frozen=True, kw_only=True)
class ContactView(Person):
    lines: Sequence[str]
    """Title, company, addresses."""


@dataclass(frozen=True)
class CauseView:
    """What moved a deal by itself: the marked sentence, and the rule that read it."""

    quote: QuoteView | None
    rule: str


@dataclass(frozen=True, kw_only=True)
class DealView:
    id: int
    seen: int
    title: str
    pipeline: str
    board: str
    company: str
    lead: str
    next_stage: StageChoice | None
    closing: Sequence[StageChoice]
    """Won and Lost, beside the next stage."""
    other_stages: Sequence[StageChoice]
    moved: MovedView | None
    steps: Sequence[StepView]
    cause: CauseView | None
    threads: Sequence[ThreadView]
    days: Sequence[DayView]
    older: int
    """Entries of the diary that are not shown."""
    facts: Sequence[FactView]
    people: Sequence[ContactView]


def deal_view(session: Session, deal_id: int, say: Words, *, reader_id: int, now: datetime, whole: bool) -> DealView:
    """Raises NotFound. `whole` shows the diary from its first entry on."""
    deal = deals.get(session, deal_id)
    teller, back = Teller(session, say, reader_id, now), url_for("web.deals.page", deal_id=deal.id)
    entries = activity.of_subject(session, "deal", deal.id, newest=10_000)
    last_move = next((entry for entry in entries if entry.number == deal.last_move), None)
    shown = entries if whole else entries[:SHOWN]
    next_stage = pipelines.next_stage(session, deal.stage)
    stages = pipelines.stages(session, deal.pipeline_id)
    return DealView(
        id=deal.id,
        seen=deal.last_move,
        title=deal.title,
        pipeline=deal.pipeline.name,
        board=url_for("web.boards.page", pipeline_id=deal.pipeline_id),
        company=deal.company.name if deal.company else "",
        lead=_lead(deal, say, now),
        next_stage=_choice(next_stage) if next_stage else None,
        closing=_closing(deal, stages, next_stage),
        other_stages=[_choice(stage) for stage in stages if stage.id != deal.stage_id],
        moved=_just_moved(session, entries, teller, back),
        steps=steps(deal, stages, entries, say, now=now),
        cause=_cause(session, last_move, teller),
        threads=linked_threads(session, deal, say, reader_id=reader_id, now=now),
        days=diary(session, shown, teller, back=back),
        older=len(entries) - len(shown),
        facts=_facts(session, deal, say, now),
        people=[_contact(each) for each in deals.people(session, deal)],
    )


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


def _just_moved(session: Session, entries: Sequence[Activity], teller: Teller, back: str) -> MovedView | None:
    """The newest act of a person or a rule: until the next act it stands in the first line."""
    if not entries or entries[0].kind not in ("deal.moved", "deal.edited", "thread.linked", "thread.unlinked"):
        return None
    newest = entries[0]
    if newest.kind == "deal.moved" and newest.before.get("stage_id") is None:
        return None
    return moved_view(session, newest, teller, back=back)


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


def _facts(session: Session, deal: Deal, say: Words, now: datetime) -> list[FactView]:
    today = say.today(now)

    def fact(name: str, value: str) -> FactView:
        return FactView(label=say(f"web.fields.{name}"), value=value or say("web.deal.unknown"), missing=not value)

    step = deal.next_step
    if deal.next_step_on is not None:
        step = f"{step or say('web.deal.step')} · {say.day(deal.next_step_on, today=today)}"
    referred = _name(session, deal.referred_by_id)
    return [
        FactView(label=say("web.fields.owner_id"), value=deal.owner.name, person=owner(deal.owner)),
        fact("next_step", step),
        fact("expected_close", say.day(deal.expected_close, today=today) if deal.expected_close else ""),
        fact("product", deal.product),
        fact("channel", deal.channel),
        *([fact("referred_by_id", referred)] if referred else []),  # no page asks for it yet
        fact("created_at", say.day(deal.created_at, today=today)),
    ]


def _name(session: Session, contact_id: int | None) -> str:
    try:
        return contacts.get(session, contact_id).name if contact_id else ""
    except NotFound:
        return ""


def _contact(contact: Contact) -> ContactView:
    who = person(contact.name, contact.id)
    lines = [contact.title, contact.company.name if contact.company else "", *(a.email for a in contact.addresses)]
    return ContactView(name=who.name, initials=who.initials, tone=who.tone, lines=[each for each in lines if each])
