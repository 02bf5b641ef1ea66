"""What a script of an open board gets: the columns that changed, the totals, the line of what just happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.activity import queries as activity
from addon.models import Shape
from addon.web.boards import moved_view
from addon.web.boards.board_view import BoardView, board_view
from addon.web.boards.card_view import card_words
from addon.web.diary.acts import Teller
from addon.web.drawing import macro
from addon.web.seat import seat
from addon.web.views.asked import Asked

MOST_SHOWN = 60
"""Columns of which somebody may have scrolled for more."""


def state(session: Session, at: Asked, given: Mapping[str, str]) -> ResponseReturnValue:
    """The board, or 204 where it stands as the script knows it."""
    board = _board(session, at, given)
    if given.get("known") == board.print:
        return "", 204
    return jsonify(drawn(board, given))


def parts(session: Session, at: Asked, given: Mapping[str, str]) -> dict[str, Any]:
    """The board at an address, for an answer; nothing of it where that address shows a table."""
    if at.ask.shape != Shape.BOARD:
        return {"reload": at.here}
    return drawn(_board(session, at, given), given)


def after_act(session: Session, at: Asked, activity_id: int | None, given: Mapping[str, str]) -> dict[str, Any]:
    """The board after an act, and the line that says what happened."""
    say = seat().words
    answer = parts(session, at, given)
    if activity_id is None:
        return {**answer, "moved": "", "say": say("web.moved.nothing")}
    teller = Teller(session, say, seat().user_id, clock.now())
    moved = moved_view.moved_view(session, activity.get(session, activity_id), teller, back=at.here)
    line = macro("_moved", "moved_line")(moved)
    return {**answer, "moved": str(line), "say": moved.words, "done": activity_id}


def drawn(board: BoardView, given: Mapping[str, str]) -> dict[str, Any]:
    """The parts of a board that a script puts in place; a column that it has already is named only."""
    say = seat().words
    had = set(given.get("prints", "")[:20_000].split(","))
    draw = macro("_board_column", "board_column")
    columns = []
    for column in board.columns:
        part: dict[str, Any] = {"id": column.element, "print": column.print}
        if column.print not in had:
            part["html"] = str(draw(column, card_words(say)))
        columns.append(part)
    return {
        "columns": columns,
        "totals": str(macro("_totals", "board_totals")(board.totals, say("web.board.not_added"))),
        "left_out": board.left_out,
        "empty": board.empty,
        "print": board.print,
    }


def _board(session: Session, at: Asked, given: Mapping[str, str]) -> BoardView:
    return board_view(session, at, seat().words, now=clock.now(), shown=_shown(given.get("shown", "")))


def _shown(given: str) -> dict[str, int]:
    """`17:150,~:60` is 150 cards of column 17 and 60 of the empty one; keys as addresses have them."""
    found = {}
    for part in given[:4000].split(",")[:MOST_SHOWN]:
        key, _, count = part.rpartition(":")
        if count.isascii() and count.isdigit() and len(count) < 6:
            found["" if key == "~" else unquote(key)] = int(count)
    return found
