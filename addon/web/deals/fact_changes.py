"""One fact of a deal, changed where it stands: a small form that a script puts in its place, and a page without one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.contacts import operations as contacts
from addon.domain.deals import operations
from addon.domain.deals import queries as deals
from addon.domain.errors import DomainError, NotFound
from addon.domain.fields import queries as fields
from addon.domain.fields.keys import FieldSpec, Kind, UnknownField
from addon.models import Deal, Subject
from addon.web.deals import deal_facts
from addon.web.diary.acts import Teller
from addon.web.diary.deal_race import WAS, race, who_was_first
from addon.web.fields import field_inputs, field_words
from addon.web.fields.forms import FieldView, with_errors
from addon.web.refusals import refusal
from addon.web.seat import reading, seat, writing

bp = Blueprint("fact_changes", __name__)


class Unread(Exception):
    """What was typed is refused; nothing was written."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@bp.get("/deals/<int:deal_id>/facts/<key>")
def form(deal_id: int, key: str) -> ResponseReturnValue:
    """`part` in the address: the form alone."""
    with reading() as session:
        deal = deals.get(session, deal_id)
        spec = _spec(session, deal, key)
        return _drawn(session, deal, spec, _given(session, deal, spec), part="part" in request.args)


@bp.post("/deals/<int:deal_id>/facts/<key>")
def save(deal_id: int, key: str) -> ResponseReturnValue:
    """What somebody else wrote into the field meanwhile is not written over unseen."""
    try:
        with writing() as session:
            deal = deals.hold(session, deal_id)
            spec = _spec(session, deal, key)
            standing, sent = _given(session, deal, spec), field_inputs.typed(request.form, spec)
            ran = race({key: sent, WAS + key: request.form.get(WAS + key, standing)}, {key: standing})
            if ran.lost:
                return _lost_race(session, deal, spec, standing), 409
            if ran.touched:
                _write(session, deal, spec)
    except Unread as unread:
        with reading() as session:
            deal = deals.get(session, deal_id)
            spec = _spec(session, deal, key)
            was = request.form.get(WAS + key, _given(session, deal, spec))
            sent = field_inputs.typed(request.form, spec)
            return _drawn(session, deal, spec, sent, error=unread.words, was=was), 422
    return redirect(url_for("web.deals.page", deal_id=deal_id, _anchor=f"fact-{key}"))


def _lost_race(session: Session, deal: Deal, spec: FieldSpec, standing: str) -> str:
    say = seat().words
    who, when = who_was_first(session, deal.id, [spec.key], Teller(session, say, seat().user_id, clock.now()))
    why = say("web.deal.lost_race", who=who, when=when)
    stands = say("web.deal.stands_now", given=_in_words(session, deal, spec))
    sent = field_inputs.typed(request.form, spec)
    return _drawn(session, deal, spec, sent, error=stands, was=standing, why=why)


def _write(session: Session, deal: Deal, spec: FieldSpec) -> None:
    """Raises Unread, where it is refused: then nothing is kept."""
    say = seat().words
    try:
        changes: Mapping[str, Any] = {spec.key: _new_company(session, spec)}
        if changes[spec.key] is None:
            read = field_inputs.read(session, [spec], request.form, say, currency=deal.pipeline.currency)
            if read.errors:
                raise Unread(read.errors[spec.key])
            changes = read.values
        operations.edit(session, deal.id, changes, at=clock.now())
    except NotFound:
        raise
    except DomainError as error:
        if "field" in error.params:
            error.params["field"] = field_words.label(spec, say)
        raise Unread(refusal(say, error)) from None


def _new_company(session: Session, spec: FieldSpec) -> int | None:
    """A deal's company is made by being named."""
    name = field_inputs.typed(request.form, spec)
    if spec.key != "company" or not name or name.startswith("#"):
        return None
    return contacts.company_named(session, name, at=clock.now()).id


def _spec(session: Session, deal: Deal, key: str) -> FieldSpec:
    """Raises NotFound, for what is not typed by hand or belongs to another pipeline too."""
    try:
        spec = fields.spec(session, Subject.DEAL, key)
    except UnknownField:
        raise NotFound(what="field", given=key) from None
    moves = spec.kind in (Kind.STAGE, Kind.PIPELINE)
    if not spec.editable or moves or spec.pipeline_id not in (None, deal.pipeline_id):
        raise NotFound(what="field", given=key)
    return spec


def _given(session: Session, deal: Deal, spec: FieldSpec) -> str:
    return field_inputs.given(session, [spec], deal_facts.standing(session, deal, [spec])).get(spec.key, "")


def _in_words(session: Session, deal: Deal, spec: FieldSpec) -> str:
    return deal_facts.fact_words(session, deal, spec, seat().words, now=clock.now())


def _drawn(
    session: Session,
    deal: Deal,
    spec: FieldSpec,
    given: str,
    *,
    error: str = "",
    was: str | None = None,
    why: str = "",
    part: bool = False,
) -> str:
    say = seat().words
    control: FieldView = field_inputs.controls(session, [spec], {spec.key: given}, say)[0]
    control = with_errors([control], {spec.key: error})[0]
    page = "web/_fact_form.html" if part else "web/deal_fact.html"
    return render_template(
        page,
        deal_id=deal.id,
        title=deal.title,
        control=control,
        was=given if was is None else was,
        why=why,
        heading=say("deal.change_fact", field=control.label),
    )
