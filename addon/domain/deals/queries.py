"""Finding deals."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, joinedload

from addon.domain.errors import NotFound
from addon.domain.money import Money
from addon.models import Contact, Deal, DealContact, Pipeline, Stage, StageKind


def get(session: Session, deal_id: int) -> Deal:
    """Raises NotFound, also for a deleted deal or another team's."""
    deal = session.scalar(select(Deal).where(Deal.id == deal_id, Deal.deleted_at.is_(None)))
    if deal is None:
        raise NotFound(what="deal", given=deal_id)
    return deal


def hold(session: Session, deal_id: int, *, deleted: bool = False) -> Deal:
    """The deal as it stands now, held until the transaction ends. Raises NotFound, for a deleted one too."""
    query = select(Deal).where(Deal.id == deal_id).with_for_update()
    deal = session.scalar(query.execution_options(populate_existing=True))
    if deal is None or (deal.deleted_at is not None and not deleted):
        raise NotFound(what="deal", given=deal_id)
    return deal


def roles(session: Session, deal: Deal) -> dict[int, str]:
    """What the others' parts in a deal are, by contact id; not of the person it is about."""
    rows = session.execute(select(DealContact.contact_id, DealContact.role).where(DealContact.deal_id == deal.id))
    return {contact_id: role for contact_id, role in rows}


def on_board(session: Session, pipeline_id: int) -> Sequence[Deal]:
    """All deals of a pipeline with what a card shows, longest in their stage first."""
    return session.scalars(
        select(Deal)
        .where(Deal.pipeline_id == pipeline_id, Deal.deleted_at.is_(None))
        .order_by(Deal.entered_stage_at, Deal.id)
        .options(joinedload(Deal.owner), joinedload(Deal.company), joinedload(Deal.contact))
    ).all()


def of_contact(session: Session, contact_id: int, *, only_open: bool = False) -> Sequence[Deal]:
    """Deals in which a person has a part, newest first."""
    part = exists().where(DealContact.deal_id == Deal.id, DealContact.contact_id == contact_id)
    query = (
        select(Deal)
        .join(Stage, Stage.id == Deal.stage_id)
        .join(Pipeline, Pipeline.id == Deal.pipeline_id)
        .where(or_(Deal.contact_id == contact_id, part), Deal.deleted_at.is_(None), Pipeline.archived_at.is_(None))
        .order_by(Deal.id.desc())
    )
    if only_open:
        query = query.where(Stage.kind == StageKind.OPEN)
    return session.scalars(query).all()


def people(session: Session, deal: Deal) -> Sequence[Contact]:
    """The person the deal is about first, then the others."""
    others = session.scalars(
        select(Contact)
        .join(DealContact, DealContact.contact_id == Contact.id)
        .where(DealContact.deal_id == deal.id, Contact.deleted_at.is_(None))
        .order_by(DealContact.id)
    ).all()
    main = session.scalar(select(Contact).where(Contact.id == deal.contact_id)) if deal.contact_id else None
    return [*([main] if main else []), *(person for person in others if person.id != deal.contact_id)]


def value(deal: Deal) -> Money | None:
    """Its amount with its currency."""
    return Money(deal.amount, deal.currency) if deal.amount is not None and deal.currency else None
