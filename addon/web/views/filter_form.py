"""The editor of one condition: the field's operators, a control for what it is compared with, and reading it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from addon.domain.errors import DomainError
from addon.domain.fields import finding, values
from addon.domain.fields.figures import read_number
from addon.domain.fields.keys import OPTIONS, FieldSpec, Kind
from addon.domain.money import Money
from addon.domain.pipelines import queries as pipelines
from addon.domain.teams import queries as teams
from addon.domain.views import naming, operators
from addon.domain.views.asking import Ask
from addon.domain.views.filters import Condition
from addon.domain.views.operators import ME, OPERATORS, RELATIVE
from addon.i18n import Words
from addon.models import StageKind
from addon.web.fields.field_words import label
from addon.web.refusals import refusal

NOTHING = frozenset({"empty", "filled", *RELATIVE, "yes", "no"})
"""Operators that compare with nothing."""
DAYS = frozenset({"next_days", "last_days", "older_than_days"})
SEVERAL = frozenset({"any_of", "none_of", "has_any", "has_all", "has_none"})
_NAMED = frozenset({Kind.COMPANY, Kind.CONTACT})


class WrongValue(Exception):
    """What was typed cannot be compared with; the words say why."""


@dataclass(frozen=True, kw_only=True)
class FilterForm:
    key: str
    label: str
    kind: str
    """Of the control: choices, named, date, figure or words."""
    ops: Sequence[tuple[str, str]]
    op: str
    choices: Sequence[tuple[str, str]] = ()
    chosen: Sequence[str] = ()
    kinds: Sequence[tuple[str, str]] = ()
    """Of stages: open, won, lost."""
    value: str = ""
    to: str = ""
    days: str = ""
    error: str = ""


def form_of(
    session: Session, ask: Ask, spec: FieldSpec, say: Words, given: MultiDict[str, str], *, error: str = ""
) -> FilterForm:
    """The editor as it is opened, or again with what was typed."""
    ops = OPERATORS[spec.kind]
    op = given.get("op", ops[0])
    return FilterForm(
        key=spec.key,
        label=label(spec, say),
        kind=_control(spec.kind),
        ops=[(each, say(_op_key(spec.kind, each))) for each in ops],
        op=op if op in ops else ops[0],
        choices=_choices(session, ask, spec, say),
        chosen=given.getlist("chosen"),
        kinds=[(kind.value, say(f"views.kind.{kind}")) for kind in StageKind] if spec.kind == Kind.STAGE else (),
        value=given.get("value", "")[:300],
        to=given.get("to", "")[:100],
        days=given.get("days", "")[:10],
        error=error,
    )


def standing(session: Session, spec: FieldSpec, condition: Condition) -> MultiDict[str, str]:
    """A condition as its editor holds it."""
    given: MultiDict[str, str] = MultiDict({"op": condition.op})
    value = condition.value
    parts = [str(each) for each in value] if isinstance(value, tuple) else [] if value is None else [str(value)]
    if spec.kind in _NAMED and condition.op in SEVERAL:
        names = naming.names(session, {(spec.kind, int(each)) for each in parts if each.isdecimal()})
        given["value"] = "; ".join(names.values())
    elif condition.op in SEVERAL or condition.op == "kind_is":
        given.setlist("chosen", parts)
    elif condition.op in DAYS:
        given["days"] = parts[0]
    else:
        given["value"] = parts[0] if parts else ""
        given["to"] = parts[1] if len(parts) > 1 else ""
    return given


def read(session: Session, spec: FieldSpec, given: MultiDict[str, str], say: Words, *, currency: str = "") -> Condition:
    """The condition that was chosen, in its normal form. Raises WrongValue.

    Amounts that name no currency are in this one, else in the team's.
    """
    op = given.get("op", "")
    try:
        value = _value(session, spec, op, given, say, currency)
        return Condition(spec.key, op, operators.checked(spec.kind, op, value))
    except DomainError as error:
        error.params["field"] = label(spec, say)
        raise WrongValue(refusal(say, error)) from None
    except KeyError:
        raise WrongValue(say("views.form.no_such_op")) from None
    except ValueError:
        raise WrongValue(_what_to_write(spec.kind, op, say)) from None


def _value(session: Session, spec: FieldSpec, op: str, given: MultiDict[str, str], say: Words, currency: str) -> object:
    if op in NOTHING:
        return None
    if op in DAYS:
        return given.get("days", "")
    if op == "kind_is" or (op in SEVERAL and spec.kind not in _NAMED):
        return given.getlist("chosen")
    if op in SEVERAL:
        return _found(session, spec, given.get("value", ""), say)
    value, to = given.get("value", "").strip(), given.get("to", "").strip()
    if _control(spec.kind) == "figure":
        reading = finding.reading(session, currency=currency)
        told = [_figure(spec, each, reading) for each in ((value, to) if op == "between" else (value,))]
    else:
        told = [value, to] if op == "between" else [value]
    return told if op == "between" else told[0]


def _figure(spec: FieldSpec, text: str, reading: values.Reading) -> str:
    """As people write it; an amount says its currency, for it is compared with those of the same alone."""
    if not text:
        raise ValueError
    if spec.kind == Kind.NUMBER:
        return f"{read_number(spec, text, reading.decimal, reading.habit):f}"
    found = values.read(spec, text, reading)
    if not isinstance(found, Money):
        raise ValueError
    return f"{found.amount:f} {found.currency}"


def _found(session: Session, spec: FieldSpec, typed: str, say: Words) -> list[int]:
    """Ids of those who are called so; of several of one name all."""
    finder = finding.Finding(session)
    found: list[int] = []
    for name in (each.strip() for each in typed.split(";")):
        ids = finder.find(spec.kind, name) if name else []
        if name and not ids:
            raise WrongValue(say("views.form.nobody", given=name))
        found.extend(ids)
    return found


def _what_to_write(kind: Kind, op: str, say: Words) -> str:
    if op in DAYS:
        return say("views.form.write_days")
    if op in SEVERAL or op == "kind_is":
        return say("views.form.choose")
    wanted = {"date": "write_day", "figure": "write_figure"}.get(_control(kind), "write_words")
    return say(f"views.form.{wanted}")


def _control(kind: Kind) -> str:
    if kind in _NAMED:
        return "named"
    if kind in OPTIONS or kind in (Kind.PERSON, Kind.STAGE, Kind.PIPELINE):
        return "choices"
    if kind in (Kind.DATE, Kind.MOMENT):
        return "date"
    return "figure" if kind in (Kind.NUMBER, Kind.MONEY) else "words"


def _op_key(kind: Kind, op: str) -> str:
    days = {"is": "on", "is_not": "not_on"} if kind in (Kind.DATE, Kind.MOMENT) else {}
    return f"views.op.{days.get(op, op)}"


def _choices(session: Session, ask: Ask, spec: FieldSpec, say: Words) -> list[tuple[str, str]]:
    if spec.kind in OPTIONS:
        return [(str(one.id), one.name) for one in spec.choices]
    if spec.kind == Kind.PERSON:
        people = [(str(user.id), user.name or user.email) for user in teams.people(session)]
        return [(ME, say("views.me")), *people]
    if spec.kind == Kind.PIPELINE:
        return [(str(one.id), one.name) for one in pipelines.live(session)]
    if spec.kind == Kind.STAGE:
        return _stages(session, ask, say)
    return []


def _stages(session: Session, ask: Ask, say: Words) -> list[tuple[str, str]]:
    found = []
    for pipeline in pipelines.live(session):
        for stage in pipeline.stages if ask.pipeline_id in (None, pipeline.id) else ():
            if stage.archived_at is None:
                both = say("board.column.stage_of", pipeline=pipeline.name, stage=stage.name)
                found.append((str(stage.id), stage.name if ask.pipeline_id else both))
    return found
