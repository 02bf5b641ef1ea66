"""A person's page as words: who it is, where to reach them, their deals, mail and tasks, what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from addon.domain.activity import queries as activity
from addon.domain.contacts import queries as contacts
from addon.domain.deals import queries as deals
from addon.domain.tasks import queries as tasks
from addon.i18n import Words
from addon.models import Contact, Subject
from addon.web.boards import moved_view
from addon.web.boards.moved_view import MovedView
from addon.web.diary.acts import Teller
from addon.web.diary.diary_view import DayView, diary
from addon.web.people import contact_facts, contact_form
from addon.web.people.company_deals import DealLine, lines
from addon.web.people.contact_addresses_view import AddressView, addresses_of
from addon.web.people.contact_facts import LinkedFact
from addon.web.people.contact_threads import PersonThread, threads_of
from addon.web.seat import Person, person
from addon.web.tasks import task_view
from addon.web.tasks.task_view import TaskView

SHOWN = 30
"""Entries of the diary before "Show older"."""
MOST = 10_000
SAID_ABOVE = frozenset({"name"})
"""Fields that stand in the heading."""


@dataclass(frozen=True, kw_only=True)
class PersonView:
    id: int
    person: Person
    name: str
    lead: str
    company_url: str
    company: str
    moved: MovedView | None
    addresses: Sequence[AddressView]
    facts: Sequence[LinkedFact]
    deals: Sequence[DealLine]
    threads: Sequence[PersonThread]
    tasks: Sequence[TaskView]
    days: Sequence[DayView]
    older: int


def person_view(
    session: Session, contact_id: int, say: Words, *, reader_id: int, now: datetime, whole: bool, done: int = 0
) -> PersonView:
    """Raises NotFound. `whole` shows the diary from its first entry on; `done` is the act that the first line tells."""
    who = contacts.get(session, contact_id)
    teller, back = Teller(session, say, reader_id, now), url_for("web.people.page", contact_id=who.id)
    specs = [spec for spec in contact_form.typed_fields(session, Subject.CONTACT) if spec.key not in SAID_ABOVE]
    entries = activity.of_subject(session, "contact", who.id, newest=MOST)
    shown = entries if whole else entries[:SHOWN]
    found = deals.of_contact(session, who.id)
    held = addresses_of(session, who.id, say, now=now)
    company = who.company if who.company is not None and who.company.deleted_at is None else None
    return PersonView(
        id=who.id,
        person=person(who.name or (held[0].email if held else ""), who.id),
        name=who.name or (held[0].email if held else say("people.nameless")),
        lead=who.title,
        company=company.name if company else "",
        company_url=url_for("web.companies.page", company_id=company.id) if company else "",
        moved=moved_view.after_act(session, done, teller, back=back) if done else None,
        addresses=held,
        facts=_facts(session, who, specs, say, now),
        deals=lines(session, found, say, now=now),
        threads=threads_of(session, who, found, say, reader_id=reader_id, now=now),
        tasks=[task_view.task_view(task, say, now=now) for task in tasks.of_contact(session, who.id)],
        days=diary(session, shown, teller, back=back),
        older=len(entries) - len(shown),
    )


def _facts(session: Session, who: Contact, specs: Sequence[Any], say: Words, now: datetime) -> list[LinkedFact]:
    told = contact_facts.facts(session, specs, contact_form.standing(session, who, specs), say, now=now)
    made = LinkedFact(label=say("fields.contact.created"), value=say.day(who.created_at, today=say.today(now)))
    return [*told, made]
