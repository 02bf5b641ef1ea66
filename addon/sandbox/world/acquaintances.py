"""Writes down whom a rep of the world knows: companies, people with their addresses, what is to be done for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from addon.domain.contacts import addressing, companies
from addon.domain.contacts import operations as contacts
from addon.domain.contacts import queries as known
from addon.domain.errors import NotFound
from addon.domain.fields import stored
from addon.domain.tasks import operations as tasks
from addon.models import Company, Contact, Subject
from addon.sandbox.world.data import Rep, World
from addon.sandbox.world.own_fields import OwnFields

FIRST_DAY = 125
"""Days ago."""


def write_down(session: Session, world: World, rep: Rep, user_id: int, own: OwnFields) -> None:
    """All that the files say is this rep's. `user_id` is theirs."""
    told = [wanted for wanted in world.companies if wanted["owner"] == rep.key]
    firms = [_company(session, world, wanted, user_id).id for wanted in told]
    _fill(session, Subject.COMPANY, firms, told, own)
    told = [wanted for wanted in world.people if wanted["owner"] == rep.key]
    people = [_person(session, world, wanted, user_id).id for wanted in told]
    _fill(session, Subject.CONTACT, people, told, own)


def person(session: Session, email: str) -> Contact:
    """Whom the team knows by this address. Raises NotFound."""
    found = known.by_email(session, email)
    if found is None:
        raise NotFound(what="contact", given=email)
    return found


def _company(session: Session, world: World, wanted: Mapping[str, Any], user_id: int) -> Company:
    at, domain = world.days_ago(FIRST_DAY), wanted.get("domain", "")
    return companies.create(session, wanted["name"], at=at, domain=domain, owner_id=user_id)


def _firm(session: Session, name: str, at: datetime, user_id: int) -> Company:
    """Many people, one company; of some the files say no more than this."""
    found = known.companies_named(session, name)
    return found[0] if found else companies.create(session, name, at=at, owner_id=user_id)


def _fill(
    session: Session, subject: Subject, ids: Sequence[int], told: Sequence[Mapping[str, Any]], own: OwnFields
) -> None:
    """What stands in their own fields, as making them does, at once for all: the demo starts sooner."""
    values = {each: own.typed(subject, wanted["fields"]) for each, wanted in zip(ids, told, strict=True)}
    stored.set_many(session, subject, values)


def _person(session: Session, world: World, wanted: Mapping[str, Any], user_id: int) -> Contact:
    at = world.days_ago(FIRST_DAY)
    contact = contacts.create(
        session,
        wanted["email"],
        name=wanted["name"],
        title=wanted["title"],
        phone=wanted.get("phone", ""),
        locale=wanted["locale"],
        company=_firm(session, wanted["company"], at, user_id),
        owner_id=user_id,
        at=at,
    )
    for other in wanted.get("addresses", ()):
        addressing.add(session, contact.id, other, at=at)
    for task in wanted.get("tasks", ()):
        tasks.create(
            session,
            task["title"],
            at=world.days_ago(max(1, 3 - task["due"])),
            assignee_id=user_id,
            contact_id=contact.id,
            due_on=world.day_in(task["due"]),
        )
    return contact
