"""What is known of a deal: built-in and custom fields with their values, and which stage needs those that are empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from addon.domain.deals import queries as deals
from addon.domain.fields import queries as fields
from addon.domain.fields import stored
from addon.domain.fields.checking import Typed
from addon.domain.fields.keys import OPTIONS, FieldSpec, Kind
from addon.domain.views import naming
from addon.domain.views.table import Cell, Named
from addon.i18n import Words
from addon.models import Deal, StageKind, Subject
from addon.web.fields import field_words
from addon.web.seat import Person, owner

SHOWN = ("owner", "value", "expected_close", "product", "channel", "company", "referred_by")
"""Built-in fields that every deal's page shows, in this order; the team's own follow."""

_IF_NEEDED = ("contact", "next_step", "next_step_on")
"""Shown elsewhere on the page; here only where a stage asks for them and they are empty."""


@dataclass(frozen=True, kw_only=True)
class FactView:
    key: str
    label: str
    value: str
    missing: bool = False
    person: Person | None = None
    href: str = ""
    outside: bool = False
    """The link leads out of the product."""
    needed: str = ""
    """Which stage asks for it, while it is empty."""
    edit: str = ""
    """Address of its form."""
    lines: bool = False
    """A text of several lines."""


def specs_of(session: Session, deal: Deal) -> list[FieldSpec]:
    """All fields that a deal of its pipeline has."""
    return fields.specs(session, Subject.DEAL, deal.pipeline_id)


def standing(session: Session, deal: Deal, specs: Sequence[FieldSpec]) -> dict[str, Typed]:
    """What stands in these fields; an empty one is not there."""
    held = dict(stored.read_many(session, Subject.DEAL, [deal.id], specs)[deal.id])
    for spec in specs:
        value = None if spec.custom else _built_in(deal, spec)
        if value not in (None, ""):
            held[spec.key] = value
    return held


def facts(
    session: Session, deal: Deal, specs: Sequence[FieldSpec], say: Words, *, needed: Mapping[str, str], now: datetime
) -> list[FactView]:
    """`needed`: the stage that asks for a field, by key."""
    held = standing(session, deal, specs)
    shown = _shown(deal, specs, held, needed)
    pointed = {(spec.kind, held[spec.key]) for spec in shown if spec.kind in naming.NAMED and spec.key in held}
    names = naming.names(session, pointed)  # type: ignore[arg-type]
    return [_fact(deal, spec, held.get(spec.key), names, say, needed.get(spec.key, ""), now) for spec in shown]


def fact_words(session: Session, deal: Deal, spec: FieldSpec, say: Words, *, now: datetime) -> str:
    """What stands in one field, as a person reads it."""
    held = standing(session, deal, [spec])
    pointed = {(spec.kind, held[spec.key])} if spec.kind in naming.NAMED and spec.key in held else set()
    names = naming.names(session, pointed)  # type: ignore[arg-type]
    return field_words.words(_cell(spec, held.get(spec.key), names), say, now=now) or say("web.deal.unknown")


def score(session: Session, deal: Deal, specs: Sequence[FieldSpec], say: Words) -> tuple[str, str]:
    """How well it is qualified and what counts for it; nothing where the team weights no field."""
    percent = fields.score(session, deal)
    if percent is None:
        return "", ""
    weighted = [field_words.label(spec, say) for spec in specs if spec.weight]
    return say("deal.score", percent=percent), say("deal.score_of", fields=", ".join(weighted))


def _shown(
    deal: Deal, specs: Sequence[FieldSpec], held: Mapping[str, Typed], needed: Mapping[str, str]
) -> list[FieldSpec]:
    by_key = {spec.key: spec for spec in specs}
    lost = ["lost_reason"] if deal.stage.kind == StageKind.LOST or "lost_reason" in held else []
    asked = [key for key in _IF_NEEDED if key in needed and key not in held]
    own = [spec.key for spec in specs if spec.custom]
    return [by_key[key] for key in (*SHOWN, *asked, *own, *lost, "created")]


def _fact(
    deal: Deal, spec: FieldSpec, value: Typed | None, names: naming.Names, say: Words, stage: str, now: datetime
) -> FactView:
    words = field_words.words(_cell(spec, value, names), say, now=now)
    edit = url_for("web.fact_changes.form", deal_id=deal.id, key=spec.key) if spec.editable else ""
    href = _link(spec, value) if words else ""
    return FactView(
        key=spec.key,
        label=field_words.label(spec, say),
        value=words or say("web.deal.unknown"),
        missing=not words,
        person=owner(deal.owner) if spec.key == "owner" else None,
        href=href,
        outside=bool(href) and spec.kind in (Kind.LINK, Kind.PHONE),
        needed=say("deal.needed_for", stage=stage) if stage and not words else "",
        edit=edit,
        lines=spec.kind == Kind.LONG_TEXT,
    )


def _built_in(deal: Deal, spec: FieldSpec) -> Any:
    if spec.kind == Kind.MONEY:
        return deals.value(deal)
    return getattr(deal, spec.columns[0]) if spec.columns else None


def _cell(spec: FieldSpec, value: Any, names: naming.Names) -> Cell:
    if value is None:
        return None
    if spec.kind in OPTIONS:
        chosen = value if isinstance(value, frozenset) else {value}
        return tuple(Named(one.id, one.name) for one in spec.options if one.id in chosen)
    if spec.kind in naming.NAMED:
        return names.get((spec.kind, value))
    cell: Cell = value
    return cell


def _link(spec: FieldSpec, value: Any) -> str:
    """Where a value leads to."""
    if spec.kind == Kind.LINK:
        return str(value)
    if spec.kind == Kind.PHONE:
        return "tel:" + "".join(letter for letter in str(value) if letter.isdigit() or letter == "+")
    rooms = {Kind.COMPANY: "companies", Kind.CONTACT: "people"}
    return f"/{rooms[spec.kind]}/{value}" if spec.kind in rooms else ""
