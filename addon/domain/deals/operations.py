"""Changing what a deal holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from addon.domain.activity import operations as activity
from addon.domain.contacts import queries as contacts
from addon.domain.deals import queries
from addon.domain.errors import DomainError
from addon.domain.money import Money
from addon.domain.teams import queries as teams
from addon.models import Activity, Contact, DealContact

TEXT_FIELDS = {"title": 300, "product": 200, "channel": 200, "next_step": 300}
"""Built-in text fields and how many characters each holds."""


class NoTitle(DomainError):
    code = "deals.no_title"


class BelowNothing(DomainError):
    code = "deals.below_nothing"


def check_value(value: Money | None) -> None:
    """A deal is worth nothing at the least. Raises BelowNothing."""
    if value is not None and value.amount < 0:
        raise BelowNothing


def edit(session: Session, deal_id: int, changes: Mapping[str, Any], *, at: datetime) -> Activity | None:
    """Change built-in fields and note what they were; None where nothing differs.

    Keys: title, product, channel, next_step (texts); next_step_on, expected_close (date or None); value (Money or
    None); owner_id, contact_id, company_id, referred_by_id (ids or None). Raises NotFound, NoTitle, BelowNothing,
    KeyError.
    """
    deal = queries.get(session, deal_id)
    if "title" in changes and not str(changes["title"]).strip():
        raise NoTitle
    check_value(changes.get("value"))
    _check_ids(session, changes)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, value in _columns(changes).items():
        old = getattr(deal, name)
        if old != value:
            before[name], after[name] = _plain(old), _plain(value)
            setattr(deal, name, value)
    if not after:
        return None
    session.flush()
    session.expire(deal, ["owner", "contact", "company"])
    words = {"before": _texts(before), "after": _texts(after)}
    return activity.record(
        session,
        "deal.edited",
        ("deal", deal.id),
        at=at,
        before={name: value for name, value in before.items() if name not in TEXT_FIELDS},
        after={name: value for name, value in after.items() if name not in TEXT_FIELDS},
        texts=words if words["after"] else None,
    )


def add_person(session: Session, deal_id: int, contact: Contact, *, at: datetime) -> None:
    """Give a person a part in a deal; nothing where they have one."""
    deal = queries.get(session, deal_id)
    if any(person.id == contact.id for person in queries.people(session, deal)):
        return
    session.add(DealContact(deal_id=deal.id, contact_id=contact.id, created_at=at))
    session.flush()
    activity.record(session, "deal.person_added", ("deal", deal.id), at=at, after={"contact_id": contact.id})


def delete(session: Session, deal_id: int, *, at: datetime) -> Activity:
    """Take a deal away from every board; its diary stays. Raises NotFound."""
    deal = queries.get(session, deal_id)
    deal.deleted_at = at
    session.flush()
    return activity.record(session, "deal.deleted", ("deal", deal.id), at=at, texts={"title": deal.title})


def _check_ids(session: Session, changes: Mapping[str, Any]) -> None:
    if changes.get("owner_id"):
        teams.get_user(session, changes["owner_id"])
    for name in ("contact_id", "referred_by_id"):
        if changes.get(name):
            contacts.get(session, changes[name])


def _columns(changes: Mapping[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, value in changes.items():
        if name == "value":
            columns["amount"] = value.amount if isinstance(value, Money) else None
            columns["currency"] = value.currency if isinstance(value, Money) else None
        elif name in TEXT_FIELDS:
            columns[name] = str(value).strip()[: TEXT_FIELDS[name]]
        elif name in ("next_step_on", "expected_close", "owner_id", "contact_id", "company_id", "referred_by_id"):
            columns[name] = value
        else:
            raise KeyError(name)
    return columns


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date) else value


def _texts(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in TEXT_FIELDS}
