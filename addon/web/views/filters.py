"""Changing what a board or a table shows: each form leads to the address that shows it, and saves nothing."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from addon import clock
from addon.domain.errors import NotFound
from addon.domain.fields.keys import FieldSpec
from addon.domain.pipelines import queries as pipelines
from addon.domain.views import asking
from addon.domain.views.filters import Condition, Group, Node
from addon.web import frame
from addon.web.seat import reading, seat
from addon.web.views import asked, filter_form, view_bar
from addon.web.views.asked import Asked
from addon.web.views.filter_form import WrongValue
from addon.web.views.filter_words import filter_words

bp = Blueprint("filters", __name__, url_prefix="/filters")

ALSO, OR = "also", "or"
"""How a new condition joins: it must hold too, or it is enough beside the one of a place."""


@bp.get("/edit")
def edit() -> ResponseReturnValue:
    """The editor of a new condition on `field`, or of the one at `place`; without either, a choice of fields."""
    with reading() as session:
        at = asked.at(session, request.args.get("at", ""))
        place = _place(at, request.args.get("place", ""))
        known = asking.specs(session, at.ask.subject, at.ask.pipeline_id)
        part = at.ask.filter.parts[place] if place is not None else None
        key = part.field if isinstance(part, Condition) else request.args.get("field", "")
        if not key:
            frame.shows(at.ask.subject)
            return render_template(
                "web/filter_fields.html", bar=view_bar.view_bar(session, at, seat().words), at=at.here
            )
        spec = _spec(known, key)
        given: MultiDict[str, str] = MultiDict()
        if isinstance(part, Condition):
            given = filter_form.standing(session, spec, part)
        return _editor(session, at, spec, place, given)


@bp.get("/apply")
def apply() -> ResponseReturnValue:
    """Lead to the address with the condition in it; again to the editor where it says nothing that can be compared."""
    with reading() as session:
        at = asked.at(session, request.args.get("at", ""))
        place = _place(at, request.args.get("place", ""))
        spec = _spec(asking.specs(session, at.ask.subject, at.ask.pipeline_id), request.args.get("field", ""))
        try:
            currency = pipelines.get(session, at.ask.pipeline_id).currency if at.ask.pipeline_id is not None else ""
            condition = filter_form.read(session, spec, request.args, seat().words, currency=currency)
        except WrongValue as wrong:
            return _editor(session, at, spec, place, request.args, error=str(wrong)), 422
    changed = _joined(at.ask.filter, condition, place, request.args.get("join", ALSO))
    return redirect(at.url(replace(at.ask, filter=changed)))


@bp.get("/columns")
def columns() -> ResponseReturnValue:
    """The columns of a table, as they were ticked."""
    with reading() as session:
        at = asked.at(session, request.args.get("at", ""))
        known = asking.specs(session, at.ask.subject, at.ask.pipeline_id)
    chosen = tuple(key for key in request.args.getlist("key") if key in known)[: asking.MOST_COLUMNS]
    usual = chosen == tuple(key for key in asking.COLUMNS[at.ask.subject] if key in known)
    return redirect(at.url(replace(at.ask, columns=() if usual else chosen)))


@bp.get("/shown")
def shown() -> ResponseReturnValue:
    """The columns of a board: those that were listed and not ticked are hidden."""
    with reading() as session:
        at = asked.at(session, request.args.get("at", ""))
    ticked, listed = set(request.args.getlist("key")), request.args.getlist("listed")
    kept = [key for key in at.ask.hidden if key not in listed]
    hidden = [*kept, *(key for key in listed if key not in ticked)][: asking.MOST_HIDDEN]
    return redirect(at.url(replace(at.ask, hidden=tuple(hidden))))


def _editor(
    session: Session, at: Asked, spec: FieldSpec, place: int | None, given: MultiDict[str, str], *, error: str = ""
) -> str:
    say = seat().words
    frame.shows(at.ask.subject)
    form = filter_form.form_of(session, at.ask, spec, say, given, error=error)
    known = asking.specs(session, at.ask.subject, at.ask.pipeline_id)
    chips = filter_words(session, at.ask, known, say, now=clock.now()).chips(at.ask.filter) if place is None else []
    part = "part" in request.args
    return render_template(
        "web/_filter_form.html" if part else "web/filter.html",
        form=form,
        at=at.here,
        place="" if place is None else place,
        chips=[chip for chip in chips if not chip.gone],
        any=at.ask.filter.any,
    )


def _joined(group: Group, condition: Condition, place: int | None, join: str) -> Group:
    """In place of another, beside it in a group of its own, or as one more."""
    parts = list(group.parts)
    if place is not None:
        parts[place] = condition
    elif join.startswith(f"{OR}-") and join[3:].isdecimal() and int(join[3:]) < len(parts):
        beside = int(join[3:])
        parts[beside] = _beside(parts[beside], condition, any_of=not group.any)
    else:
        parts.append(condition)
    return replace(group, parts=tuple(parts))


def _beside(part: Node, condition: Condition, *, any_of: bool) -> Group:
    if isinstance(part, Group) and part.any == any_of:
        return replace(part, parts=(*part.parts, condition))
    return Group(any_of, (part, condition))


def _place(at: Asked, given: str) -> int | None:
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and int(given) < len(at.ask.filter.parts)):
        raise NotFound(what="filter", given=given[:20])
    return int(given)


def _spec(known: dict[str, FieldSpec], key: str) -> FieldSpec:
    if key not in known:
        raise NotFound(what="field", given=key[:64])
    return known[key]
