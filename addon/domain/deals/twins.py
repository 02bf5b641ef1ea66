"""A won deal goes on as its twin in the after-sales pipeline. What the twin holds is said here; the ladder opens it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from addon.domain.access import WHOLE_TEAM
from addon.domain.deals import operations, queries
from addon.domain.deals.draft import DealDraft
from addon.domain.errors import DomainError
from addon.domain.fields import queries as fields
from addon.domain.fields import stored
from addon.domain.fields.checking import Typed
from addon.domain.fields.keys import FieldSpec, Kind
from addon.domain.money import Money
from addon.models import Activity, Company, Contact, Deal, Pipeline, StageKind, Subject, User


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
    """What the twin of a won deal holds and where it begins: the same people, company and owner, who referred it, what
    it is worth, and what stands in the team's own fields. What was next is done.

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
        values=_carried(session, deal),
    )
    return Plan(draft, line)


def _carried(session: Session, deal: Deal) -> dict[str, Typed]:
    """What stands in fields of all pipelines and could still be chosen or typed there today."""
    specs = [spec for spec in fields.specs(session, Subject.DEAL) if spec.custom]
    held = stored.read_many(session, Subject.DEAL, [deal.id], specs)[deal.id]
    now = {spec.key: _today(session, spec, held[spec.key]) for spec in specs if spec.key in held}
    return {key: value for key, value in now.items() if value is not None}


def _today(session: Session, spec: FieldSpec, value: Typed) -> Typed | None:
    """The value, or what is left of it."""
    live = {option.id for option in spec.choices}
    if isinstance(value, frozenset):
        return value & live or None
    if spec.kind == Kind.SELECT:
        return value if value in live else None
    if spec.kind in _THERE:
        model, there = _THERE[spec.kind]
        found: int | None = session.scalar(select(model.id).where(model.id == value, there))
        return found
    return value


_THERE: Mapping[Kind, tuple[Any, Any]] = {
    Kind.PERSON: (User, User.active),
    Kind.CONTACT: (Contact, Contact.deleted_at.is_(None)),
    Kind.COMPANY: (Company, Company.deleted_at.is_(None)),
}


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
