"""An act on the cards that are ticked: moved, given to somebody, tagged or deleted, and undone as one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from addon import clock
from addon.domain.bulk import operations as bulk
from addon.domain.bulk import queries as bulks
from addon.domain.errors import DomainError
from addon.models import BulkKind, BulkState
from addon.web import errors
from addon.web.boards import board_answers, many_choices, many_tags
from addon.web.drawing import macro
from addon.web.refusals import refusal
from addon.web.seat import reading, seat, writing
from addon.web.views import asked
from addon.web.views.asked import Asked

bp = Blueprint("board_many", __name__)

MOST = 2000
"""Cards in one request; a page shows no more."""


@bp.post("/board/many")
def act() -> ResponseReturnValue:
    """Form: at, act (move, assign, tag, untag or delete), value, ids (`12:3,15:1`: number and last move seen)."""
    here = request.form.get("at", "")
    try:
        with writing() as session:
            at = asked.at(session, here)
            kind, given = _asked(session, at, request.form.get("act", ""), request.form.get("value", ""))
            ids = _ids(request.form.get("ids", ""), kind)
            row = bulk.start(session, kind, at.ask.subject, ids, given, at=clock.now())
            bulk_id, act_id, count = row.id, row.act_id, len(row.ids)
        if count <= bulk.AT_ONCE:
            _finish(bulk_id)
    except DomainError as error:
        return _refused(error)
    if not errors.wants_json():
        return redirect(at.url(at.ask, done=str(act_id)))
    with reading() as session:
        return jsonify(board_answers.after_act(session, asked.at(session, here), act_id, request.form))


@bp.get("/board/many/<int:activity_id>")
def under_way(activity_id: int) -> ResponseReturnValue:
    """How far an act is that the worker goes on with: the board anew and the line of what came of it."""
    with reading() as session:
        at = asked.at(session, request.args.get("at", ""))
        return jsonify(board_answers.after_act(session, at, activity_id, request.args))


@bp.get("/board/many/stages")
def stages() -> str:
    """Where those on the page at an address can be moved to, as options of a list."""
    with reading() as session:
        found = many_choices.stages(session, asked.at(session, request.args.get("at", "")))
    return str(macro("_board_foot", "stage_options")(found))


@bp.get("/board/many/tags")
def tags() -> str:
    """What can be put on those on the page at an address, as options of a list that is searched by typing."""
    with reading() as session:
        found = many_tags.names(session, asked.at(session, request.args.get("at", "")), seat().words)
    return str(macro("_board_foot", "tag_options")(found))


def _finish(bulk_id: int) -> None:
    """Each slice commits: who moves one of these cards meanwhile does not wait for all."""
    while True:
        with writing() as session:
            if bulks.get(session, bulk_id).state != BulkState.RUNNING:
                return
            if not bulk.run_slice(session, bulk_id, at=clock.now()):
                return


def _asked(session: Session, at: Asked, act: str, value: str) -> tuple[BulkKind, Mapping[str, Any]]:
    if act == "delete":
        return BulkKind.DELETE, {}
    if act == "assign":
        return BulkKind.EDIT, {"owner": f"#{_number(value)}"}
    if act == "move":
        return BulkKind.MOVE, {"stage_id": _number(value), "lost_reason": request.form.get("lost_reason", "")[:300]}
    if act in ("tag", "untag") and value:
        key, option = many_tags.meant(session, at, value.strip()[:500], seat().words, new=act == "tag")
        return BulkKind.EDIT, {f"{'+' if act == 'tag' else '-'}{key}": f"#{option}"}
    raise BadRequest


def _ids(given: str, kind: BulkKind) -> list[Any]:
    found: list[Any] = []
    for part in given.split(",")[:MOST] if given else ():
        number, _, seen = part.partition(":")
        found.append((_number(number), _number(seen)) if kind is BulkKind.MOVE else _number(number))
    return found


def _number(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) < 11):
        raise BadRequest
    return int(given)


def _refused(error: DomainError) -> ResponseReturnValue:
    say = seat().words
    return errors.message(409, say("board.many.refused"), refusal(say, error))
