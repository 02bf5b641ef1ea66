"""The form of a deal: built-in fields, read with an error at each field that needs a look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from addon.domain.contacts import addresses
from addon.domain.contacts import queries as contacts
from addon.domain.deals import queries as deals
from addon.domain.errors import DomainError, NotFound
from addon.domain.money import Money, NotAnAmount, parse
from addon.domain.teams import queries as teams
from addon.i18n import Words
from addon.models import Deal
from addon.web.fields import FieldView, Form, NotADay, read_day, shown, typed

CURRENCIES = ("EUR", "PLN", "IDR", "USD", "GBP", "CHF", "CZK", "SEK", "DKK", "NOK", "HUF", "RON")
DATES = ("next_step_on", "expected_close")


@dataclass(frozen=True)
class ReadDeal:
    """What was typed, as far as it could be understood; `errors` by field."""

    values: Mapping[str, Any]
    """title, product, channel, next_step, next_step_on, expected_close, value, owner_id."""
    company: str
    person: str
    email: str
    errors: Mapping[str, str]


def of_deal(deal: Deal) -> dict[str, str]:
    """A deal as the form holds it."""
    value = deals.value(deal)
    amount = f"{value.amount:f}".removesuffix(".00") if value else ""
    return {
        "title": deal.title,
        "company": deal.company.name if deal.company else "",
        "amount": amount,
        "currency": value.currency if value else deal.pipeline.currency,
        "owner_id": shown(deal.owner_id),
        "product": deal.product,
        "channel": deal.channel,
        "expected_close": shown(deal.expected_close),
        "next_step": deal.next_step,
        "next_step_on": shown(deal.next_step_on),
    }


def form(session: Session, given: Mapping[str, str], say: Words, *, new: bool) -> Form:
    """All fields with what is in them; a new deal may name its person."""
    optional = say("web.fields.optional")
    people = _owners(session, given)
    currency = given.get("currency", "")
    choices = CURRENCIES if currency in CURRENCIES or not currency else (currency, *CURRENCIES)

    def field(name: str, **more: Any) -> FieldView:
        more.setdefault("optional", "" if more.get("required") or more.get("kind") == "select" else optional)
        return FieldView(name=name, label=say(f"web.fields.{name}"), value=given.get(name, ""), **more)

    fields = [
        field("title", required=True, limit=300, placeholder=say("web.fields.title_example")),
        field("company", limit=300, listing="companies"),
        field("amount", mode="decimal", limit=40),
        field("currency", kind="select", choices=[(code, code) for code in choices]),
        field("owner_id", kind="select", choices=people),
        field("next_step", limit=300, placeholder=say("web.fields.next_step_example")),
        field("next_step_on", kind="date"),
        field("expected_close", kind="date"),
        field("product", limit=200),
        field("channel", limit=200),
    ]
    person = [field("person", limit=300), field("email", kind="email", limit=320)] if new else []
    return [*fields[:2], *person, *fields[2:]]


def read(session: Session, given: Mapping[str, str], say: Words) -> ReadDeal:
    """Understand what was typed."""
    errors: dict[str, str] = {}
    values: dict[str, Any] = {name: typed(given, name, 300) for name in ("title", "product", "channel", "next_step")}
    if not values["title"]:
        errors["title"] = say("web.fields.title_missing")
    for name in DATES:
        values[name] = _day(given, name, say, errors)
    values["value"] = _value(given, say, errors)
    values["owner_id"] = _owner(session, given, say, errors)
    email, person = typed(given, "email", 320), typed(given, "person", 300)
    if email and addresses.clean(email) is None:
        errors["email"] = say("web.fields.not_an_address", given=email)
    if person and not email:
        errors["email"] = say("web.fields.address_missing")
    return ReadDeal(values, typed(given, "company", 300), person, email, errors)


def _owners(session: Session, given: Mapping[str, str]) -> list[tuple[str, str]]:
    """Everybody who may own it, and who owns it now though they left: a form changes nobody by being opened."""
    people = [(str(user.id), user.name) for user in teams.people(session)]
    owner_id = given.get("owner_id", "")
    if owner_id.isdecimal() and owner_id not in dict(people):
        try:
            people.append((owner_id, teams.get_user(session, int(owner_id)).name))
        except NotFound:
            return people
    return people


def known_companies(session: Session) -> list[str]:
    """Names of companies for the list of suggestions."""
    names = {each.company.name for each in contacts.everybody(session) if each.company is not None}
    return sorted(names, key=str.casefold)


def _day(given: Mapping[str, str], name: str, say: Words, errors: dict[str, str]) -> date | None:
    try:
        return read_day(typed(given, name))
    except NotADay:
        errors[name] = say("web.fields.not_a_day", given=typed(given, name))
        return None


def _value(given: Mapping[str, str], say: Words, errors: dict[str, str]) -> Money | None:
    amount = typed(given, "amount")
    if not amount:
        return None
    try:
        value = Money(parse(amount, typed(given, "currency")), typed(given, "currency"))
    except NotAnAmount:
        errors["amount"] = say("web.fields.not_an_amount", given=amount)
        return None
    except DomainError:
        errors["currency"] = say("web.fields.not_a_currency")
        return None
    if value.amount < 0:
        errors["amount"] = say("web.fields.below_nothing")
    return value


def _owner(session: Session, given: Mapping[str, str], say: Words, errors: dict[str, str]) -> int | None:
    chosen = typed(given, "owner_id")
    if chosen not in {str(user.id) for user in teams.people(session)}:
        errors["owner_id"] = say("web.fields.not_an_owner")
        return None
    return int(chosen)
