"""Moving a deal, and taking an act back: from the board by script, from the deal's page by form."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from addon import clock
from addon.domain.activity import queries as activity
from addon.domain.deals import queries as deals
from addon.domain.errors import DomainError, NotFound
from addon.domain.ladder import operations as ladder
from addon.domain.pipelines import queries as pipelines
from addon.domain.threads import operations as threads
from addon.domain.threads import queries as thread_queries
from addon.domain.undoing import operations as undoing
from addon.domain.undoing.operations import CannotUndo
from addon.web import boards, errors, moved_view
from addon.web.acts import Teller
from addon.web.drawing import macro
from addon.web.refusals import refusal
from addon.web.seat import reading, seat, writing
from addon.web.signin import own_path
from addon.web.undo_view import refused_because

bp = Blueprint("moves", __name__)


@bp.post("/deals/<int:deal_id>/move")
def move(deal_id: int) -> ResponseReturnValue:
    stage_id, seen = number("stage"), number("seen")
    try:
        with writing() as session:
            entry = ladder.move(session, deal_id, stage_id, seen=seen, at=clock.now())
    except NotFound:
        raise
    except DomainError as error:
        return _not_moved(deal_id, stage_id, error)
    if errors.wants_json():
        return jsonify(_after(deal_id, entry.id if entry else None))
    return redirect(url_for("web.deals.page", deal_id=deal_id))


@bp.post("/undo/<int:activity_id>")
def undo(activity_id: int) -> ResponseReturnValue:
    back = own_path(request.form.get("back", ""))
    try:
        with writing() as session:
            done = undoing.undo(session, activity_id, at=clock.now())
            deal_id = done.subject_id if done.subject_kind == "deal" else None
    except CannotUndo as error:
        return _not_taken_back(error, back)
    if errors.wants_json() and deal_id is not None:
        return jsonify(_after(deal_id, done.id))
    return redirect(back)


@bp.post("/deals/<int:deal_id>/threads/<int:thread_id>/unlink")
def unlink(deal_id: int, thread_id: int) -> ResponseReturnValue:
    with writing() as session:
        thread = thread_queries.get(session, thread_id)
        live = thread_queries.live_link(session, thread_id)
        if live is None or live.deal_id != deal_id:
            raise NotFound(what="thread", given=thread_id)
        threads.unlink(session, thread, at=clock.now())
    return redirect(url_for("web.deals.page", deal_id=deal_id))


def number(name: str) -> int:
    """A number of the form, as our own pages send it."""
    found = request.form.get(name, type=int)
    if found is None:
        raise BadRequest
    return found


def _after(deal_id: int, activity_id: int | None) -> dict[str, Any]:
    """The board after an act, and the line that says what happened."""
    say, now = seat().words, clock.now()
    with reading() as session:
        pipeline_id = deals.get(session, deal_id).pipeline_id
        answer = boards.board_of(session, pipeline_id)
        moved = None
        if activity_id is not None:
            teller = Teller(session, say, seat().user_id, now)
            entry = activity.get(session, activity_id)
            moved = moved_view.moved_view(session, entry, teller, back=boards.address(pipeline_id))
        line = str(macro("_moved", "moved_line")(moved)) if moved else ""
    return {**answer, "moved": line, "say": moved.words if moved else say("web.moved.nothing")}


def _not_moved(deal_id: int, stage_id: int, error: DomainError) -> ResponseReturnValue:
    """Refused: where it stands now is drawn again, and the card says why it went nowhere."""
    say = seat().words
    with reading() as session:
        pipeline_id = deals.get(session, deal_id).pipeline_id
        stage = pipelines.get_stage(session, stage_id).name
        board = boards.board_of(session, pipeline_id)
    title, text = say("web.moved.not_moved", stage=stage), refusal(say, error)
    if not errors.wants_json():
        back = errors.Action(say("web.deal.back_to_it"), url_for("web.deals.page", deal_id=deal_id))
        return errors.message(409, title, text, action=back)
    html = str(macro("_refused", "refused")(title, text, say("web.board.leave_it")))
    return jsonify(**board, title=title, text=text, html=html), 409


def _not_taken_back(error: CannotUndo, back: str) -> ResponseReturnValue:
    say = seat().words
    text = refused_because(error.params["reasons"], say, now=clock.now()) or refusal(say, error)
    return errors.message(409, say("web.undo.refused"), text, action=errors.Action(say("web.undo.back"), back))
