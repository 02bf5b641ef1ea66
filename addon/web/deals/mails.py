"""Showing a whole mail of a linked thread: a form, because a colleague's reading is written down (laws 10 and 12)."""

from __future__ import annotations

from flask import Blueprint, jsonify, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from addon import clock
from addon.domain.deals import queries as deals
from addon.domain.threads import whole_mails
from addon.web import errors
from addon.web.deals import mail_fetch
from addon.web.deals.mail_view import mail_view, trouble
from addon.web.drawing import macro
from addon.web.errors import Action
from addon.web.seat import reading, seat, writing

bp = Blueprint("deal_mails", __name__)


@bp.post("/deals/<int:deal_id>/mails/<int:message_id>")
def show(deal_id: int, message_id: int) -> ResponseReturnValue:
    """A page; for a script the part of it that is put below the mail's line. Never kept by a browser."""
    say, now = seat().words, clock.now()
    with reading() as session:
        title = deals.get(session, deal_id).title
        places = whole_mails.copies(session, deal_id, message_id)
    try:
        copy, raw = mail_fetch.fetch(places)
    except mail_fetch.Unfetched as unfetched:
        told = trouble(unfetched.copy, unfetched.trouble, say)
        own = unfetched.copy.own and not unfetched.copy.connected
        return errors.message(409, *told, action=_to_mailboxes() if own else _back(deal_id))
    with writing() as session:  # before anybody sees a word of it
        whole_mails.note_shown(session, deal_id, copy, at=now)
    view = mail_view(copy, raw, say, now=now)
    if errors.wants_json():
        answer = jsonify(html=str(macro("_mail", "mail_body")(view, say)))
    else:
        answer = make_response(render_template("web/mail.html", mail=view, deal_id=deal_id, deal=title))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _back(deal_id: int) -> Action:
    return Action(seat().words("web.deal.back_to_it"), url_for("web.deals.page", deal_id=deal_id))


def _to_mailboxes() -> Action:
    return Action(seat().words("deal.mail.to_mailboxes"), url_for("web.mailboxes.listing"))
