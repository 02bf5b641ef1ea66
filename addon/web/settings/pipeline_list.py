"""All pipelines of a team: making one from a ready set of stages, their order, and those that were put away."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.errors import DomainError, NotAllowed, NotFound
from addon.domain.money import Money
from addon.domain.pipelines import operations, queries, rights, templates
from addon.domain.pipelines.operations import NoPipelineName, StageDraft
from addon.i18n import Words
from addon.models import Pipeline, StageKind
from addon.web.refusals import refusal
from addon.web.seat import reading, seat, writing
from addon.web.settings import pipeline_views as views
from addon.web.settings.settings_acts import NOTHING, Refused, act, happened, moved, newest, told, wanted_order

bp = Blueprint("pipelines", __name__)

EMPTY = "empty"
"""Instead of a ready set: one open stage, Won and Lost, which every pipeline has."""


@bp.get("/settings/pipelines")
def listing() -> ResponseReturnValue:
    return _listing(NOTHING)


@bp.get("/settings/pipelines/new")
def new() -> ResponseReturnValue:
    return _new(NOTHING)


@bp.post("/settings/pipelines")
def create() -> ResponseReturnValue:
    """Form: template (a ready set, or empty); name and currency where somebody typed them."""
    say, chosen = seat().words, request.form.get("template", EMPTY)
    if chosen != EMPTY and chosen not in templates.READY:
        raise NotFound(what="template", given=chosen)
    try:
        with writing() as session:
            made = _make(session, chosen, say)
            entry = newest(session, "pipeline", made.id)
            pipeline_id, done = made.id, entry.id if entry else None
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        return _new(Refused("new", refusal(say, error), request.form.to_dict())), 422
    return redirect(told(url_for("web.pipelines.page", pipeline_id=pipeline_id), done))


@bp.post("/settings/pipelines/order")
def order() -> ResponseReturnValue:
    """Form: order, an id for each; up or down where a button was pressed."""
    wanted = wanted_order(request.form)
    return act(
        lambda session: operations.reorder(session, wanted, at=clock.now()),
        to=url_for("web.pipelines.listing", moved=moved(request.form) or None),
        form="order",
        draw=_listing,
    )


@bp.post("/settings/pipelines/<int:pipeline_id>/archive")
def archive(pipeline_id: int) -> ResponseReturnValue:
    return act(
        lambda session: operations.archive(session, pipeline_id, at=clock.now()),
        to=url_for("web.pipelines.listing"),
        form="archive",
        draw=_listing,
    )


@bp.post("/settings/pipelines/<int:pipeline_id>/restore")
def restore(pipeline_id: int) -> ResponseReturnValue:
    return act(
        lambda session: operations.restore(session, pipeline_id, at=clock.now()),
        to=url_for("web.pipelines.listing"),
        form="restore",
        draw=_listing,
    )


def _make(session: Session, chosen: str, say: Words) -> Pipeline:
    typed, currency = request.form.get("name", "").strip(), request.form.get("currency", "").strip().upper()
    if not typed and chosen == EMPTY:
        raise NoPipelineName
    name = typed or _free(session, say(f"pipelines.template.{chosen}"))
    stages = _empty(say) if chosen == EMPTY else templates.drafts(chosen, say)
    money = Money(Decimal(0), currency or seat().currency)  # raises where it is none
    return operations.create(session, name, stages, at=clock.now(), currency=money.currency)


def _empty(say: Words) -> list[StageDraft]:
    return [
        StageDraft(say("stages.new"), 10),
        StageDraft(say("stages.won"), 100, kind=StageKind.WON),
        StageDraft(say("stages.lost"), 0, kind=StageKind.LOST),
    ]


def _free(session: Session, name: str) -> str:
    """The name of a ready set, numbered where there is a pipeline called so."""
    taken = {pipeline.name for pipeline in (*queries.live(session), *queries.archived(session))}
    number, free = 2, name
    while free in taken:
        number, free = number + 1, f"{name} {number}"
    return free


def _listing(refused: Refused) -> str:
    say = seat().words
    with reading() as session:
        rights.check_may_shape(session)
        return render_template(
            "web/pipelines.html",
            rows=[views.row(session, pipeline, say) for pipeline in queries.live(session)],
            away=[views.row(session, pipeline, say) for pipeline in queries.archived(session)],
            moved=happened(session, back=url_for("web.pipelines.listing")),
            pressed=request.args.get("moved", ""),
            refused=refused,
        )


def _new(refused: Refused) -> str:
    with reading() as session:
        rights.check_may_shape(session)
    return render_template(
        "web/pipeline_new.html", ready=views.ready(seat().words), refused=refused, currency=seat().currency
    )
