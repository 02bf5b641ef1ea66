"""The fields of deals, people and companies: their list in order, new ones, ready sets, and those that were deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.activity import queries as activity
from addon.domain.fields import operations, queries, rights
from addon.domain.fields.keys import OPTIONS, FieldSpec, Kind
from addon.domain.fields.ready import READY
from addon.domain.pipelines import queries as pipelines
from addon.i18n import Words
from addon.models import Activity, FieldKind, Subject
from addon.web.fields.field_words import label
from addon.web.seat import reading, seat
from addon.web.settings.settings_acts import NOTHING, Refused, act, happened, moved, newest, wanted_order

bp = Blueprint("field_settings", __name__)

SHOWN = 12
"""Choices of a field that its line shows."""


@dataclass(frozen=True, kw_only=True)
class FieldRow:
    id: int
    name: str
    facts: str
    help: str
    options: Sequence[str]


@dataclass(frozen=True)
class ReadySet:
    key: str
    name: str
    text: str
    places: Sequence[tuple[str, str]]
    """The pipelines that lack it, by id; nothing for all of them."""


@bp.get("/settings/fields/<subject>")
def listing(subject: str) -> ResponseReturnValue:
    return _draw(about(subject), NOTHING)


@bp.post("/settings/fields/<subject>")
def create(subject: str) -> ResponseReturnValue:
    """Form: name, kind, pipeline (an id, or nothing), help, options (one a line, with a score behind a semicolon)."""
    of, form = about(subject), request.form
    kind = form.get("kind", "")
    if kind not in set(FieldKind):
        abort(400)

    def make(session: Session) -> Activity | None:
        field = operations.create(
            session,
            of,
            FieldKind(kind),
            form.get("name", ""),
            at=clock.now(),
            pipeline_id=form.get("pipeline", type=int),
            help=form.get("help", "").strip(),
            options=lines(form.get("options", "")),
        )
        entries = [entry for entry in _entries(session, field.id) if entry.kind == "field.created"]
        return entries[0] if entries else None

    return _act(of, "new", make)


@bp.post("/settings/fields/<subject>/order")
def order(subject: str) -> ResponseReturnValue:
    of, wanted = about(subject), wanted_order(request.form)
    return act(
        lambda session: operations.order(session, of, wanted, at=clock.now()),
        to=url_for("web.field_settings.listing", subject=of, moved=moved(request.form) or None),
        form="order",
        draw=lambda refused: _draw(of, refused),
    )


@bp.post("/settings/fields/<subject>/ready/<name>")
def add_ready(subject: str, name: str) -> ResponseReturnValue:
    """A whole set as one act; form: pipeline (an id, or nothing)."""
    of, say = about(subject), seat().words

    def add(session: Session) -> Activity | None:
        made = operations.add_ready_set(
            session, name, say, at=clock.now(), pipeline_id=request.form.get("pipeline", type=int)
        )
        return next((e for e in _entries(session, made[0].id) if e.kind == "field.created"), None) if made else None

    return _act(of, "ready", add)


@bp.post("/settings/fields/<subject>/<int:field_id>/restore")
def restore(subject: str, field_id: int) -> ResponseReturnValue:
    return _act(about(subject), "restore", lambda session: operations.restore(session, field_id, at=clock.now()))


def about(subject: str) -> Subject:
    if subject not in set(Subject):
        abort(404)
    return Subject(subject)


def lines(typed: str) -> list[tuple[str, int]]:
    """Choices as they are typed, one a line: a name, or a name and a score in percent behind a semicolon.

    >>> lines("Big; 100\\n\\nSmall")
    [('Big', 100), ('Small', 0)]
    """
    found = []
    for line in typed.splitlines():
        name, _, score = line.rpartition(";")
        scored = bool(name.strip()) and score.strip().isdecimal() and len(score.strip()) <= 3
        called = name.strip() if scored else line.strip()
        if called:
            found.append((called, int(score) if scored else 0))
    return found


def kinds(say: Words) -> list[tuple[str, str]]:
    return [(str(kind), say(f"fields.kinds.{kind}")) for kind in FieldKind]


def _entries(session: Session, field_id: int) -> Sequence[Activity]:
    entry = newest(session, "field", field_id)
    return [] if entry is None else activity.caused_by(session, entry)


def _act(of: Subject, form: str, do: object) -> ResponseReturnValue:
    to = url_for("web.field_settings.listing", subject=of)
    return act(do, to=to, form=form, draw=lambda refused: _draw(of, refused))  # type: ignore[arg-type]


def _draw(of: Subject, refused: Refused) -> str:
    say = seat().words
    with reading() as session:
        rights.check_may_shape(session)
        specs = queries.specs(session, of, everywhere=True)
        lines_ = {pipeline.id: pipeline.name for pipeline in pipelines.live(session)}
        return render_template(
            "web/fields.html",
            subject=of,
            rows=[_row(spec, lines_, say) for spec in specs if spec.custom],
            builtin=[(label(spec, say), _kind(spec, say)) for spec in specs if not spec.custom],
            deleted=[(spec.field_id, spec.name, _kind(spec, say)) for spec in queries.deleted(session, of)],
            kinds=kinds(say),
            pipelines=list(lines_.items()) if of is Subject.DEAL else [],
            ready=_ready(specs, lines_, say) if of is Subject.DEAL else [],
            chosen=request.args.get("pipeline", type=int),
            moved=happened(session, back=url_for("web.field_settings.listing", subject=of)),
            pressed=request.args.get("moved", ""),
            refused=refused,
        )


def _row(spec: FieldSpec, lines_: dict[int, str], say: Words) -> FieldRow:
    facts = [_kind(spec, say)]
    if spec.subject is Subject.DEAL:
        where = lines_.get(spec.pipeline_id or 0, say("settings.field_in_other")) if spec.pipeline_id else ""
        facts.append(say("settings.field_in", pipeline=where) if where else say("settings.field_in_all"))
    if spec.weight:
        facts.append(say("settings.field_weight", n=spec.weight))
    names = [option.name for option in spec.choices]
    more = [say("settings.more_choices", n=len(names) - SHOWN)] if len(names) > SHOWN else []
    return FieldRow(
        id=spec.field_id or 0,
        name=spec.name,
        facts=" · ".join(facts),
        help=spec.help,
        options=[*names[:SHOWN], *more] if spec.kind in OPTIONS else (),
    )


def _kind(spec: FieldSpec, say: Words) -> str:
    key = f"fields.kinds.{spec.kind}"
    return say(key) if say.has(key) else say(f"settings.kinds.{Kind(spec.kind)}")


def _ready(specs: Sequence[FieldSpec], lines_: Mapping[int, str], say: Words) -> list[ReadySet]:
    """The sets that are not there yet for all deals, each with where it can still go.

    All deals get it only while no pipeline has it: two fields beside each other are not called the same.
    """
    found = []
    for key in READY:
        there = {spec.pipeline_id for spec in specs if spec.ready_set == key}
        everywhere = [] if there else [("", say("settings.field_in_all"))]
        places = [*everywhere, *((str(number), name) for number, name in lines_.items() if number not in there)]
        if None not in there and places:
            found.append(ReadySet(key, say(f"settings.set.{key}"), say(f"settings.set.{key}_text"), places))
    return found
