"""A company's page as words: what is known of it, its people and deals, what they add up to, what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from addon.domain.activity import queries as activity
from addon.domain.contacts import queries as contacts
from addon.domain.views import table
from addon.domain.views.asking import Ask, standard
from addon.domain.views.filters import Condition, Group
from addon.i18n import Words
from addon.models import Company, Contact, Shape, Subject
from addon.web.boards import moved_view
from addon.web.boards.moved_view import MovedView
from addon.web.diary.acts import Teller
from addon.web.diary.diary_view import DayView, diary
from addon.web.people import contact_facts, contact_form
from addon.web.people.company_deals import CompanyDeals, of_company
from addon.web.people.contact_facts import LinkedFact
from addon.web.people.contact_view import MOST, SAID_ABOVE, SHOWN
from addon.web.seat import Person, person
from addon.web.views.asked import Asked


@dataclass(frozen=True, kw_only=True)
class ColleagueView(Person):
    id: int
    lines: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class CompanyView:
    id: int
    name: str
    moved: MovedView | None
    facts: Sequence[LinkedFact]
    people: Sequence[ColleagueView]
    people_total: int
    people_url: str
    """Its people as a table, where there are more than these."""
    deals: CompanyDeals
    days: Sequence[DayView]
    older: int


def company_view(
    session: Session, company_id: int, say: Words, *, reader_id: int, now: datetime, whole: bool, done: int = 0
) -> CompanyView:
    """Raises NotFound. As for a person's page."""
    firm = contacts.get_company(session, company_id)
    teller, back = Teller(session, say, reader_id, now), url_for("web.companies.page", company_id=firm.id)
    entries = activity.of_subject(session, "company", firm.id, newest=MOST)
    shown = entries if whole else entries[:SHOWN]
    ask = Ask(
        subject=Subject.CONTACT,
        shape=Shape.TABLE,
        filter=Group(False, (Condition("company", "any_of", (firm.id,)),)),
        sort=(("name", "asc"),),
    )
    page = table.page(session, ask, at=now)
    listed = [row.row for row in page.rows if isinstance(row.row, Contact)]
    more = Asked(ask, standard(Subject.CONTACT, shape=Shape.TABLE), "/people").here
    return CompanyView(
        id=firm.id,
        name=firm.name,
        moved=moved_view.after_act(session, done, teller, back=back) if done else None,
        facts=_facts(session, firm, say, now),
        people=[_colleague(each) for each in listed],
        people_total=page.total,
        people_url=more if page.total > len(listed) else "",
        deals=of_company(session, firm.id, say, now=now),
        days=diary(session, shown, teller, back=back),
        older=len(entries) - len(shown),
    )


def _facts(session: Session, firm: Company, say: Words, now: datetime) -> list[LinkedFact]:
    specs = [spec for spec in contact_form.typed_fields(session, Subject.COMPANY) if spec.key not in SAID_ABOVE]
    told = contact_facts.facts(session, specs, contact_form.standing(session, firm, specs), say, now=now)
    noted = [
        replace(each, note=say("people.domain_note")) if spec.key == "domain" and not each.missing else each
        for spec, each in zip(specs, told, strict=True)
    ]
    made = LinkedFact(label=say("fields.company.created"), value=say.day(firm.created_at, today=say.today(now)))
    return [*noted, made]


def _colleague(who: Contact) -> ColleagueView:
    email = who.addresses[0].email if who.addresses else ""
    drawn = person(who.name or email, who.id)
    told = [who.title, email if who.name else ""]
    return ColleagueView(
        name=drawn.name, initials=drawn.initials, tone=drawn.tone, id=who.id, lines=[each for each in told if each]
    )
