"""The page of a board or a table: its bar, what just happened, what is shown, and the words its scripts speak."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, url_for
from sqlalchemy.orm import Session

from addon import clock
from addon.i18n import Words
from addon.models import Shape, Subject
from addon.web import frame
from addon.web.boards import many_choices, moved_view, no_hit, table_view
from addon.web.boards.board_view import BoardView, board_view
from addon.web.boards.card_view import card_words
from addon.web.diary.acts import Teller
from addon.web.seat import seat
from addon.web.views import view_bar
from addon.web.views.asked import OFFSET, Asked

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
SPOKEN_HERE = (
    "selected",
    "unselected",
    "none_selected",
    "chosen",
    "all_chosen",
    "added_to",
    "editing",
    "edit_left",
    "loading",
    "saved",
    "under_way",
)


def draw(session: Session, at: Asked, given: Mapping[str, str]) -> str:
    """The whole page."""
    frame.shows(at.ask.subject)
    say, now = seat().words, clock.now()
    more: dict[str, Any] = {}
    if at.ask.shape == Shape.BOARD:
        board = board_view(session, at, say, now=now)
        more.update(board=board, columns_class=_columns_class(board), nothing=board.empty)
    else:
        table = table_view.table_view(session, at, say, now=now, offset=_number(given.get(OFFSET, "")))
        more.update(table=table, nothing=not table.total)
    bar = view_bar.view_bar(session, at, say)
    no_hits = no_hit.no_hit(session, at, bar.chips, say, now=now) if more["nothing"] else None
    moved = _moved(session, at, given, say)
    return render_template(
        "web/board.html" if at.ask.shape == Shape.BOARD else "web/table.html",
        bar=bar,
        moved=moved,
        no_hits=no_hits,
        at=at.here,
        many=many_choices.choices(session, at),
        state=url_for("web.boards.state_at", at=at.here),
        new_url=new_url(session, at),
        grouped=bar.grouped_by,
        words=card_words(say),
        js_words={
            **{name: say(f"web.board.says.{name}") for name in SPOKEN},
            **{name: say(f"board.says.{name}") for name in SPOKEN_HERE},
        },
        **more,
    )


def new_url(session: Session, at: Asked) -> str:
    """Where something new of the kind is made; empty where nothing can be."""
    if at.ask.subject == Subject.DEAL:
        pipeline_id = at.ask.pipeline_id or view_bar.first_pipeline(session)
        return url_for("web.deals.new", pipeline_id=pipeline_id) if pipeline_id else ""
    return "/people/new" if at.ask.subject == Subject.CONTACT else "/companies/new"


def _moved(session: Session, at: Asked, given: Mapping[str, str], say: Words) -> moved_view.MovedView | None:
    done = _number(given.get("done", ""))
    if not done:
        return None
    teller = Teller(session, say, seat().user_id, clock.now())
    return moved_view.after_act(session, done, teller, back=at.here)


def _columns_class(board: BoardView) -> str:
    if not board.rails:
        return "wide-columns"
    return f"cols-{len(board.wide)}" if len(board.wide) in KEPT_WIDTHS and len(board.rails) == 2 else "cols-many"


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
