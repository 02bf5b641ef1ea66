"""The form of a deal: built-in fields and the pipeline's own, read with an error at each field that needs a look."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from addon.domain.contacts import addresses
from addon.domain.deals import queries as deals
from addon.domain.deals.limits import check_title
from addon.domain.errors import DomainError, NotFound
from addon.domain.fields import finding
from addon.domain.fields import queries as fields
from addon.domain.fields import values as written
from addon.domain.fields.builtin import VALUE, builtin
from addon.domain.fields.checking import check
from addon.domain.fields.keys import FieldSpec
from addon.domain.fields.refusals import NotAnAmount, Refused
from addon.domain.money import Money, NotACurrency
from addon.domain.teams import queries as teams
from addon.i18n import Words
from addon.models import Deal, StageKind, Subject
from addon.web.deals import deal_facts
from addon.web.diary.deal_race import WAS
from addon.web.fields import field_inputs
from addon.web.fields.field_words import label
from addon.web.fields.forms import FieldView, Form, NotADay, read_day, shown, typed
from addon.web.refusals import refusal

CURRENCIES = ("EUR", "PLN", "IDR", "USD", "GBP", "CHF", "CZK", "SEK", "DKK", "NOK", "HUF", "RON")
DATES = ("next_step_on", "expected_close")
TEXTS = ("title", "product", "channel", "next_step")

CONTROL: Mapping[str, str] = {"value": "amount", "owner": "owner_id"}
"""Controls that are not called by their field's key."""

_POINTING = ("contact", "referred_by", "lost_reason")
"""Built-in fields whose controls are made as those of custom ones."""


@dataclass(frozen=True)
class ReadDeal:
    """What was typed, as far as it could be understood; `errors` by field."""

    values: Mapping[str, Any]
    """title, product, channel, next_step, next_step_on, expected_close, value, owner_id, and the others by key."""
    company: str
    person: str
    email: str
    errors: Mapping[str, str]


def own_specs(session: Session, pipeline_id: int, deal: Deal | None = None) -> list[FieldSpec]:
    """The fields beside the fixed ones: who referred it, and whatever the team and the pipeline have."""
    specs = fields.specs(session, Subject.DEAL, pipeline_id)
    lost = deal is not None and (deal.stage.kind == StageKind.LOST or bool(deal.lost_reason))
    wanted = {"referred_by"} if deal is None else {"contact", "referred_by", *(["lost_reason"] if lost else [])}
    return [spec for spec in specs if spec.custom or (spec.key in _POINTING and spec.key in wanted)]


def needed(session: Session, keys: Iterable[str]) -> set[str]:
    """Names of the controls that must be filled: keys of fields that are there."""
    return {CONTROL.get(key, key) for key in fields.by_key(session, Subject.DEAL, list(keys))}


def of_deal(session: Session, deal: Deal, specs: Collection[FieldSpec]) -> dict[str, str]:
    """A deal as the form holds it; an empty field is there, empty."""
    value = deals.value(deal)
    amount = f"{value.amount:f}".removesuffix(".00") if value else ""
    held = field_inputs.given(session, specs, deal_facts.standing(session, deal, list(specs)))
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
        **{spec.key: held.get(spec.key, "") for spec in specs},
    }


def sent(form: MultiDict[str, str], specs: Iterable[FieldSpec]) -> dict[str, str]:
    """What was sent, each field as one text. A box that was shown and is not sent was emptied."""
    flat = {name: form[name] for name in form}
    for spec in specs:
        if spec.key in form or WAS + spec.key in form:
            flat[spec.key] = field_inputs.typed(form, spec)
    return flat


def form(
    session: Session,
    given: Mapping[str, str],
    say: Words,
    *,
    new: bool,
    specs: Collection[FieldSpec] = (),
    must: Collection[str] = (),
) -> Form:
    """All fields with what is in them; a new deal may name its person. `must`: controls that a stage asks for."""
    optional = say("web.fields.optional")
    people = _owners(session, given)
    currency = given.get("currency", "")
    choices = CURRENCIES if currency in CURRENCIES or not currency else (currency, *CURRENCIES)

    def field(name: str, **more: Any) -> FieldView:
        required = more.pop("required", False) or name in must
        more.setdefault("optional", "" if required or more.get("kind") == "select" else optional)
        label = say(f"web.fields.{name}")
        return FieldView(name=name, label=label, value=given.get(name, ""), required=required, **more)

    made = [
        field("title", required=True, limit=_limit("title"), placeholder=say("web.fields.title_example")),
        field("company", limit=300, listing="companies"),
        field("amount", mode="decimal", limit=40),
        field("currency", kind="select", choices=[(code, code) for code in choices]),
        field("owner_id", kind="select", choices=people),
        field("next_step", limit=_limit("next_step"), placeholder=say("web.fields.next_step_example")),
        field("next_step_on", kind="date"),
        field("expected_close", kind="date"),
        field("product", limit=_limit("product")),
        field("channel", limit=_limit("channel")),
    ]
    person = [field("person", limit=300), field("email", kind="email", limit=320)] if new else []
    if new and "contact" in must:
        person = [replace(each, required=True, optional="") for each in person]
    own = field_inputs.controls(session, list(specs), given, say, needed=must)
    return [*made[:2], *person, *made[2:], *own]


def read(
    session: Session,
    given: Mapping[str, str],
    say: Words,
    *,
    specs: Collection[FieldSpec] = (),
    form: MultiDict[str, str] | None = None,
) -> ReadDeal:
    """Understand what was typed. `values` has a deal's own fields by key, `form` as it was sent."""
    errors: dict[str, str] = {}
    values: dict[str, Any] = {name: _text(given, name, say, errors, builtin(Subject.DEAL, name)) for name in TEXTS}
    for name in DATES:
        values[name] = _day(given, name, say, errors)
    values["value"] = _value(session, given, say, errors)
    values["owner_id"] = _owner(session, given, say, errors)
    company = _text(given, "company", say, errors, builtin(Subject.COMPANY, "name"))
    person = _text(given, "person", say, errors, builtin(Subject.CONTACT, "name"))
    email = typed(given, "email")
    if email and addresses.clean(email) is None:
        errors["email"] = say("web.fields.not_an_address", given=email)
    if person and not email:
        errors["email"] = say("web.fields.address_missing")
    currency = given.get("currency", "")
    own = field_inputs.read(session, specs, form, say, currency=currency) if form is not None else None
    if own is not None:
        values |= own.values
        errors |= own.errors
    return ReadDeal(values, company, person, email, errors)


def refused_at(error: DomainError, specs: Collection[FieldSpec], say: Words) -> dict[str, str]:
    """At which controls to say what the domain refused; nothing where it is about no field."""
    named = {spec.key: spec for spec in specs}
    if error.code == "ladder.fields_missing":
        keys = [field["key"] for field in error.params["fields"]]
        return {CONTROL.get(key, key): say("deal.still_empty", stage=error.params["stage"]) for key in keys}
    key = error.params.get("key", "")
    if not key:
        return {}
    spec = named.get(key) or builtin(Subject.DEAL, key)
    if spec is not None:
        error.params["field"] = spec.name or say(f"fields.deal.{key}")
    return {CONTROL.get(key, key): refusal(say, error)}


def _limit(key: str) -> int | None:
    spec = builtin(Subject.DEAL, key)
    return spec.longest if spec else None


def _text(given: Mapping[str, str], name: str, say: Words, errors: dict[str, str], spec: FieldSpec | None) -> str:
    """Never cut: what is too long is refused, and stays in its field. `spec` is the field that it will stand in."""
    text = typed(given, name)
    try:
        if name == "title":
            check_title(text)
        return str(check(spec, text) or "") if spec is not None and text else text
    except DomainError as error:
        if name == "title" and not text:
            errors[name] = say("web.fields.title_missing")
        else:
            error.params["field"] = say(f"web.fields.{name}")
            errors[name] = refusal(say, error)
    return text


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


def _day(given: Mapping[str, str], name: str, say: Words, errors: dict[str, str]) -> date | None:
    try:
        return read_day(typed(given, name))
    except NotADay:
        errors[name] = say("web.fields.not_a_day", given=typed(given, name))
        return None


def _value(session: Session, given: Mapping[str, str], say: Words, errors: dict[str, str]) -> Money | None:
    amount, currency = typed(given, "amount"), typed(given, "currency")
    if not amount:
        return None
    try:
        Money(Decimal(0), currency)
        value = written.amount_in(VALUE, amount, finding.reading(session, currency=currency))
    except NotACurrency:
        errors["currency"] = say("web.fields.not_a_currency")
        return None
    except NotAnAmount:
        errors["amount"] = say("web.fields.not_an_amount", given=amount)
        return None
    except Refused as error:
        error.params["field"] = label(VALUE, say)
        errors["amount"] = refusal(say, error)
        return None
    if value is not None and value.amount < 0:
        errors["amount"] = say("web.fields.below_nothing")
    return value


def _owner(session: Session, given: Mapping[str, str], say: Words, errors: dict[str, str]) -> int | None:
    chosen = typed(given, "owner_id")
    if chosen not in {str(user.id) for user in teams.people(session)}:
        errors["owner_id"] = say("web.fields.not_an_owner")
        return None
    return int(chosen)
