"""Mailboxes: connecting one through Google's consent page, how each is doing, what colleagues see of its mail."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from addon import clock
from addon.domain.errors import DomainError
from addon.domain.mailboxes import operations, queries
from addon.domain.ports.identity import KeysUnavailable, NotVerified
from addon.domain.ports.mailbox import MailboxTrouble, RefusedForGood
from addon.integrations.google.consent import Connected
from addon.models import Sharing
from addon.web import services
from addon.web.mailbox_view import Trouble, mailbox_view
from addon.web.refusals import refusal
from addon.web.seat import reading, seat, writing

bp = Blueprint("mailboxes", __name__)

ASKED = "mailbox_consent"
"""Key of state and verifier in the cookie while a person is at Google's page."""


@bp.get("/mailboxes")
def listing() -> ResponseReturnValue:
    return _page(None)


@bp.get("/mailboxes/connect")
def connect() -> ResponseReturnValue:
    """A link, like the sign-in: nothing of anybody's changes before they come back."""
    hint = request.args.get("mailbox", "")
    asked = services.google().consent.ask(redirect_uri=_return_address(), login_hint=hint)
    session[ASKED] = [asked.state, asked.verifier]
    return redirect(asked.url)


@bp.get("/mailboxes/connected")
def connected() -> ResponseReturnValue:
    """The return from Google's consent page: one of the two GETs that may change something."""
    state, verifier = session.pop(ASKED, None) or ("", "")
    if not state or request.args.get("state") != state:
        return _page("stale"), 400
    code = request.args.get("code", "")
    if not code:
        return _page("refused"), 400
    try:
        granted = services.google().consent.exchange(code, verifier=verifier, redirect_uri=_return_address())
    except RefusedForGood:
        return _page("stale"), 400
    except (MailboxTrouble, NotVerified, KeysUnavailable):
        return _page("no_answer"), 502
    if granted.lacking:
        return _page("lacking"), 400
    return _keep(granted)


@bp.post("/mailboxes/<int:mailbox_id>/sharing")
def share(mailbox_id: int) -> ResponseReturnValue:
    chosen = request.form.get("level", "")
    if chosen not in list(Sharing):
        raise BadRequest
    with writing() as opened:
        operations.share(opened, mailbox_id, Sharing(chosen), at=clock.now())
    return redirect(url_for("web.mailboxes.listing"))


@bp.post("/mailboxes/<int:mailbox_id>/disconnect")
def disconnect(mailbox_id: int) -> ResponseReturnValue:
    with writing() as opened:
        operations.disconnect(opened, mailbox_id, at=clock.now())
    return redirect(url_for("web.mailboxes.listing"))


def _keep(granted: Connected) -> ResponseReturnValue:
    try:
        with writing() as opened:
            mailbox = operations.connect(
                opened,
                owner_id=seat().user_id,
                email=granted.identity.email,
                refresh_token=granted.refresh_token,
                scopes=" ".join(sorted(granted.scopes)),
                at=clock.now(),
            )
    except DomainError as error:
        return _page("not_kept", refusal(seat().words, error)), 409
    services.wake(mailbox.id)
    return redirect(url_for("web.mailboxes.listing"))


def _return_address() -> str:
    return services.settings().url(url_for("web.mailboxes.connected"))


def _page(trouble: str | None, text: str = "") -> str:
    say, now = seat().words, clock.real_now()
    said = None
    if trouble is not None:
        said = Trouble(say(f"web.mailboxes.trouble.{trouble}"), text or say(f"web.mailboxes.trouble.{trouble}_text"))
    with reading() as opened:
        everybody = queries.everyones(opened)
        views = [(each.owner_id == seat().user_id, mailbox_view(opened, each, say, now=now)) for each in everybody]
    return render_template(
        "web/mailboxes.html",
        trouble=said,
        mine=[view for own, view in views if own],
        others=[view for own, view in views if not own],
    )
