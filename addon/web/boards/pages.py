"""Boards and tables: a pipeline's standard view, a saved view, all deals; what scripts ask for while one is open."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.pipelines import queries as pipelines
from addon.domain.views import board
from addon.models import Shape, Subject
from addon.web.boards import board_answers, board_page, card_view
from addon.web.boards.stage_listing import stage_listing
from addon.web.drawing import macro
from addon.web.seat import reading, seat
from addon.web.views import asked
from addon.web.views.asked import Asked

bp = Blueprint("boards", __name__)


@bp.get("/")
def home() -> ResponseReturnValue:
    return redirect(url_for("web.boards.first"))


@bp.get("/board")
def first() -> ResponseReturnValue:
    with reading() as session:
        found = pipelines.live(session)
    if not found:
        return render_template("web/board_empty.html")
    return redirect(url_for("web.boards.page", pipeline_id=found[0].id))


@bp.get("/board/<int:pipeline_id>")
def page(pipeline_id: int) -> ResponseReturnValue:
    with reading() as session:
        return draw(session, asked.of_pipeline(session, pipeline_id, request.args))


@bp.get("/views/<ref>")
def saved(ref: str) -> ResponseReturnValue:
    with reading() as session:
        return draw(session, asked.of_view(session, ref, request.args))


@bp.get("/deals")
def all_deals() -> ResponseReturnValue:
    with reading() as session:
        return draw(session, asked.whole(session, Subject.DEAL, request.args, "/deals"))


def draw(session: Session, at: Asked) -> str:
    """The whole page of a board or a table, as its address asks."""
    return board_page.draw(session, at, request.args)


@bp.get("/board/<int:pipeline_id>/stages/<int:stage_id>")
def stage(pipeline_id: int, stage_id: int) -> ResponseReturnValue:
    """What stands behind the number on a rail."""
    with reading() as session:
        listing = stage_listing(session, pipeline_id, stage_id, seat().words, now=clock.now())
    return render_template("web/stage.html", stage=listing)


@bp.get("/board/<int:pipeline_id>/state")
def state(pipeline_id: int) -> ResponseReturnValue:
    """A pipeline's board for a script: nothing where it stands as the script knows it."""
    with reading() as session:
        return _state(session, asked.of_pipeline(session, pipeline_id, request.args))


@bp.get("/board/state")
def state_at() -> ResponseReturnValue:
    """The same for the board at any address, `at`."""
    with reading() as session:
        return _state(session, asked.at(session, request.args.get("at", "")))


@bp.get("/board/more")
def more() -> ResponseReturnValue:
    """The next cards of a column, behind a mark."""
    say, now = seat().words, clock.now()
    with reading() as session:
        at = asked.at(session, request.args.get("at", ""))
        ask = replace(at.ask, shape=Shape.BOARD)
        key, mark = request.args.get("column", ""), request.args.get("after", "")
        rows, after = board.more(session, ask, key, mark, at=now)
        make = card_view.maker(session, rows, say, now=now, by_stage=ask.grouping == "stage")
        card = macro("_deal_card", "deal_card")
        cards = "".join(str(card(make.card(row), card_view.card_words(say))) for row in rows)
    return jsonify(html=cards, after=after, say=say("board.more_shown", n=len(rows)))


def _state(session: Session, at: Asked) -> ResponseReturnValue:
    return board_answers.state(session, at, request.args)


def address(pipeline_id: int, *, done: int | None = None) -> str:
    """`done`: an act that the board's first line tells of."""
    return url_for("web.boards.page", pipeline_id=pipeline_id, done=done)
