"""The way out of campaigns: /u/<token>, in every mail's headers and last line.

A mail program posts here without a cookie and wants 200 at once (RFC 8058); a person gets a page with one button.
Scanners open every link, so opening it changes nothing. The token is the only key: nobody signs in, nothing is asked.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue

from addon import clock
from addon.domain.access import Database
from addon.domain.access.doors import guest_by_token
from addon.domain.campaigns import unsubscribing
from addon.domain.errors import NotFound
from addon.shipped import place

PATH = "/u/<token>"


def blueprint(*, database: Database, wake: Callable[[], None] = lambda: None) -> Blueprint:
    """GET and POST /u/<token>. `wake` has this process's own worker look at once, so that drafts are taken back."""
    way_out = Blueprint("unsubscribing", __name__, template_folder=str(place("templates")))

    @way_out.get(PATH)
    def ask(token: str) -> ResponseReturnValue:
        with database.reading(guest_by_token(database, token)) as session:
            return _page("done" if unsubscribing.is_unsubscribed(session) else "ask")

    @way_out.post(PATH)
    def leave(token: str) -> ResponseReturnValue:
        """The body is not read: whoever posts here means it."""
        with database.writing(guest_by_token(database, token)) as session:
            unsubscribing.unsubscribe(session, at=clock.now())
        wake()
        return _page("done")

    @way_out.errorhandler(NotFound)
    def no_such_link(_refused: Exception) -> ResponseReturnValue:
        return _page("unknown", status=404)

    return way_out


def _page(state: str, *, status: int = 200) -> ResponseReturnValue:
    response = make_response(render_template("web/unsubscribe.html", state=state), status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
