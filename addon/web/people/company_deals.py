"""Deals on the page of a person or a company: each as a line, and what they add up to, by how they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.deals import queries as deals
from addon.domain.views import board, table
from addon.domain.views.asking import Ask, standard
from addon.domain.views.filters import Condition, Group
from addon.i18n import Words
from addon.models import Deal, Shape, Stage, StageKind, Subject
from addon.web.boards.board_view import sums
from addon.web.seat import Person, owner
from addon.web.views.asked import Asked

ICONS = {StageKind.OPEN: ("open", "clock"), StageKind.WON: ("won", "check"), StageKind.LOST: ("lost", "close")}


@dataclass(frozen=True, kw_only=True)
class DealLine:
    id: int
    title: str
    pipeline: str
    stage: str
    state: str
    icon: str
    amount: str
    owner: Person
    step: str
    late: bool


@dataclass(frozen=True)
class SumLine:
    words: str
    sum: str
    url: str


@dataclass(frozen=True)
class CompanyDeals:
    lines: Sequence[DealLine]
    sums: Sequence[SumLine]
    total: int
    all_url: str
    """Its deals as a table, where there are more than these."""


def of_company(session: Session, company_id: int, say: Words, *, now: datetime) -> CompanyDeals:
    """The newest, and sums of all by how they stand: each number is a link to its rows."""
    whole = _ask(company_id)
    page = table.page(session, whole, at=now)
    told = []
    for kind in StageKind:
        ask = _ask(company_id, Condition("stage", "kind_is", (kind.value,)))
        found = board.board(session, _grouped(ask), at=now, limit=1).total
        if found.count:
            words = say(f"people.deals.{kind}", n=found.count)
            told.append(SumLine(words, sums(found.amounts, say), _address(ask)))
    rows = [row.row for row in page.rows if isinstance(row.row, Deal)]
    more = _address(whole) if page.total > len(rows) else ""
    return CompanyDeals(lines(session, rows, say, now=now), told, page.total, more)


def lines(session: Session, found: Iterable[Deal], say: Words, *, now: datetime) -> list[DealLine]:
    listed = list(found)
    wanted = sorted({deal.stage_id for deal in listed})
    stages = {stage.id: stage for stage in session.scalars(select(Stage).where(Stage.id.in_(wanted)))}
    return [_line(deal, stages[deal.stage_id], say, now) for deal in listed]


def _line(deal: Deal, stage: Stage, say: Words, now: datetime) -> DealLine:
    value, today = deals.value(deal), say.today(now)
    state, icon = ICONS[StageKind(stage.kind)]
    step = deal.next_step if stage.kind == StageKind.OPEN else ""
    late = deal.next_step_on is not None and deal.next_step_on < today and stage.kind == StageKind.OPEN
    if deal.next_step_on is not None and stage.kind == StageKind.OPEN:
        step = f"{step or say('web.deal.step')} · {say.day(deal.next_step_on, today=today)}"
    return DealLine(
        id=deal.id,
        title=deal.title,
        pipeline=deal.pipeline.name,
        stage=stage.name,
        state=state,
        icon=icon,
        amount=say.money(value.amount, value.currency) if value else "",
        owner=owner(deal.owner),
        step=step,
        late=late,
    )


def _ask(company_id: int, *more: Condition) -> Ask:
    parts = (Condition("company", "any_of", (company_id,)), *more)
    return Ask(subject=Subject.DEAL, shape=Shape.TABLE, filter=Group(False, parts), sort=(("created", "desc"),))


def _grouped(ask: Ask) -> Ask:
    return Ask(subject=ask.subject, filter=ask.filter, group_by="owner")


def _address(ask: Ask) -> str:
    return Asked(ask, standard(Subject.DEAL, shape=Shape.TABLE), "/deals").here
