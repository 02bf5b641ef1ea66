"""Who has a part in a deal, and as what: added by address or by name, given another role, taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.contacts import addresses
from addon.domain.contacts import operations as contacts
from addon.domain.contacts import queries as known
from addon.domain.deals import operations
from addon.domain.deals import queries as deals
from addon.domain.errors import DomainError, NotFound
from addon.domain.fields.finding import Finding
from addon.domain.fields.keys import Kind
from addon.i18n import Words
from addon.models import Contact, Deal
from addon.web.fields.forms import FieldView, typed
from addon.web.refusals import refusal
from addon.web.seat import Person, person, reading, seat, writing

bp = Blueprint("deal_people", __name__)

ROLE = 100
"""Characters of a role."""


@dataclass(frozen=True, kw_only=True)
class PartView(Person):
    id: int
    url: str
    lines: Sequence[str]
    """Job and company, address."""
    role: str
    main: bool
    """Whom the deal is about: they have no role, and leave by choosing somebody else."""


class Unread(Exception):
    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


def parts(session: Session, deal: Deal) -> list[PartView]:
    roles = deals.roles(session, deal)
    return [_part(each, deal, roles.get(each.id, "")) for each in deals.people(session, deal)]


def adding(say: Words, given: str = "", role: str = "", error: str = "") -> list[FieldView]:
    """The form that adds somebody."""
    who = FieldView(
        name="person",
        label=say("deal.people.who"),
        value=given,
        error=error,
        hint=say("deal.people.who_hint"),
        listing="people",
        limit=320,
        required=True,
    )
    optional = say("web.fields.optional")
    part = FieldView(name="role", label=say("deal.people.role"), value=role, limit=ROLE, optional=optional)
    return [who, replace(part, placeholder=say("deal.people.role_example"))]


@bp.post("/deals/<int:deal_id>/people")
def add(deal_id: int) -> ResponseReturnValue:
    given, role = typed(request.form, "person"), typed(request.form, "role")
    say = seat().words
    try:
        with writing() as session:
            deals.hold(session, deal_id)
            who = _found(session, given)
            added = operations.add_person(session, deal_id, who, role=role, at=clock.now())
            if added is None:
                raise Unread(say("deal.people.there_already", who=who.name))
    except NotFound:
        raise
    except (Unread, DomainError) as error:
        wrong = error.error if isinstance(error, Unread) else _refusal(error)
        with reading() as session:
            title = deals.get(session, deal_id).title
            form = adding(say, given, role, wrong)
            return render_template("web/deal_person.html", deal_id=deal_id, title=title, form=form), 422
    return _back(deal_id)


@bp.post("/deals/<int:deal_id>/people/<int:contact_id>/role")
def change_role(deal_id: int, contact_id: int) -> ResponseReturnValue:
    with writing() as session:
        operations.change_role(session, deal_id, contact_id, typed(request.form, "role"), at=clock.now())
    return _back(deal_id)


@bp.post("/deals/<int:deal_id>/people/<int:contact_id>/remove")
def remove(deal_id: int, contact_id: int) -> ResponseReturnValue:
    """The person stays known; they have no part in the deal any more."""
    with writing() as session:
        deal = deals.hold(session, deal_id)
        if deal.contact_id == contact_id:
            operations.edit(session, deal_id, {"contact": None}, at=clock.now())
        else:
            operations.remove_person(session, deal_id, contact_id, at=clock.now())
    return _back(deal_id)


def _found(session: Session, given: str) -> Contact:
    """Somebody we know by address or name; a new address is a new person."""
    say = seat().words
    if not given:
        raise Unread(say("deal.people.nobody_typed"))
    ids = Finding(session).find(Kind.CONTACT, given)
    if len(ids) == 1:
        return known.get(session, ids[0])
    if len(ids) > 1:
        raise Unread(say("deal.people.several", given=given))
    if addresses.clean(given) is None:
        raise Unread(say("deal.people.nobody", given=given))
    return contacts.create(session, given, at=clock.now())


def _refusal(error: DomainError) -> str:
    if "field" in error.params:
        error.params["field"] = seat().words("deal.people.role")
    return refusal(seat().words, error)


def _part(contact: Contact, deal: Deal, role: str) -> PartView:
    who = person(contact.name, contact.id)
    work = [contact.title, contact.company.name if contact.company else ""]
    lines = [" · ".join(each for each in work if each), *(address.email for address in contact.addresses)]
    return PartView(
        name=who.name,
        initials=who.initials,
        tone=who.tone,
        id=contact.id,
        url=f"/people/{contact.id}",
        lines=[each for each in lines if each],
        role=role,
        main=contact.id == deal.contact_id,
    )


def _back(deal_id: int) -> ResponseReturnValue:
    return redirect(url_for("web.deals.page", deal_id=deal_id, _anchor="people"))
