"""Controls for built-in and custom fields: what stands in them, and what a person typed into them.

A control is called by its field's key. Whatever `given` shows is what `read` reads back, so that a form that is opened
and sent changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from addon.domain.contacts import queries as contacts
from addon.domain.errors import DomainError, NotFound
from addon.domain.fields import finding, values
from addon.domain.fields.checking import Typed, check
from addon.domain.fields.keys import OPTIONS, FieldSpec, Kind
from addon.domain.fields.values import Reading
from addon.domain.money import Money
from addon.domain.pipelines import queries as pipelines
from addon.domain.teams import queries as teams
from addon.domain.views import naming
from addon.i18n import Words
from addon.web.fields.field_words import label
from addon.web.fields.forms import FieldView
from addon.web.refusals import refusal

CONTROLS: Mapping[Kind, Mapping[str, Any]] = {
    Kind.LONG_TEXT: {"kind": "area", "rows": 4},
    Kind.NUMBER: {"mode": "decimal"},
    Kind.MONEY: {"mode": "decimal"},
    Kind.DATE: {"kind": "date"},
    Kind.LINK: {"mode": "url"},
    Kind.PHONE: {"kind": "tel"},
    Kind.CHECKBOX: {"kind": "check"},
    Kind.MULTI_SELECT: {"kind": "checks"},
    Kind.SELECT: {"kind": "select"},
    Kind.PERSON: {"kind": "select"},
    Kind.STAGE: {"kind": "select"},
    Kind.PIPELINE: {"kind": "select"},
    Kind.COMPANY: {"listing": "companies"},
    Kind.CONTACT: {"listing": "people"},
}
"""By kind; `companies` and `people` are lists of suggestions that the page has."""

_CHOSEN = frozenset({*OPTIONS, Kind.PERSON, Kind.STAGE, Kind.PIPELINE})
"""What is chosen from a list, not typed."""
_TOKENS = re.compile(r"#[1-9]\d{0,9}(;#[1-9]\d{0,9})*", re.ASCII)


@dataclass(frozen=True)
class Posted:
    """Typed values by key, of the fields that could be read, and an error for each that could not."""

    values: Mapping[str, Typed | None]
    errors: Mapping[str, str]


def given(session: Session, specs: Iterable[FieldSpec], standing: Mapping[str, Typed]) -> dict[str, str]:
    """What the controls show of what stands in the fields."""
    named = [(spec, standing[spec.key]) for spec in specs if standing.get(spec.key) is not None]
    called = _called(session, named) if any(spec.kind in (Kind.COMPANY, Kind.CONTACT) for spec, _ in named) else {}
    return {spec.key: called.get((spec.kind, value)) or _written(spec, value) for spec, value in named}


def controls(
    session: Session, specs: Sequence[FieldSpec], given: Mapping[str, str], say: Words, *, needed: Iterable[str] = ()
) -> list[FieldView]:
    """A control for each field, with what is in it. `needed`: keys that must be filled here."""
    must, optional = set(needed), say("web.fields.optional")
    made = []
    for spec in specs:
        required = spec.required or spec.key in must
        more: dict[str, Any] = dict(CONTROLS.get(spec.kind, {}))
        if more.get("kind") in ("select", "checks"):
            more["choices"] = _choices(session, spec, given.get(spec.key, ""), say)
        made.append(
            FieldView(
                name=spec.key,
                label=label(spec, say),
                value=given.get(spec.key, ""),
                required=required and spec.kind != Kind.MULTI_SELECT,
                optional="" if required or more.get("kind") in ("select", "check", "checks") else optional,
                limit=spec.longest or None,
                hint=spec.help,
                **more,
            )
        )
    return made


def typed(form: MultiDict[str, str], spec: FieldSpec) -> str:
    """What was typed into a field's control, as `given` would show it."""
    if spec.kind == Kind.CHECKBOX:
        return "yes" if form.get(spec.key) else ""
    if spec.kind == Kind.MULTI_SELECT:
        return ";".join(sorted({one for one in form.getlist(spec.key) if one}, key=lambda one: (len(one), one)))
    return form.get(spec.key, "").replace("\r\n", "\n").strip()


def read(
    session: Session,
    specs: Iterable[FieldSpec],
    form: MultiDict[str, str],
    say: Words,
    *,
    currency: str = "",
    pipeline_id: int | None = None,
) -> Posted:
    """Understand what was typed into these fields' controls."""
    reading = finding.reading(session, currency=currency, pipeline_id=pipeline_id)
    found: dict[str, Typed | None] = {}
    errors: dict[str, str] = {}
    for spec in specs:
        try:
            found[spec.key] = _read(spec, typed(form, spec), reading)
        except DomainError as error:
            error.params["field"] = label(spec, say)
            errors[spec.key] = refusal(say, error)
    return Posted(found, errors)


def _read(spec: FieldSpec, text: str, reading: Reading) -> Typed | None:
    """What a list sends is an id, even where some option is called `#3`."""
    if spec.kind in _CHOSEN and _TOKENS.fullmatch(text):
        ids = frozenset(int(token[1:]) for token in text.split(";"))
        if spec.kind == Kind.MULTI_SELECT:
            return check(spec, ids)
        if len(ids) == 1:
            return check(spec, *ids)
    return values.read(spec, text, reading)


def _written(spec: FieldSpec, value: Typed) -> str:
    if isinstance(value, Money):
        return f"{value.currency} {value.amount:f}".removesuffix(".00")
    if isinstance(value, Decimal):
        whole = value.normalize()
        places = -int(whole.as_tuple().exponent)
        return f"{whole:.4f}" if places == 3 else f"{whole:f}"  # three digits would be read as thousands
    return values.token(spec, value)


def _called(session: Session, named: Sequence[tuple[FieldSpec, Typed]]) -> dict[tuple[Kind, Typed], str]:
    """How persons and companies are typed: a person by address, a company by name.

    Only where that means nobody else: who is called like another, or was deleted, is `#12`.
    """
    people = [value for spec, value in named if spec.kind == Kind.CONTACT and isinstance(value, int)]
    pointed = {
        (spec.kind, value)
        for spec, value in named
        if spec.kind in (Kind.COMPANY, Kind.CONTACT) and isinstance(value, int)
    }
    found = naming.names(session, pointed)
    names: dict[tuple[Kind, Typed], str] = {(kind, number): name for (kind, number), name in found.items()}
    for contact_id, held in contacts.with_addresses(session, people).items():
        if held and (Kind.CONTACT, contact_id) in names:
            names[Kind.CONTACT, contact_id] = held[0].email
    reading = finding.reading(session)
    return {
        (spec.kind, value): names[spec.kind, value]
        for spec, value in named
        if (spec.kind, value) in names and _means(spec, names[spec.kind, value], reading) == value
    }


def _means(spec: FieldSpec, text: str, reading: Reading) -> Typed | None:
    try:
        return values.read(spec, text, reading)
    except DomainError:
        return None


def _choices(session: Session, spec: FieldSpec, chosen: str, say: Words) -> list[tuple[str, str]]:
    """What can be chosen, and what is chosen now though nobody could choose it any more."""
    now = set(chosen.split(";"))
    if spec.kind in OPTIONS:
        found = [(f"#{one.id}", one.name) for one in spec.options if not one.deleted or f"#{one.id}" in now]
    elif spec.kind == Kind.PERSON:
        found = [(f"#{user.id}", user.name or user.email) for user in teams.people(session)]
        found += _left(session, now - {value for value, _ in found})
    elif spec.kind == Kind.PIPELINE:
        found = [(f"#{one.id}", one.name) for one in pipelines.live(session)]
    else:
        found = [(f"#{one.id}", one.name) for pipeline in pipelines.live(session) for one in pipeline.stages]
    empty = [("", say("web.fields.nothing_chosen"))] if spec.kind != Kind.MULTI_SELECT and not spec.required else []
    return [*empty, *found]


def _left(session: Session, tokens: Iterable[str]) -> list[tuple[str, str]]:
    """People who are no longer with the team."""
    found = []
    for token in tokens:
        if token.startswith("#") and token[1:].isdecimal():
            try:
                user = teams.get_user(session, int(token[1:]))
            except NotFound:
                continue
            found.append((token, user.name or user.email))
    return found
