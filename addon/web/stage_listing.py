"""The deals of one stage as rows: what a rail of the board stands for, opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from addon.domain.deals import queries as deals
from addon.domain.errors import NotFound
from addon.domain.pipelines import queries as pipelines
from addon.i18n import Words
from addon.models import Deal, StageKind
from addon.web.board_view import sums


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


def stage_listing(session: Session, pipeline_id: int, stage_id: int, say: Words, *, now: datetime) -> StageListing:
    """The newest first. Raises NotFound, also for a stage of another pipeline."""
    pipeline, stage = pipelines.get(session, pipeline_id), pipelines.get_stage(session, stage_id)
    if stage.pipeline_id != pipeline.id:
        raise NotFound(what="stage", given=stage_id)
    standing = [deal for deal in deals.on_board(session, pipeline_id) if deal.stage_id == stage.id]
    standing.reverse()
    amounts = [value for deal in standing if (value := deals.value(deal))]
    lead = [say("web.board.deals", n=len(standing)), *([sums(amounts, say)] if amounts else [])]
    return StageListing(
        pipeline_id=pipeline.id,
        pipeline=pipeline.name,
        name=stage.name,
        closed=stage.kind != StageKind.OPEN,
        lead=" · ".join(lead),
        rows=[_row(deal, say, now) for deal in standing],
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
