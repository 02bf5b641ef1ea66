"""What a page says when it cannot do what was asked: what happened, that nothing was lost, what to do."""

from __future__ import annotations

import logging
import secrets
import traceback
from dataclasses import dataclass
from typing import Any

from flask import Flask, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from addon.domain.errors import DomainError, NotAllowed, NotFound
from addon.web import seat
from addon.web.refusals import refusal

log = logging.getLogger(__name__)

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No letter that a person could read as a digit."""


BACK = (("campaigns", "campaign_id", "web.campaign.back_to_it"), ("deals", "deal_id", "web.deal.back_to_it"))


@dataclass(frozen=True)
class Action:
    words: str
    url: str


def join(app: Flask) -> None:
    app.register_error_handler(CSRFError, forged)
    app.register_error_handler(HTTPException, refused_by_http)
    app.register_error_handler(DomainError, refused_by_domain)
    app.register_error_handler(Exception, broken)


def wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def message(
    status: int, title: str, *lines: str, action: Action | None = None, number: str = "", **more: Any
) -> ResponseReturnValue:
    """A page, or JSON for a script of ours, that says one thing."""
    if wants_json():
        return jsonify(title=title, text=" ".join(lines), number=number, **more), status
    if status < 500:
        seat.current()  # whoever is signed in keeps the navigation
    page = render_template("web/message.html", title=title, lines=lines, action=action, number=number)
    return make_response(page, status)


def forged(error: CSRFError) -> ResponseReturnValue:
    say = seat.words()
    return message(400, say("web.errors.forged"), say("web.errors.forged_text"), action=_home())


def refused_by_http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error
    say = seat.words()
    key = f"web.errors.{status}" if say.has(f"web.errors.{status}") else "web.errors.400"
    if status >= 500:
        return broken(error)
    return message(status, say(key), say(f"{key}_text"), action=_home())


def refused_by_domain(error: DomainError) -> ResponseReturnValue:
    """A refusal that no page expected: still said in words, never as a crash."""
    say = seat.words()
    if isinstance(error, NotFound):
        return message(404, say("web.errors.404"), say("web.errors.404_text"), action=_home())
    looked = request.method in ("GET", "HEAD")
    if isinstance(error, NotAllowed) and looked:
        return message(403, say("web.errors.closed"), say("web.errors.closed_text"), action=_back())
    unchanged, why = say("web.errors.nothing_changed"), refusal(say, error)
    why = " ".join(why.replace(unchanged, "").split()) or why  # said once, below it
    return message(403 if isinstance(error, NotAllowed) else 409, why, *([] if looked else [unchanged]), action=_back())


def broken(error: Exception) -> ResponseReturnValue:
    """Ours: logged with a short number that the page shows too; the error's own text may quote rows, so it is not."""
    number, cause = short_number(), _cause(error)
    frames = " < ".join(
        f"{frame.name}:{frame.lineno}" for frame in reversed(traceback.extract_tb(cause.__traceback__)[-8:])
    )
    log.error("page failed, number %s: %s at %s", number, type(cause).__name__, frames)
    say = seat.words()
    return message(500, say("web.errors.500"), say("web.errors.500_text"), number=number, action=_home())


def short_number() -> str:
    """Short enough to be read out on the phone: K7-4M2Q."""
    drawn = [secrets.choice(ALPHABET) for _ in range(6)]
    return "".join(drawn[:2]) + "-" + "".join(drawn[2:])


def _cause(error: Exception) -> BaseException:
    original = error.original_exception if isinstance(error, InternalServerError) else None
    return original or error


def _home() -> Action:
    return Action(seat.words()("web.errors.home"), "/")


def _back() -> Action:
    """To the thing that the refused act was about."""
    about = request.view_args or {}
    for room, name, words in BACK:
        if name in about:
            return Action(seat.words()(words), url_for(f"web.{room}.page", **{name: about[name]}))
    return _home()
