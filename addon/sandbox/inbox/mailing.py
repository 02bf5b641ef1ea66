"""The mail program's pages: choosing a person, lists, an open thread, writing, and what is new."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import requests
from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from addon import clock
from addon.sandbox.inbox import dates, markup
from addon.sandbox.inbox.cards import texts_of
from addon.sandbox.inbox.events import OpenMail
from addon.sandbox.inbox.gmail import FOLDERS, NoSuchMail
from addon.sandbox.inbox.panel import Panel
from addon.sandbox.inbox.places import Inbox, here, seated
from addon.sandbox.inbox.reading import Mail, Person, mail_of, paragraphs, says, split_quoted
from addon.sandbox.inbox.writing import NotAnAddress, answer_subject, compose

pages = Blueprint("mailing", __name__)


@pages.get("/who")
def choose() -> str:
    inbox = here()
    return render_template("sandbox/choose.html", people=inbox.cast.people, me=inbox.cast.seated())


@pages.post("/who")
def sit() -> AnyResponse:
    if not here().cast.seat(request.form.get("email", "")):
        abort(404)
    return redirect(url_for("mailing.listing"))


@pages.get("/people.csv")
def people_file() -> Response:
    whole = here().people_file.read_bytes()
    return Response(whole, mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=people.csv"})


@pages.get("/")
def listing() -> str:
    """A folder with nothing open: the sidebar shows the add-on's homepage."""
    inbox, me = here(), seated()
    return _page(inbox, me, panel=_panel(inbox, me, None))


@pages.get("/t/<thread_id>")
def thread(thread_id: str) -> str | AnyResponse:
    inbox, me = here(), seated()
    try:
        messages = inbox.mailbox(me).thread(thread_id, full=True)["messages"]
    except NoSuchMail:
        flash(inbox.words("sandbox.mail.gone"))
        return redirect(url_for("mailing.listing"))
    mails = [replace(mail, sender=inbox.cast.numbered(mail.sender)) for mail in map(mail_of, messages)]
    opened = _opened(mails)
    panel = _panel(inbox, me, OpenMail(opened.id, opened.thread_id))
    return _page(inbox, me, panel=panel, open_thread=thread_id, mails=mails, opened=opened, **_body(opened, panel))


@pages.post("/t/<thread_id>/read")
def read(thread_id: str) -> AnyResponse:
    """The person has it in front of them."""
    try:
        here().mailbox(seated()).mark_read(thread_id)
    except NoSuchMail:
        abort(404)
    return Response(status=204)


@pages.get("/write")
def write() -> str:
    inbox, me = here(), seated()
    answers = _answered(inbox, me, request.args.get("thread", ""))
    draft = {"to": "", "subject": "", "body": ""}
    if answers is not None:
        draft |= {"to": _answer_to(answers, me), "subject": answer_subject(answers.subject)}
    return _page(inbox, me, panel=None, writing=draft, answers=answers)


@pages.post("/write")
def send() -> str | AnyResponse:
    inbox, me = here(), seated()
    draft = {field: request.form.get(field, "") for field in ("to", "subject", "body")}
    answers = _answered(inbox, me, request.form.get("thread", ""))
    try:
        raw = compose(me, draft["to"], draft["subject"], draft["body"], answers=answers)
        sent = inbox.mailbox(me).send(raw, thread_id=answers.thread_id if answers else "")
    except NotAnAddress:
        return _page(inbox, me, panel=None, writing=draft, answers=answers, wrong="sandbox.write.no_address")
    except (requests.RequestException, NoSuchMail):
        return _page(inbox, me, panel=None, writing=draft, answers=answers, wrong="sandbox.write.not_sent")
    flash(inbox.words("sandbox.write.sent"))
    return redirect(url_for("mailing.thread", thread_id=sent["threadId"], folder=request.args.get("folder")))


@pages.get("/news")
def news() -> dict[str, Any]:
    """What the page asks every few seconds: has anything changed, and what time is it."""
    inbox, me = here(), seated()
    return {
        "stamp": inbox.mailbox(me).history_id(),
        "clock": dates.on_the_clock(clock.now(), zone=inbox.zone, words=inbox.words),
    }


def _page(inbox: Inbox, me: Person, **more: Any) -> str:
    folder = request.args.get("folder", "inbox")
    if folder not in FOLDERS:
        abort(404)
    mailbox, query = inbox.mailbox(me), request.args.get("q", "").strip()
    stamp = mailbox.history_id()
    paged = request.args.get("page", "")
    listed = inbox.folders.page(mailbox, me, folder, query, paged)
    return render_template(
        "sandbox/inbox.html",
        me=me,
        people=inbox.cast.people,
        folder=folder,
        folders=list(FOLDERS),
        query=query,
        listed=listed,
        paged=paged,
        unread=mailbox.unread(),
        stamp=stamp,
        now=dates.on_the_clock(clock.now(), zone=inbox.zone, words=inbox.words),
        **more,
    )


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


def _body(opened: Mail, panel: Panel | None) -> dict[str, Any]:
    fresh, quoted = split_quoted(opened.text)
    said = [
        quote for text in (texts_of(panel.top.card) if panel and panel.top else ()) for quote in markup.quotes(text)
    ]
    marked = [quote for quote in said if says(fresh, quote)]
    return {"body": paragraphs(fresh, marked), "quoted": paragraphs(quoted), "marked": bool(marked)}


def _answered(inbox: Inbox, me: Person, thread_id: str) -> Mail | None:
    if not thread_id:
        return None
    try:
        messages = inbox.mailbox(me).thread(thread_id, full=True)["messages"]
    except NoSuchMail:
        abort(404)
    return _opened([mail_of(message) for message in messages])


def _answer_to(mail: Mail, me: Person) -> str:
    mine = mail.sender.email.lower() == me.email
    return ", ".join(person.email for person in mail.to) if mine else mail.reply_to
