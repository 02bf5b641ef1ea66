"""Putting a deal into a stage. Only the ladder may import this."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.deals import totals
from addon.domain.deals.draft import DealDraft
from addon.domain.errors import NotFound
from addon.models import Deal, Stage, StageKind


def insert(session: Session, draft: DealDraft, stage: Stage, *, at: datetime) -> Deal:
    deal = Deal(**_columns(draft, stage, at=at))
    session.add(deal)
    session.flush()
    return deal


def insert_many(
    session: Session, placed: Sequence[tuple[DealDraft, Stage]], *, number: int, at: datetime
) -> Sequence[int]:
    """Deals that stand in their stages at once, and their ids; `number` is the diary's number of their only move."""
    team_id = viewer_of(session).team_id
    return totals.born(
        session,
        [
            {
                **_columns(draft, stage, at=at),
                "team_id": team_id,
                "closed_at": None if stage.kind == StageKind.OPEN else at,
                "last_move": number,
            }
            for draft, stage in placed
        ],
    )


def _columns(draft: DealDraft, stage: Stage, *, at: datetime) -> dict[str, Any]:
    return {
        "title": draft.title[:300],
        "owner_id": draft.owner_id,
        "contact_id": draft.contact_id,
        "company_id": draft.company_id,
        "amount": draft.value.amount if draft.value else None,
        "currency": draft.value.currency if draft.value else None,
        "product": draft.product[:200],
        "channel": draft.channel[:200],
        "expected_close": draft.expected_close,
        "next_step": draft.next_step[:300],
        "next_step_on": draft.next_step_on,
        "referred_by_id": draft.referred_by_id,
        "twin_of_id": draft.twin_of_id,
        "pipeline_id": stage.pipeline_id,
        "stage_id": stage.id,
        "entered_stage_at": at,
        "created_at": at,
    }


def lock(session: Session, deal_id: int, *, deleted: bool = False) -> Deal:
    """The deal, held until the transaction ends. Raises NotFound, also for a deleted one unless `deleted`."""
    there = () if deleted else (Deal.deleted_at.is_(None),)
    deal = session.scalar(
        select(Deal).where(Deal.id == deal_id, *there).with_for_update().execution_options(populate_existing=True)
    )
    if deal is None:
        raise NotFound(what="deal", given=deal_id)
    return deal


def standing_in(session: Session, stage_id: int, *, besides: Collection[int] = ()) -> Sequence[Deal]:
    """All deals of a stage, deleted ones too, held in the order of their ids until the transaction ends."""
    return session.scalars(
        select(Deal)
        .where(Deal.stage_id == stage_id, Deal.id.not_in(besides))
        .order_by(Deal.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def put(session: Session, deal: Deal, stage: Stage, *, number: int, at: datetime, lost_reason: str = "") -> None:
    """`number` is the diary's number of this move."""
    place(deal, stage, number=number, at=at, lost_reason=lost_reason)
    session.flush()
    session.expire(deal, ["stage", "pipeline"])


def place(deal: Deal, stage: Stage, *, number: int, at: datetime, lost_reason: str = "") -> None:
    """The same for many deals, which are flushed together."""
    deal.pipeline_id, deal.stage_id = stage.pipeline_id, stage.id
    deal.entered_stage_at = at
    deal.closed_at = None if stage.kind == StageKind.OPEN else at
    deal.lost_reason = lost_reason if stage.kind == StageKind.LOST else ""
    deal.last_move = number
