"""The mail program's pages: choosing a person, lists, an open thread, and what is new."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import requests
from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from addon import clock
from addon.sandbox.inbox import composing, dates, markup, searching, shell
from addon.sandbox.inbox.cards import texts_of
from addon.sandbox.inbox.events import OpenMail
from addon.sandbox.inbox.gmail import NoSuchMail
from addon.sandbox.inbox.letter import Letter, letter_of
from addon.sandbox.inbox.panel import Panel
from addon.sandbox.inbox.places import Inbox, here, seated
from addon.sandbox.inbox.reading import Mail, Person, mail_of

pages = Blueprint("mailing", __name__)


@pages.get("/who")
def choose() -> str:
    inbox = here()
    return render_template("sandbox/choose.html", people=inbox.cast.people, me=inbox.cast.seated())


@pages.post("/who")
def sit() -> AnyResponse:
    if not here().cast.seat(request.form.get("email", "")):
        abort(404)
    shell.hush()
    return redirect(url_for("mailing.listing"))


@pages.get("/people.csv")
def people_file() -> Response:
    whole = here().people_file.read_bytes()
    return Response(whole, mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=people.csv"})


@pages.get("/")
def listing() -> str:
    """A folder with nothing open: the sidebar shows the add-on's homepage."""
    inbox, me = here(), seated()
    return shell.drawn(inbox, me, panel=_panel(inbox, me, None))


@pages.get("/search")
def search() -> AnyResponse:
    """The search options, put into the search box's own words."""
    inbox = here()
    seated()
    today = clock.now().astimezone(inbox.zone).date()
    return redirect(url_for("mailing.listing", q=searching.query_of(request.args, today=today) or None))


@pages.get("/t/<thread_id>")
def thread(thread_id: str) -> str | AnyResponse:
    inbox, me = here(), seated()
    mailbox = inbox.mailbox(me)
    try:
        messages = mailbox.thread(thread_id)["messages"]
    except NoSuchMail:
        flash(inbox.words("sandbox.mail.gone"))
        return redirect(url_for("mailing.listing", **shell.place()))
    mails = [replace(mail, sender=inbox.cast.numbered(mail.sender)) for mail in map(mail_of, messages)]
    inbox.contacts.note(me, mails)
    opened = _opened(mails)
    drafts = mailbox.drafts() if any(mail.is_draft for mail in mails) else {}
    panel = _panel(inbox, me, OpenMail(opened.id, opened.thread_id))
    return shell.drawn(
        inbox,
        me,
        panel=panel,
        open_thread=thread_id,
        mails=mails,
        opened=opened,
        letters=_letters(mails, opened, panel),
        draft_of={mail.id: drafts.get(mail.id, "") for mail in mails if mail.is_draft},
        carried=frozenset(label for mail in mails for label in mail.labels),
    )


@pages.post("/t/<thread_id>/read")
def read(thread_id: str) -> AnyResponse:
    """The person has it in front of them."""
    try:
        here().mailbox(seated()).mark_read(thread_id)
    except NoSuchMail:
        abort(404)
    return Response(status=204)


@pages.get("/write")
def write() -> str | AnyResponse:
    """A new mail, an answer, something to pass on, or a draft to go on with."""
    return composing.opened(here(), seated())


@pages.get("/news")
def news() -> dict[str, Any]:
    """What the page asks every few seconds: has anything changed, and what time is it."""
    inbox, me = here(), seated()
    return {
        "stamp": inbox.mailbox(me).history_id(),
        "clock": dates.on_the_clock(clock.now(), zone=inbox.zone, words=inbox.words),
    }


@pages.app_errorhandler(requests.RequestException)
def gmail_is_silent(_trouble: requests.RequestException) -> tuple[str, int]:
    """Gmail did not answer, or refused: nothing that was asked for can be shown."""
    return render_template("sandbox/silent.html", again=request.full_path.rstrip("?")), 503


def _panel(inbox: Inbox, me: Person, mail: OpenMail | None) -> Panel | None:
    """The sidebar that a click without scripts left behind, or a new one.

    None where a script asks what is new and has this very mail (or none) open: its sidebar stays as it is.
    """
    if request.headers.get("X-Opened") == (mail.message_id if mail else ""):
        return None
    kept = inbox.sidebar.find(inbox.reader(me), request.args.get("panel", ""))
    return kept if kept is not None and kept.mail == mail else inbox.sidebar.open(inbox.reader(me), mail)


def _opened(mails: list[Mail]) -> Mail:
    """The newest mail of a thread, drafts aside: it is what the sidebar is about."""
    return next((mail for mail in reversed(mails) if not mail.is_draft), mails[-1])


def _letters(mails: list[Mail], opened: Mail, panel: Panel | None) -> dict[str, Letter]:
    """How each mail is shown, by its id; the sentences that the sidebar quotes are marked in the opened one."""
    card = panel.top.card if panel and panel.top else None
    said = [quote for text in (texts_of(card) if card else ()) for quote in markup.quotes(text)]
    from_outside = request.args.get("pictures") == "yes"
    return {
        mail.id: letter_of(mail, said if mail is opened else [], _picture_address(mail), from_outside=from_outside)
        for mail in mails
    }


def _picture_address(mail: Mail) -> dict[str, str]:
    """Where the pictures that the mail's own HTML names are found."""
    return {
        file.cid: url_for("filing.picture", message=mail.id, part=file.part or "_")
        for file in mail.attachments
        if file.cid and file.is_picture
    }
