"""A board as words: columns of open stages, rails for what is won and lost, cards for deals."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.deals import queries as deals
from addon.domain.money import Money, totals
from addon.domain.pipelines import queries as pipelines
from addon.i18n import Words
from addon.models import Activity, ActorKind, Deal, Pipeline, Stage, StageKind
from addon.web.seat import Person, owner

SHADES = 5
"""How many strengths the colour of open stages has."""


@dataclass(frozen=True, kw_only=True)
class CardView:
    id: int
    seen: int
    """Number of the deal's last move: what a mover on this board has seen."""
    who: str
    what: str
    """The deal's title where the company's name stands above it."""
    owner: Person
    amount: str
    moved_by_mail: bool
    late: str
    next_step: str
    next_step_on: str


@dataclass(frozen=True, kw_only=True)
class ColumnView:
    stage_id: int
    name: str
    shade: str
    count: int
    sum: str
    weighted: str
    cards: Sequence[CardView]


@dataclass(frozen=True, kw_only=True)
class RailView:
    pipeline_id: int
    stage_id: int
    name: str
    kind: StageKind
    count: int
    label: str


@dataclass(frozen=True, kw_only=True)
class TotalsView:
    deals: str
    sum: str
    weighted: str
    several_currencies: bool


@dataclass(frozen=True)
class PipelineChoice:
    id: int
    name: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class BoardView:
    id: int
    name: str
    pipelines: Sequence[PipelineChoice]
    columns: Sequence[ColumnView]
    rails: Sequence[RailView]
    totals: TotalsView

    @property
    def print(self) -> str:
        """Differs when anything on the board does."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


def board_view(session: Session, pipeline_id: int, say: Words, *, now: datetime) -> BoardView:
    """Raises NotFound."""
    pipeline = pipelines.get(session, pipeline_id)
    everything = deals.on_board(session, pipeline_id)
    stages = [stage for stage in pipeline.stages if stage.archived_at is None]
    open_stages = [stage for stage in stages if stage.kind == StageKind.OPEN]
    standing = {stage.id: [deal for deal in everything if deal.stage_id == stage.id] for stage in stages}
    by_mail = _moved_by_mail(session, pipeline_id)
    return BoardView(
        id=pipeline.id,
        name=pipeline.name,
        pipelines=_choices(pipelines.live(session), pipeline.id),
        columns=[
            _column(stage, _shade(place, len(open_stages)), standing[stage.id], by_mail, say, now)
            for place, stage in enumerate(open_stages)
        ],
        rails=[_rail(stage, len(standing[stage.id]), say) for stage in stages if stage.kind != StageKind.OPEN],
        totals=_totals([(stage, standing[stage.id]) for stage in open_stages], say),
    )


def sums(amounts: Iterable[Money], say: Words) -> str:
    """One sum a currency, side by side.

    >>> from decimal import Decimal
    >>> sums([Money(Decimal(5), "EUR"), Money(Decimal(2), "PLN"), Money(Decimal(1), "EUR")], Words())
    '€6 + PLN\\xa02'
    """
    return " + ".join(say.money(money.amount, money.currency) for money in totals(amounts))


def who(deal: Deal) -> str:
    """What a card is called by: the company, else the person, else the deal's own title."""
    if deal.company is not None:
        return deal.company.name
    return deal.contact.name if deal.contact is not None and deal.contact.name else deal.title


def late(deal: Deal, stage: Stage, say: Words, *, now: datetime) -> str:
    """Where a deal stands longer than its stage allows: how long, and the limit."""
    limit, days = stage.now.age_limit_days, (now - deal.entered_stage_at).days
    if limit is None or stage.kind != StageKind.OPEN or days <= limit:
        return ""
    return say("web.board.late", n=days, limit=limit)


def _moved_by_mail(session: Session, pipeline_id: int) -> set[int]:
    """Deals of a pipeline whose last move was a rule's."""
    last_move = (Activity.subject_id == Deal.id) & (Activity.number == Deal.last_move)
    moved = (
        select(Deal.id)
        .join(Activity, last_move & (Activity.subject_kind == "deal") & (Activity.actor_kind == ActorKind.RULE))
        .where(Deal.pipeline_id == pipeline_id, Deal.deleted_at.is_(None))
    )
    return set(session.scalars(moved))


def _choices(all_pipelines: Iterable[Pipeline], current: int) -> list[PipelineChoice]:
    return [PipelineChoice(each.id, each.name, each.id == current) for each in all_pipelines]


def _shade(place: int, of: int) -> str:
    return f"st-{1 + round(place * (SHADES - 1) / (of - 1))}" if of > 1 else f"st-{SHADES // 2 + 1}"


def _column(
    stage: Stage, shade: str, standing: Sequence[Deal], by_mail: Collection[int], say: Words, now: datetime
) -> ColumnView:
    amounts = [value for deal in standing if (value := deals.value(deal))]
    percent = stage.now.probability
    weighted = sums((money.times_percent(percent) for money in amounts), say)
    return ColumnView(
        stage_id=stage.id,
        name=stage.name,
        shade=shade,
        count=len(standing),
        sum=sums(amounts, say),
        weighted=say("web.board.weighted", percent=percent, sum=weighted) if amounts else "",
        cards=[_card(deal, stage, deal.id in by_mail, say, now) for deal in standing],
    )


def _card(deal: Deal, stage: Stage, moved_by_mail: bool, say: Words, now: datetime) -> CardView:
    value, name = deals.value(deal), who(deal)
    return CardView(
        id=deal.id,
        seen=deal.last_move,
        who=name,
        what=deal.title if deal.title != name else "",
        owner=owner(deal.owner),
        amount=say.money(value.amount, value.currency) if value else "",
        moved_by_mail=moved_by_mail,
        late=late(deal, stage, say, now=now),
        next_step=deal.next_step,
        next_step_on=say.day(deal.next_step_on, today=say.today(now)) if deal.next_step_on else "",
    )


def _rail(stage: Stage, count: int, say: Words) -> RailView:
    label = say("web.board.rail", name=stage.name, n=count)
    return RailView(
        pipeline_id=stage.pipeline_id,
        stage_id=stage.id,
        name=stage.name,
        kind=StageKind(stage.kind),
        count=count,
        label=label,
    )


def _totals(standing: Sequence[tuple[Stage, Sequence[Deal]]], say: Words) -> TotalsView:
    valued = [(stage, value) for stage, found in standing for deal in found if (value := deals.value(deal))]
    weighted = [money.times_percent(stage.now.probability) for stage, money in valued]
    currencies = {money.currency for _, money in valued}
    return TotalsView(
        deals=say("web.board.deals", n=sum(len(found) for _, found in standing)),
        sum=sums((money for _, money in valued), say),
        weighted=say("web.board.weighted_total", sum=sums(weighted, say)) if valued else "",
        several_currencies=len(currencies) > 1,
    )
