"""A won deal goes on as its twin in the after-sales pipeline. What the twin holds is said here; the ladder opens it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from addon.domain.access import WHOLE_TEAM
from addon.domain.deals import operations, queries
from addon.domain.deals.draft import DealDraft
from addon.domain.errors import DomainError
from addon.domain.money import Money
from addon.models import Activity, Deal, Pipeline, StageKind


class NotWon(DomainError):
    """Params: title."""

    code = "deals.not_won"


class NoAfterSales(DomainError):
    """The pipeline names no after-sales pipeline that is in use and open to the viewer. Params: pipeline."""

    code = "deals.no_after_sales"


class HasTwin(DomainError):
    """Params: title, twin (its title), deal_id (of the twin)."""

    code = "deals.has_twin"


class HasHiddenTwin(DomainError):
    """It goes on in a deal that the viewer may not see: nothing is said of it. Params: title."""

    code = "deals.has_hidden_twin"


@dataclass(frozen=True)
class Plan:
    draft: DealDraft
    pipeline_id: int


def plan(session: Session, deal_id: int, *, title: str = "") -> Plan:
    """What the twin of a won deal holds and where it begins: the same people, company and owner, who referred it, and
    what it is worth.

    The deal is held, so that two cannot open two. Raises NotFound, NotWon, NoAfterSales, HasTwin, HasHiddenTwin.
    """
    deal = queries.hold(session, deal_id)
    if deal.stage.kind != StageKind.WON:
        raise NotWon(title=deal.title)
    after = deal.pipeline.after_sales_id
    line = session.scalar(select(Pipeline.id).where(Pipeline.id == after, Pipeline.archived_at.is_(None)))
    if line is None:
        raise NoAfterSales(pipeline=deal.pipeline.name)
    twin = next(iter(of(session, deal)), None)
    if twin is not None:
        raise HasTwin(title=deal.title, twin=twin.title, deal_id=twin.id)
    if session.scalar(_of(deal).execution_options(**WHOLE_TEAM)) is not None:
        raise HasHiddenTwin(title=deal.title)
    draft = DealDraft(
        title=title.strip() or deal.title,
        owner_id=deal.owner_id,
        contact_id=deal.contact_id,
        company_id=deal.company_id,
        value=Money(deal.amount, deal.currency) if deal.amount is not None and deal.currency else None,
        product=deal.product,
        channel=deal.channel,
        referred_by_id=deal.referred_by_id,
        twin_of_id=deal.id,
    )
    return Plan(draft, line)


def of(session: Session, deal: Deal) -> list[Deal]:
    """The deals that go on from this one, which the viewer may see, oldest first."""
    return list(session.scalars(select(Deal).where(Deal.id.in_(_of(deal))).order_by(Deal.id)))


def _of(deal: Deal) -> Select[int]:
    return select(Deal.id).where(Deal.twin_of_id == deal.id, Deal.deleted_at.is_(None)).order_by(Deal.id)


def origin(session: Session, deal: Deal) -> Deal | None:
    """The won deal that this one goes on from, where there is one that the viewer may see."""
    return session.scalar(select(Deal).where(Deal.id == deal.twin_of_id, Deal.deleted_at.is_(None)))


def copy_people(session: Session, deal: Deal, twin: Deal, *, at: datetime, cause: Activity | None = None) -> None:
    """Who has a part in the won deal has the same one in its twin."""
    roles = queries.roles(session, deal)
    for person in queries.people(session, deal):
        if person.deleted_at is None and person.id != twin.contact_id:
            operations.add_person(session, twin.id, person, role=roles.get(person.id, ""), at=at, cause=cause)
