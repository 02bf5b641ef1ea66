"""The board: every open deal of a pipeline by stage."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.pipelines import queries as pipelines
from addon.i18n import Words
from addon.web import moved_view
from addon.web.acts import Teller
from addon.web.board_view import BoardView, board_view
from addon.web.drawing import macro
from addon.web.seat import reading, seat
from addon.web.stage_listing import stage_listing

bp = Blueprint("boards", __name__)

KEPT_WIDTHS = {1, 2, 3, 4, 5, 6}
"""Numbers of columns that have a grid of their own."""

SPOKEN = (
    "lifted",
    "lifted_by_key",
    "over",
    "put_back",
    "move_to",
    "nothing_to_undo",
    "offline",
    "nothing_changed",
)


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
    say, now = seat().words, clock.now()
    done = request.args.get("done", type=int)
    with reading() as session:
        board = board_view(session, pipeline_id, say, now=now)
        moved = None
        if done is not None:
            teller = Teller(session, say, seat().user_id, now)
            moved = moved_view.after_act(session, done, teller, back=address(pipeline_id))
    return render_template(
        "web/board.html",
        board=board,
        moved=moved,
        words=card_words(say),
        js_words={name: say(f"web.board.says.{name}") for name in SPOKEN},
        columns_class=f"cols-{len(board.columns)}" if len(board.columns) in KEPT_WIDTHS else "cols-many",
    )


@bp.get("/board/<int:pipeline_id>/stages/<int:stage_id>")
def stage(pipeline_id: int, stage_id: int) -> ResponseReturnValue:
    """What stands behind the number on a rail."""
    with reading() as session:
        listing = stage_listing(session, pipeline_id, stage_id, seat().words, now=clock.now())
    return render_template("web/stage.html", stage=listing)


@bp.get("/board/<int:pipeline_id>/state")
def state(pipeline_id: int) -> ResponseReturnValue:
    """The board for a script: nothing where it stands as the script knows it."""
    with reading() as session:
        board = board_view(session, pipeline_id, seat().words, now=clock.now())
    if request.args.get("known") == board.print:
        return "", 204
    return jsonify(drawn(board, seat().words))


def address(pipeline_id: int, *, done: int | None = None) -> str:
    """`done`: an act that the board's first line tells of."""
    return url_for("web.boards.page", pipeline_id=pipeline_id, done=done)


def card_words(say: Words) -> dict[str, str]:
    return {"moved_by_mail": say("web.board.moved_by_mail"), "no_next_step": say("web.board.no_next_step")}


def drawn(board: BoardView, say: Words) -> dict[str, Any]:
    """The parts of a board that a script puts in place."""
    column, rail = macro("_board_column", "board_column"), macro("_board_column", "board_rail")
    parts = [column(each, card_words(say)) for each in board.columns] + [rail(each) for each in board.rails]
    return {
        "columns": "".join(map(str, parts)),
        "totals": str(macro("_totals", "board_totals")(board.totals, say("web.board.not_added"))),
        "print": board.print,
    }


def board_of(session: Session, pipeline_id: int) -> dict[str, Any]:
    """A board as a script draws it, within an open session."""
    return drawn(board_view(session, pipeline_id, seat().words, now=clock.now()), seat().words)
