"""Signing in with Google, and out again."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from addon.domain.access import Deactivated, doors
from addon.domain.access.doors import UnknownUser
from addon.web import google, seat
from addon.web.errors import Action, message
from addon.web.services import database, settings

bp = Blueprint("signin", __name__)

NEXT = "next"


@bp.get("/signin")
def page() -> ResponseReturnValue:
    wanted = own_path(request.args.get(NEXT, ""))
    if seat.current() is not None:
        return redirect(wanted)
    return render_template("web/signin.html", start=url_for("web.signin.start", next=wanted))


@bp.get("/signin/google")
def start() -> ResponseReturnValue:
    """A link, not a form: `form-action` would otherwise have to name every host that Google redirects through."""
    session[NEXT] = own_path(request.args.get(NEXT, ""))
    return google.go(settings().url(url_for("web.signin.came_back")))


@bp.get("/signin/return")
def came_back() -> ResponseReturnValue:
    say = seat.words()
    again = Action(say("web.signin.again"), url_for("web.signin.page"))
    try:
        who = google.come_back()
    except google.SignInFailed:
        session.pop(NEXT, None)
        return message(400, say("web.signin.failed"), say("web.signin.failed_text"), action=again)
    try:
        doors.user_by_address(database(), who.email)
    except UnknownUser:
        text = say("web.signin.no_account_text", email=who.email)
        return message(403, say("web.signin.no_account"), text, say("web.signin.no_account_what_to_do"), action=again)
    except Deactivated:
        text = say("web.signin.deactivated_text", email=who.email)
        return message(403, say("web.signin.deactivated"), text, action=again)
    wanted = own_path(session.get(NEXT, ""))
    session.clear()
    session.permanent = True
    session[seat.SIGNED_IN] = who.email
    return redirect(wanted)


@bp.post("/signout")
def sign_out() -> ResponseReturnValue:
    session.clear()
    return redirect(url_for("web.signin.signed_out"))


@bp.get("/signed-out")
def signed_out() -> ResponseReturnValue:
    say = seat.words()
    back = Action(say("web.signin.again"), url_for("web.signin.page"))
    return message(200, say("web.signin.signed_out"), say("web.signin.signed_out_text"), action=back)


def own_path(wanted: str) -> str:
    """A path of this site, or the start page: nobody may send people elsewhere through the sign-in.

    >>> own_path("/deals/4?x=1"), own_path("//evil.test"), own_path("https://evil.test"), own_path("/\\\\evil.test")
    ('/deals/4?x=1', '/', '/', '/')
    """
    local = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if local and wanted.isprintable() else "/"
