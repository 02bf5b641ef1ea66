"""Ticking off what a stage's checklist asks for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.activity import operations as activity
from addon.domain.deals import queries
from addon.domain.errors import DomainError
from addon.models import Activity, ChecklistTick, Deal, Stage


class NoSuchItem(DomainError):
    """The stage's checklist has no such item, or no longer."""

    code = "deals.no_such_item"


def ticked(session: Session, deal_id: int) -> set[tuple[int, str]]:
    """What was done for a deal: (stage id, id of the item)."""
    rows = session.execute(
        select(ChecklistTick.stage_id, ChecklistTick.item).where(ChecklistTick.deal_id == deal_id)
    ).all()
    return {(stage_id, item) for stage_id, item in rows}


def tick(
    session: Session,
    deal_id: int,
    stage_id: int,
    item: str,
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """It is done; None where it was. Raises NotFound, NoSuchItem."""
    deal = queries.hold(session, deal_id)
    text = _text(session, deal, stage_id, item)
    if text is None:
        raise NoSuchItem
    if _find(session, deal_id, stage_id, item) is not None:
        return None
    who = viewer_of(session).user_id or deal.owner_id
    session.add(ChecklistTick(deal_id=deal.id, stage_id=stage_id, item=item, user_id=who, created_at=at))
    session.flush()
    return _note(session, "deal.ticked", deal, stage_id, item, text, at=at, cause=cause, undoes=undoes)


def untick(
    session: Session,
    deal_id: int,
    stage_id: int,
    item: str,
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """It is not done after all; None where it was not. Raises NotFound."""
    deal = queries.hold(session, deal_id)
    row = _find(session, deal_id, stage_id, item)
    if row is None:
        return None
    session.delete(row)
    session.flush()
    text = _text(session, deal, stage_id, item) or ""
    return _note(session, "deal.unticked", deal, stage_id, item, text, at=at, cause=cause, undoes=undoes)


def _text(session: Session, deal: Deal, stage_id: int, item: str) -> str | None:
    """What the item says now; None where the deal's pipeline has no such stage or item."""
    stage = session.scalar(select(Stage).where(Stage.id == stage_id, Stage.pipeline_id == deal.pipeline_id))
    if stage is None:
        return None
    return next((str(each.get("text", "")) for each in stage.now.checklist if each.get("id") == item), None)


def _find(session: Session, deal_id: int, stage_id: int, item: str) -> ChecklistTick | None:
    return session.scalar(
        select(ChecklistTick).where(
            ChecklistTick.deal_id == deal_id, ChecklistTick.stage_id == stage_id, ChecklistTick.item == item
        )
    )


def _note(
    session: Session,
    kind: str,
    deal: Deal,
    stage_id: int,
    item: str,
    text: str,
    *,
    at: datetime,
    cause: Activity | None,
    undoes: Activity | None,
) -> Activity:
    return activity.record(
        session,
        kind,
        ("deal", deal.id),
        at=at,
        after={"stage_id": stage_id, "item": item},
        texts={"text": text},
        cause=cause,
        undoes=undoes,
    )
