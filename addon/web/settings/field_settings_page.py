"""One field: what it is called, its help and weight, its choices, and deleting it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from addon import clock
from addon.domain.activity import queries as activity
from addon.domain.errors import NotFound
from addon.domain.fields import operations, options, queries, rights
from addon.domain.fields.keys import OPTIONS, Kind
from addon.domain.fields.operations import OddWeight
from addon.domain.fields.options import OddScore
from addon.domain.pipelines import queries as pipelines
from addon.models import Activity, Field, FieldOption, Subject
from addon.web.seat import reading, seat
from addon.web.settings.field_settings import about, bp, lines
from addon.web.settings.settings_acts import NOTHING, Refused, act, first_of, happened

__all__ = ["bp"]


@dataclass(frozen=True)
class Choice:
    id: int
    name: str
    score: str


@bp.get("/settings/fields/<subject>/<int:field_id>")
def page(subject: str, field_id: int) -> ResponseReturnValue:
    return _draw(about(subject), field_id, NOTHING)


@bp.post("/settings/fields/<subject>/<int:field_id>")
def edit(subject: str, field_id: int) -> ResponseReturnValue:
    """Form: name, help, weight; option_id, option and score for each choice; more, new ones; a button beside a choice.

    All of it is one act, which one Undo takes back.
    """
    of, form = about(subject), request.form
    return act(
        lambda session: _save(session, _own(session, of, field_id), form),
        to=url_for("web.field_settings.page", subject=of, field_id=field_id),
        form="field",
        draw=lambda refused: _draw(of, field_id, refused),
    )


@bp.post("/settings/fields/<subject>/<int:field_id>/delete")
def delete(subject: str, field_id: int) -> ResponseReturnValue:
    of = about(subject)
    return act(
        lambda session: operations.delete(session, _own(session, of, field_id).id, at=clock.now()),
        to=url_for("web.field_settings.listing", subject=of),
        form="delete",
        draw=lambda refused: _draw(of, field_id, refused),
    )


@bp.post("/settings/fields/<subject>/<int:field_id>/options/<int:option_id>/restore")
def restore_option(subject: str, field_id: int, option_id: int) -> ResponseReturnValue:
    of = about(subject)

    def bring_back(session: Session) -> Activity | None:
        if queries.get_option(session, option_id).field_id != _own(session, of, field_id).id:
            raise NotFound(what="option", given=option_id)
        return options.restore(session, option_id, at=clock.now())

    return act(
        bring_back,
        to=url_for("web.field_settings.page", subject=of, field_id=field_id),
        form="field",
        draw=lambda refused: _draw(of, field_id, refused),
    )


def _save(session: Session, field: Field, form: MultiDict[str, str]) -> Activity | None:
    """The first entry stands for all: the others are caused by it."""
    now, entries = clock.now(), list[Activity | None]()
    weight = _number(form.get("weight", str(field.weight)))
    if weight is None:
        raise OddWeight(field=field.name, given=form["weight"])
    entries.append(
        operations.edit(
            session, field.id, at=now, name=form.get("name", ""), help=form.get("help", "").strip(), weight=weight
        )
    )
    if Kind(field.kind) not in OPTIONS:
        return first_of(entries)
    live = {option.id: option for option in queries.options_of(session, field.id)}
    button, _, number = form.get("choice", "").partition("-")
    for choice in _posted(form):
        if choice.id not in live:
            raise NotFound(what="option", given=choice.id)
        entries.append(_edit(session, field, choice, gone=(button, number), cause=first_of(entries)))
    if button in ("up", "down"):
        order = list(live)
        here = order.index(int(number)) if number.isdecimal() and int(number) in live else 0
        there = min(max(here + (1 if button == "down" else -1), 0), len(order) - 1)
        order[here], order[there] = order[there], order[here]
        entries.append(options.order(session, field.id, order, at=now, cause=first_of(entries)))
    for name, score in lines(form.get("more", "")):
        cause = first_of(entries)
        options.add(session, field.id, name, score=score, at=now, cause=cause)
        entries.append(cause or _newest(session, field.id))
    return first_of(entries)


def _edit(
    session: Session, field: Field, choice: Choice, *, gone: tuple[str, str], cause: Activity | None
) -> Activity | None:
    if gone == ("remove", str(choice.id)):
        return options.delete(session, choice.id, at=clock.now(), cause=cause)
    score = _number(choice.score)
    if score is None:
        raise OddScore(field=field.name, given=choice.score)
    return options.edit(session, choice.id, at=clock.now(), name=choice.name, score=score, cause=cause)


def _newest(session: Session, field_id: int) -> Activity | None:
    found = activity.of_subject(session, "field", field_id, newest=1)
    return found[0] if found else None


def _posted(form: MultiDict[str, str]) -> list[Choice]:
    ids, names = form.getlist("option_id", type=int), form.getlist("option")
    scores = form.getlist("score") or [""] * len(ids)
    return [Choice(*each) for each in zip(ids, names, scores, strict=False)]


def _number(typed: str) -> int | None:
    bare = typed.strip().removesuffix("%").strip()
    return int(bare or 0) if not bare or (bare.isdecimal() and len(bare) < 10) else None


def _own(session: Session, of: Subject, field_id: int) -> Field:
    """Raises NotFound, also for a field of another subject."""
    field = queries.get(session, field_id)
    if field.subject != of:
        raise NotFound(what="field", given=field_id)
    return field


def _draw(of: Subject, field_id: int, refused: Refused) -> str:
    say = seat().words
    with reading() as session:
        rights.check_may_shape(session)
        field = _own(session, of, field_id)
        line = pipelines.get(session, field.pipeline_id, archived=True).name if field.pipeline_id else ""
        live = queries.options_of(session, field_id)
        return render_template(
            "web/field_settings.html",
            subject=of,
            field=field,
            kind=say(f"fields.kinds.{field.kind}"),
            pipeline=line,
            has_choices=Kind(field.kind) in OPTIONS,
            weighted=of is Subject.DEAL and Kind(field.kind) in OPTIONS,
            choices=_choices(live, refused),
            gone=_gone(session, field_id),
            moved=happened(session, back=request.path),
            refused=refused,
        )


def _choices(live: Sequence[FieldOption], refused: Refused) -> list[Choice]:
    if refused.form == "field":
        return _posted(request.form)
    return [Choice(option.id, option.name, str(option.score)) for option in live]


def _gone(session: Session, field_id: int) -> list[tuple[int, str]]:
    field = queries.get(session, field_id)
    return [(option.id, option.name) for option in field.options if option.deleted_at is not None]
