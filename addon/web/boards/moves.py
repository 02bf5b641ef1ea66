"""Moving a deal, and taking an act back: from the board by script, from the deal's page by form."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.deals import queries as deals
from addon.domain.errors import DomainError, NotFound
from addon.domain.ladder import operations as ladder
from addon.domain.pipelines import queries as pipelines
from addon.domain.threads import operations as threads
from addon.domain.threads import queries as thread_queries
from addon.domain.undoing import operations as undoing
from addon.domain.undoing.operations import CannotUndo
from addon.web import errors
from addon.web.boards import board_answers
from addon.web.diary.undo_view import refused_because
from addon.web.drawing import macro
from addon.web.fields import forms
from addon.web.moves.refused_cards import said, ways_out
from addon.web.refusals import refusal
from addon.web.seat import reading, seat, writing
from addon.web.signin import own_path
from addon.web.views import asked
from addon.web.views.asked import Asked

bp = Blueprint("moves", __name__)


@bp.post("/deals/<int:deal_id>/move")
def move(deal_id: int) -> ResponseReturnValue:
    """Form: stage, seen, and lost_reason, which is asked for where the form has room for it."""
    stage_id, seen, reason = forms.number("stage"), forms.number("seen"), request.form.get("lost_reason")
    asks, now = reason is not None, clock.now()
    try:
        with writing() as session:
            entry = ladder.move(session, deal_id, stage_id, seen=seen, at=now, lost_reason=reason, asks_reason=asks)
    except NotFound:
        raise
    except DomainError as error:
        return _not_moved(deal_id, stage_id, error)
    if errors.wants_json():
        with reading() as session:
            at = _board_of(session, deal_id)
            return jsonify(board_answers.after_act(session, at, entry.id if entry else None, request.form))
    return redirect(url_for("web.deals.page", deal_id=deal_id))


@bp.post("/undo/<int:activity_id>")
def undo(activity_id: int) -> ResponseReturnValue:
    back = own_path(request.form.get("back", ""))
    try:
        with writing() as session:
            done = undoing.undo(session, activity_id, at=clock.now())
            done_id = done.id
    except CannotUndo as error:
        return _not_taken_back(error, back)
    if not errors.wants_json():
        return redirect(back)
    with reading() as session:
        return jsonify(board_answers.after_act(session, asked.at(session, back), done_id, request.form))


@bp.post("/deals/<int:deal_id>/threads/<int:thread_id>/unlink")
def unlink(deal_id: int, thread_id: int) -> ResponseReturnValue:
    with writing() as session:
        thread = thread_queries.get(session, thread_id)
        live = thread_queries.live_link(session, thread_id)
        if live is None or live.deal_id != deal_id:
            raise NotFound(what="thread", given=thread_id)
        threads.unlink(session, thread, at=clock.now())
    return redirect(url_for("web.deals.page", deal_id=deal_id))


def _board_of(session: Session, deal_id: int) -> Asked:
    return asked.of_pipeline(session, deals.get(session, deal_id).pipeline_id, {})


def _not_moved(deal_id: int, stage_id: int, error: DomainError) -> ResponseReturnValue:
    """Refused: where it stands now is drawn again, and the card says why it went nowhere."""
    say = seat().words
    with reading() as session:
        stage = pipelines.get_stage(session, stage_id).name
        board = board_answers.parts(session, _board_of(session, deal_id), request.form)
    title, text = say("web.moved.not_moved", stage=stage), said(error, say)
    if not errors.wants_json():
        way = ways_out(deal_id, error, say)
        page = url_for("web.deals.page", deal_id=deal_id)
        back = errors.Action(way.words, way.url) if way else errors.Action(say("web.deal.back_to_it"), page)
        return errors.message(409, title, text, action=back)
    html = str(macro("_refused", "refused")(title, text, say("web.board.leave_it"), ways_out(deal_id, error, say)))
    return jsonify(**board, title=title, text=text, html=html), 409


def _not_taken_back(error: CannotUndo, back: str) -> ResponseReturnValue:
    say = seat().words
    text = refused_because(error.params["reasons"], say, now=clock.now()) or refusal(say, error)
    return errors.message(409, say("web.undo.refused"), text, action=errors.Action(say("web.undo.back"), back))
