"""Moving a deal from its page: what the stage asks for is filled in and the move made in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.deals import losing, operations
from addon.domain.deals import queries as deals
from addon.domain.errors import DomainError, NotFound
from addon.domain.fields.builtin import builtin
from addon.domain.ladder import asking
from addon.domain.ladder import operations as ladder
from addon.domain.pipelines import queries as pipelines
from addon.models import StageKind, Subject
from addon.web import errors
from addon.web.fields import field_inputs
from addon.web.fields.forms import FieldView, number, with_errors
from addon.web.moves import deal_needs
from addon.web.moves.refused_cards import said
from addon.web.refusals import refusal
from addon.web.seat import reading, seat, writing

bp = Blueprint("deal_moves", __name__)


class Unread(Exception):
    """Something was typed that cannot be read; nothing was changed."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__()
        self.errors = errors


@dataclass(frozen=True)
class LineView:
    name: str
    stages: Sequence[tuple[int, str]]


@bp.get("/deals/<int:deal_id>/to/<int:stage_id>")
def ask(deal_id: int, stage_id: int) -> ResponseReturnValue:
    """What the stage asks for: empty fields, and for Lost the reason."""
    with reading() as session:
        return _page(session, deal_id, stage_id, {})


@bp.post("/deals/<int:deal_id>/to/<int:stage_id>")
def go(deal_id: int, stage_id: int) -> ResponseReturnValue:
    return _go(deal_id, stage_id)


@bp.get("/deals/<int:deal_id>/elsewhere")
def elsewhere(deal_id: int) -> ResponseReturnValue:
    """The stages of the other pipelines."""
    with reading() as session:
        deal = deals.get(session, deal_id)
        lines = [
            LineView(line.name, _open_to(session, line.id))
            for line in pipelines.live(session)
            if line.id != deal.pipeline_id
        ]
        return render_template(
            "web/deal_elsewhere.html",
            deal_id=deal.id,
            title=deal.title,
            pipeline=deal.pipeline.name,
            seen=deal.last_move,
            lines=lines,
        )


@bp.post("/deals/<int:deal_id>/elsewhere")
def go_elsewhere(deal_id: int) -> ResponseReturnValue:
    return _go(deal_id, number("stage"))


def reason_field(given: str = "", error: str = "") -> FieldView:
    """Why a deal is lost, with what was said of others before; the list is `reasons`."""
    spec = builtin(Subject.DEAL, "lost_reason")
    limit = spec.longest if spec else None
    say = seat().words
    label, hint = say("deal.why_lost"), say("deal.why_lost_hint")
    return FieldView(
        name="lost_reason",
        label=label,
        value=given,
        error=error,
        hint=hint,
        limit=limit,
        listing="reasons",
        required=True,
    )


def _open_to(session: Session, pipeline_id: int) -> list[tuple[int, str]]:
    """Nothing is lost by being moved to another pipeline."""
    found = pipelines.stages(session, pipeline_id)
    return [(stage.id, stage.name) for stage in found if stage.kind != StageKind.LOST]


def _go(deal_id: int, stage_id: int) -> ResponseReturnValue:
    try:
        with writing() as session:
            _fill_and_move(session, deal_id, stage_id)
    except NotFound:
        raise
    except Unread as unread:
        return _again(deal_id, stage_id, unread.errors)
    except ladder.ReasonNeeded as error:
        return _again(deal_id, stage_id, {"lost_reason": refusal(seat().words, error)})
    except ladder.FieldsMissing as error:
        return _again(deal_id, stage_id, _still_empty(error))
    except DomainError as error:
        return _refused(deal_id, stage_id, error)
    return redirect(url_for("web.deals.page", deal_id=deal_id))


def _fill_and_move(session: Session, deal_id: int, stage_id: int) -> None:
    say, now = seat().words, clock.now()
    deal, target = deals.hold(session, deal_id), pipelines.get_stage(session, stage_id)
    asked = [spec for spec in asking.still_empty(session, deal, target) if field_inputs.typed(request.form, spec)]
    read = field_inputs.read(session, asked, request.form, say, currency=deal.pipeline.currency)
    if read.errors:
        raise Unread(read.errors)
    given = {key: value for key, value in read.values.items() if value is not None}
    if given:
        operations.edit(session, deal_id, given, at=now)
    seen = number("seen")
    if target.pipeline_id != deal.pipeline_id:
        ladder.move_to_pipeline(session, deal_id, stage_id, seen=seen, at=now)
        return
    reason = request.form.get("lost_reason")
    ladder.move(session, deal_id, stage_id, seen=seen, at=now, lost_reason=reason, asks_reason=True)


def _still_empty(error: DomainError) -> dict[str, str]:
    """Said at each field once the person has seen it and left it empty."""
    say = seat().words
    keys = [field["key"] for field in error.params["fields"]]
    sent = [key for key in keys if f"asked_{key}" in request.form]
    return {key: say("deal.still_empty", stage=error.params["stage"]) for key in sent}


def _again(deal_id: int, stage_id: int, wrong: Mapping[str, str]) -> ResponseReturnValue:
    with reading() as session:
        return _page(session, deal_id, stage_id, wrong), 422


def _page(session: Session, deal_id: int, stage_id: int, wrong: Mapping[str, str]) -> str:
    say = seat().words
    deal, target = deals.get(session, deal_id), pipelines.get_stage(session, stage_id)
    specs = asking.still_empty(session, deal, target)
    typed = {spec.key: field_inputs.typed(request.form, spec) for spec in specs}
    form = list(with_errors(field_inputs.controls(session, specs, typed, say, needed=typed), wrong))
    reasons: list[str] = []
    if target.kind == StageKind.LOST:
        given = request.form.get("lost_reason", deal.lost_reason)
        form.append(reason_field(given, wrong.get("lost_reason", "")))
        reasons = losing.earlier_reasons(session, deal.pipeline_id)
    return render_template(
        "web/deal_move.html",
        deal_id=deal.id,
        title=deal.title,
        stage=target,
        elsewhere=target.pipeline_id != deal.pipeline_id,
        pipeline=pipelines.get(session, target.pipeline_id).name,
        seen=request.form.get("seen", deal.last_move),
        form=form,
        asked=[spec.key for spec in specs],
        why=say("deal.asks_for", stage=target.name, fields=deal_needs.named(specs, say)) if specs else "",
        reasons=reasons,
    )


def _refused(deal_id: int, stage_id: int, error: DomainError) -> ResponseReturnValue:
    """Somebody was first, or the stage is gone or does not follow."""
    say = seat().words
    with reading() as session:
        stage = pipelines.get_stage(session, stage_id).name
    back = errors.Action(say("web.deal.back_to_it"), url_for("web.deals.page", deal_id=deal_id))
    text = said(error, say)
    return errors.message(409, say("web.moved.not_moved", stage=stage), text, action=back)
