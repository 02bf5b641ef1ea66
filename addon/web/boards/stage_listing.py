"""The deals of one stage as rows: what a rail of the board stands for, opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from addon.domain.deals import queries as deals
from addon.domain.deals import totals
from addon.domain.errors import NotFound
from addon.domain.money import Money
from addon.domain.pipelines import queries as pipelines
from addon.domain.views import table
from addon.domain.views.asking import Ask
from addon.domain.views.filters import Condition, Group
from addon.i18n import Words
from addon.models import Deal, Shape, StageKind, Subject
from addon.web.boards.board_view import sums
from addon.web.views.asked import Asked


@dataclass(frozen=True, kw_only=True)
class DealRow:
    id: int
    title: str
    company: str
    owner: str
    amount: str
    when: str
    """The day it was closed; in an open stage, the day it came in."""


@dataclass(frozen=True, kw_only=True)
class StageListing:
    pipeline_id: int
    pipeline: str
    name: str
    closed: bool
    lead: str
    rows: Sequence[DealRow]
    all_url: str
    """The same as a table, where there are more rows than these."""


def stage_listing(session: Session, pipeline_id: int, stage_id: int, say: Words, *, now: datetime) -> StageListing:
    """The newest first. Raises NotFound, also for a stage of another pipeline."""
    pipeline, stage = pipelines.get(session, pipeline_id), pipelines.get_stage(session, stage_id)
    if stage.pipeline_id != pipeline.id:
        raise NotFound(what="stage", given=stage_id)
    closed = stage.kind != StageKind.OPEN
    ask = Ask(
        subject=Subject.DEAL,
        pipeline_id=pipeline_id,
        shape=Shape.TABLE,
        filter=Group(False, (Condition("stage", "any_of", (stage_id,)),)),
        sort=(("closed" if closed else "entered_stage", "desc"),),
    )
    page = table.page(session, ask, at=now)
    standing = totals.of_pipeline(session, pipeline_id).get(stage_id, {})
    amounts = [Money(total.amount, currency) for currency, total in standing.items() if currency]
    lead = [say("web.board.deals", n=page.total), *([sums(amounts, say)] if amounts else [])]
    path = f"/board/{pipeline_id}"
    return StageListing(
        pipeline_id=pipeline.id,
        pipeline=pipeline.name,
        name=stage.name,
        closed=closed,
        lead=" · ".join(lead),
        rows=[_row(found.row, say, now) for found in page.rows if isinstance(found.row, Deal)],
        all_url=Asked(ask, Ask(subject=Subject.DEAL, pipeline_id=pipeline_id), path).here
        if page.total > len(page.rows)
        else "",
    )


def _row(deal: Deal, say: Words, now: datetime) -> DealRow:
    value = deals.value(deal)
    return DealRow(
        id=deal.id,
        title=deal.title,
        company=deal.company.name if deal.company else "",
        owner=deal.owner.name,
        amount=say.money(value.amount, value.currency) if value else "",
        when=say.day(deal.closed_at or deal.entered_stage_at, today=say.today(now)),
    )
