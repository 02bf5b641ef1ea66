"""A filter as people read it: each condition in a few words, and the chips that a bar shows of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from babel.numbers import format_decimal
from sqlalchemy.orm import Session

from addon.domain.fields import queries as fields
from addon.domain.fields.keys import OPTIONS, FieldSpec, Kind
from addon.domain.views import filters, naming, operators
from addon.domain.views.asking import Ask, kinds
from addon.domain.views.filters import Condition, Group, Node
from addon.domain.views.operators import ME
from addon.i18n import Words
from addon.web.fields.field_words import label


@dataclass(frozen=True, kw_only=True)
class Said:
    field: str
    value: str
    gone: bool = False
    """The field or what it is compared with is no more: it matches nothing."""


@dataclass(frozen=True, kw_only=True)
class FilterChip:
    place: str
    """Its number among the parts of the filter."""
    said: Sequence[Said]
    """One condition, or those of a group."""
    any: bool = False
    """Of a group: one of them is enough."""

    @property
    def gone(self) -> bool:
        return any(each.gone for each in self.said)

    @property
    def words(self) -> str:
        return " · ".join(f"{each.field} {each.value}".strip() for each in self.said)


@dataclass(frozen=True)
class FilterWords:
    """Says conditions to one reader."""

    specs: Mapping[str, FieldSpec]
    names: naming.Names
    deleted: Mapping[str, str]
    """What fields were called that are no more."""
    say: Words
    now: datetime

    def chips(self, group: Group) -> list[FilterChip]:
        return [self._chip(place, part) for place, part in enumerate(group.parts)]

    def said(self, condition: Condition) -> Said:
        spec = self.specs.get(condition.field)
        if spec is None:
            called = self.deleted.get(condition.field) or self.say("views.gone_field")
            return Said(field=called, value=self.say("views.gone"), gone=True)
        if not filters.fits(condition, kinds(self.specs)):
            return Said(field=label(spec, self.say), value=self.say("views.gone"), gone=True)
        value = condition.value
        parts = value if isinstance(value, tuple) else () if value is None else (value,)
        told = [self._value(spec, condition.op, each) for each in parts]
        return Said(field=label(spec, self.say), value=self._compared(condition, told))

    def _compared(self, condition: Condition, told: Sequence[str]) -> str:
        key = f"views.said.{condition.op}"
        if condition.op.endswith("_days"):
            return self.say(key, n=int(str(condition.value)))
        if condition.op == "between":
            return self.say(key, a=told[0], b=told[1])
        return self.say(key, a=", ".join(told))

    def _chip(self, place: int, part: Node) -> FilterChip:
        if isinstance(part, Condition):
            return FilterChip(place=str(place), said=[self.said(part)])
        return FilterChip(place=str(place), said=[self.said(c) for c in filters.conditions(part)], any=part.any)

    def _value(self, spec: FieldSpec, op: str, value: object) -> str:
        if op == "kind_is":
            return self.say(f"views.kind.{value}")
        if value == ME:
            return self.say("views.me")
        if spec.kind in OPTIONS:
            return next((each.name for each in spec.options if each.id == value), self.say("views.gone"))
        if spec.kind in naming.NAMED:
            number = value if isinstance(value, int) else 0
            return self.names.get((spec.kind, number)) or self.say("views.gone")
        return self._plain(spec.kind, str(value))

    def _plain(self, kind: Kind, value: str) -> str:
        if kind in (Kind.DATE, Kind.MOMENT):
            return self.say.day(date.fromisoformat(value), today=self.say.today(self.now))
        if kind == Kind.MONEY:
            number, currency = operators.amount(value)
            return self.say.money(number, currency) if currency else _figure(number, self.say)
        return _figure(Decimal(value), self.say) if kind == Kind.NUMBER else value


def filter_words(
    session: Session, ask: Ask, specs: Mapping[str, FieldSpec], say: Words, *, now: datetime
) -> FilterWords:
    """Two statements, however many conditions."""
    wanted = {
        (specs[c.field].kind, number)
        for c in filters.conditions(ask.filter)
        if c.field in specs and specs[c.field].kind in naming.NAMED
        for number in (c.value if isinstance(c.value, tuple) else ())
        if isinstance(number, int)
    }
    missing = [key for key in ask.named() if key not in specs]
    deleted = fields.by_key(session, ask.subject, missing, deleted=True)
    return FilterWords(
        specs, naming.names(session, wanted), {key: spec.label for key, spec in deleted.items()}, say, now
    )


def _figure(number: Decimal, say: Words) -> str:
    return str(format_decimal(number, format="#,##0.####", locale=say.locale))
