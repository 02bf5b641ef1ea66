"""The order of rows, and where in it a page ends, so that the next one goes on from there."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, and_, cast, false, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from addon.domain.fields.keys import FieldSpec, Kind
from addon.domain.fields.queries import VALUE_OF
from addon.domain.views import query
from addon.domain.views.refusals import BadFilter
from addon.domain.views.scene import Scene
from addon.models import Address, Company, Contact, Deal, FieldOption, Pipeline, Shape, Stage, Subject, User

_NAMED: Mapping[Kind, Any] = {Kind.PERSON: User, Kind.COMPANY: Company, Kind.CONTACT: Contact}


@dataclass(frozen=True, eq=False)
class Term:
    """Something that rows are ordered by; rows without it come last, whichever way."""

    expression: Any
    descending: bool = False
    empty_last: bool = True


def terms(scene: Scene) -> list[Term]:
    """What was asked for, then the usual order, then the row's number: two rows never stand at the same place."""
    asked = [
        Term(_expression(scene, scene.specs[key]), way == "desc") for key, way in scene.ask.sort if key in scene.specs
    ]
    return [*(asked or _usual(scene)), Term(scene.model.id, _falls(scene, asked), empty_last=False)]


def clauses(ordered: Sequence[Term]) -> list[Any]:
    """For ORDER BY."""
    found: list[Any] = []
    for term in ordered:
        if term.empty_last:
            found.append(term.expression.is_(None))
        found.append(term.expression.desc() if term.descending else term.expression.asc())
    return found


def after(ordered: Sequence[Term], mark: str) -> ColumnElement[bool]:
    """Rows behind the one that `mark` was made of. Raises BadFilter for a strange mark."""
    values = _read(mark, len(ordered))
    if all(not term.empty_last and term.descending == ordered[0].descending for term in ordered):
        here, there = tuple_(*(term.expression for term in ordered)), tuple_(*values)
        return here < there if ordered[0].descending else here > there  # the database goes on in its index
    behind: ColumnElement[bool] = false()
    for term, value in reversed(list(zip(ordered, values, strict=True))):
        behind = _behind(term, value, behind)
    return behind


def mark_of(values: Sequence[Any]) -> str:
    """The values of `terms` of one row, for an address."""
    told = json.dumps([_plain(value) for value in values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def _behind(term: Term, value: Any, tie: ColumnElement[bool]) -> ColumnElement[bool]:
    if value is None:
        return and_(term.expression.is_(None), tie)
    further = term.expression < value if term.descending else term.expression > value
    if term.empty_last:
        further = or_(further, term.expression.is_(None))
    return or_(further, and_(term.expression == value, tie))


def _usual(scene: Scene) -> list[Term]:
    """On a board the deal that stands longest in its stage is first; in a table the newest; others go by name."""
    if scene.ask.subject == Subject.DEAL:
        if scene.ask.shape == Shape.BOARD:
            return [Term(Deal.entered_stage_at, empty_last=False)]
        return [Term(Deal.created_at, descending=True, empty_last=False)]
    return [Term(func.lower(scene.model.name, type_=String))]


def _falls(scene: Scene, asked: Sequence[Term]) -> bool:
    return not asked and scene.ask.subject == Subject.DEAL and scene.ask.shape == Shape.TABLE


def _expression(scene: Scene, spec: FieldSpec) -> Any:
    if spec.custom:
        return _custom(scene, spec)
    if spec.kind == Kind.EMAIL:
        address = aliased(Address)
        first = select(func.lower(address.email, type_=String)).where(address.contact_id == Contact.id)
        return first.order_by(address.position, address.id).limit(1).scalar_subquery()
    column = getattr(scene.model, spec.columns[0])
    if query.is_word(spec.kind):
        return func.nullif(func.lower(column), "", type_=String)
    return _of_what_it_names(spec.kind, column)


def _of_what_it_names(kind: Kind, column: Any) -> Any:
    """An id says nothing about order; the name or the place of what it points at does."""
    if kind in _NAMED:
        named = aliased(_NAMED[kind])
        return select(func.nullif(func.lower(named.name), "", type_=String)).where(named.id == column).scalar_subquery()
    if kind == Kind.PIPELINE:
        pipeline = aliased(Pipeline)
        return select(pipeline.position).where(pipeline.id == column).scalar_subquery()
    if kind == Kind.STAGE:
        stage = aliased(Stage)
        return select(stage.position).where(stage.id == column).scalar_subquery()
    return column


def _custom(scene: Scene, spec: FieldSpec) -> Any:
    value = aliased(VALUE_OF[scene.ask.subject])
    mine = (query.holder(value, scene.ask.subject) == scene.model.id, value.field_id == spec.field_id)
    if spec.kind in (Kind.SELECT, Kind.MULTI_SELECT):
        option = aliased(FieldOption)
        return (
            select(func.min(option.position)).join(value, value.option_id == option.id).where(*mine).scalar_subquery()
        )
    if query.is_word(spec.kind):
        return select(func.max(value.folded)).where(*mine).scalar_subquery()
    column = query.value_column(value, spec.kind)
    if spec.kind == Kind.CHECKBOX:
        column = cast(column, Integer)  # a mark in the order can be more or less than a number only
    if spec.kind in _NAMED:
        named = aliased(_NAMED[spec.kind])
        found = select(func.max(func.lower(named.name, type_=String))).join(value, column == named.id)
        return found.where(*mine).scalar_subquery()
    return select(column).where(*mine).limit(1).scalar_subquery()


# ---- marks ---------------------------------------------------------------------------------------------------------

_KINDS: Mapping[str, Any] = {
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "n": Decimal,
    "i": int,
    "s": str,
}


def _plain(value: Any) -> list[Any] | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return ["t", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, Decimal):
        return ["n", str(value)]
    return ["i" if isinstance(value, int) else "s", value]


def _read(mark: str, count: int) -> list[Any]:
    try:
        told = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
        values = [None if each is None else _KINDS[each[0]](each[1]) for each in told]
    except (ValueError, KeyError, TypeError, IndexError, ArithmeticError, binascii.Error):
        raise BadFilter from None
    if len(values) != count or any(isinstance(value, datetime) and value.tzinfo is None for value in values):
        raise BadFilter
    return values
