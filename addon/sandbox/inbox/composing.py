"""The compose window: it opens, is kept as a Gmail draft while one writes, is thrown away, or sent."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import requests
from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from addon.sandbox.inbox import answering, drafting, shell
from addon.sandbox.inbox.addresses import NotAnAddress
from addon.sandbox.inbox.answering import Writing
from addon.sandbox.inbox.attachments import MOST_BYTES, size_words
from addon.sandbox.inbox.gmail import Mailbox, NoSuchMail
from addon.sandbox.inbox.places import Inbox, here, seated
from addon.sandbox.inbox.reading import Json, Mail, Person, mail_of, without_html

pages = Blueprint("composing", __name__)

_TYPED = ("to", "cc", "bcc", "subject", "body", "sender", "draft", "thread", "message")


def opened(inbox: Inbox, me: Person) -> str | AnyResponse:
    """The compose window as its address asks for it."""
    mailbox = inbox.mailbox(me)
    senders = mailbox.send_as()
    try:
        writing = _begun(inbox, mailbox, me, senders)
    except NoSuchMail:
        flash(inbox.words("sandbox.mail.gone"))
        return redirect(url_for("mailing.listing", **shell.place()))
    return _drawn(inbox, me, writing, senders)


@pages.post("/write")
def send() -> str | AnyResponse:
    """Send it, or (`do=save`) keep it; `do=drop:...` leaves out one of its files."""
    inbox, me = here(), seated()
    mailbox, asked = inbox.mailbox(me), request.form.get("do", "send")
    writing = _typed()
    try:
        if asked == "send":
            drafting.check(writing)
        writing = drafting.save(mailbox, _sender(mailbox, me), writing, _answered(mailbox, writing), request.files)
        if asked != "send":
            return redirect(url_for("mailing.write", draft=writing.draft or None, **shell.place()))
        sent = drafting.send(mailbox, writing.draft)
    except (NotAnAddress, drafting.TooLarge, drafting.DraftGone, NoSuchMail, requests.RequestException) as trouble:
        return _drawn(inbox, me, writing, mailbox.send_as(), wrong=_said(inbox, trouble), trouble=trouble)
    shell.hush()
    if sent is None:
        flash(inbox.words("sandbox.write.perhaps_sent"))
        return redirect(url_for("mailing.listing", folder="sent"))
    flash(inbox.words("sandbox.write.sent"))
    if writing.thread:
        return redirect(url_for("mailing.thread", thread_id=sent["threadId"], **shell.place()))
    return redirect(url_for("mailing.listing", **shell.place()))


@pages.post("/draft")
def save() -> Json | tuple[Json, int]:
    """What the page's script keeps while one writes: the draft's id and files, and what to say."""
    inbox, me = here(), seated()
    mailbox = inbox.mailbox(me)
    try:
        writing = _typed()
        kept = drafting.save(mailbox, _sender(mailbox, me), writing, _answered(mailbox, writing), request.files)
    except (drafting.TooLarge, drafting.DraftGone, NoSuchMail, requests.RequestException) as trouble:
        return {
            "said": _said(inbox, trouble, otherwise="sandbox.write.unsaved"),
            "gone": isinstance(trouble, drafting.DraftGone),
        }, 409
    files = [{"value": file.value, "name": file.name, "size": size_words(file.size)} for file in kept.kept]
    said = inbox.words("sandbox.write.saved") if kept.draft else ""
    return {"draft": kept.draft, "thread": kept.thread, "files": files, "said": said}


@pages.post("/discard")
def discard() -> AnyResponse:
    inbox, me = here(), seated()
    draft = request.form.get("draft", "")
    try:
        if draft:
            inbox.mailbox(me).delete_draft(draft)
    except NoSuchMail:  # sent or thrown away elsewhere
        shell.say(inbox.words("sandbox.write.draft_gone"))
    else:
        shell.say(inbox.words("sandbox.write.discarded"))
    if thread := request.form.get("thread", ""):
        return redirect(url_for("mailing.thread", thread_id=thread, **shell.place()))
    return redirect(url_for("mailing.listing", **shell.place()))


@pages.app_errorhandler(RequestEntityTooLarge)
def too_heavy(_trouble: RequestEntityTooLarge) -> tuple[Json | str, int]:
    """So much that it was not even read; what was typed is still in the browser."""
    said = here().words("sandbox.write.too_heavy")
    if request.headers.get("X-Requested-With") == "fetch":
        return {"said": said, "gone": False}, 413
    return said, 413


def _begun(inbox: Inbox, mailbox: Mailbox, me: Person, senders: list[Json]) -> Writing:
    """Raises NoSuchMail where what it begins with is gone."""
    asked = request.args
    if asked.get("draft"):
        return drafting.read(mailbox, asked["draft"])
    mine = [me.email, *(str(entry["sendAsEmail"]) for entry in senders)]
    signature = _signature(senders)
    if asked.get("forward"):
        mail = mail_of(mailbox.message(asked["forward"]))
        writing = answering.forward(mail, inbox.words, inbox.zone)
    elif asked.get("thread"):
        mail = _of_thread(mailbox, asked["thread"], asked.get("message", ""))
        everybody = asked.get("all") == "yes"
        writing = answering.answer(mail, mine, inbox.words, inbox.zone, to_all=everybody)
    else:
        given: dict[str, Any] = {name: asked.get(name, "") for name in ("to", "cc", "bcc", "subject", "body")}
        writing = Writing(**given)
    return replace(writing, body=signature + writing.body) if signature else writing


def _signature(senders: list[Json]) -> str:
    """Of the address that mail usually goes out from; empty where it has none."""
    usual = next((entry for entry in senders if entry.get("isDefault")), senders[0] if senders else {})
    words = without_html(str(usual.get("signature", ""))).strip()
    return f"\n\n-- \n{words}" if words else ""


def _of_thread(mailbox: Mailbox, thread: str, message: str = "") -> Mail:
    """The mail of a thread that is named, else its newest that is no draft."""
    mails = [mail_of(each) for each in mailbox.thread(thread)["messages"]]
    finished = [mail for mail in mails if not mail.is_draft] or mails
    return next((mail for mail in mails if mail.id == message), finished[-1])


def _answered(mailbox: Mailbox, writing: Writing) -> Mail | None:
    return _of_thread(mailbox, writing.thread, writing.message) if writing.thread else None


def _typed() -> Writing:
    form = request.form
    typed: dict[str, Any] = {name: form.get(name, "") for name in _TYPED}
    dropped = form.get("do", "").removeprefix("drop:")
    kept = [answering.Attached(value, "", 0) for value in form.getlist("keep") if value != dropped]
    carried = [answering.Attached(value, "", 0) for value in form.getlist("carry") if value != dropped]
    return Writing(**typed, kept=kept, carried=carried)


def _sender(mailbox: Mailbox, me: Person) -> Person:
    """The chosen address, where the mailbox may send from it."""
    chosen = request.form.get("sender", "").lower()
    if not chosen or chosen == me.email:
        return me
    entry = next((each for each in mailbox.send_as() if each["sendAsEmail"].lower() == chosen), None)
    if entry is None:
        abort(400)
    return Person(str(entry.get("displayName") or me.name), chosen)


def _said(inbox: Inbox, trouble: Exception, *, otherwise: str = "sandbox.write.not_sent") -> str:
    words = inbox.words
    if isinstance(trouble, NotAnAddress):
        return (
            words("sandbox.write.bad_address", typed=trouble.typed)
            if trouble.typed
            else words("sandbox.write.no_address")
        )
    if isinstance(trouble, drafting.TooLarge):
        return words("sandbox.write.too_large", size=size_words(trouble.size))
    if isinstance(trouble, drafting.DraftGone):
        return words("sandbox.write.draft_gone")
    return words(otherwise)


def _drawn(
    inbox: Inbox, me: Person, writing: Writing, senders: list[Json], *, wrong: str = "", trouble: object = None
) -> str:
    mailbox = inbox.mailbox(me)
    gone = isinstance(trouble, drafting.DraftGone)
    return shell.drawn(
        inbox,
        me,
        panel=None,
        writing=replace(writing, draft="") if gone else drafting.named(mailbox, writing),
        answers=writing.thread and _name_of_answered(mailbox, writing),
        senders=senders,
        suggested=partial(_suggested, inbox, me),  # asked for when the list beside it has been read
        wrong=wrong,
        wrong_field=_field_of(trouble, writing),
        most=MOST_BYTES,
    )


def _suggested(inbox: Inbox, me: Person) -> list[Person]:
    """Colleagues, and whom the person has been writing with, each once."""
    known = {person.email.lower(): person for person in [*inbox.contacts.of(me), *inbox.cast.people]}
    return [person for email, person in known.items() if email != me.email]


def _name_of_answered(mailbox: Mailbox, writing: Writing) -> str:
    try:
        mail = _answered(mailbox, writing)
    except NoSuchMail:
        return ""
    return mail.sender.shown if mail else ""


def _field_of(trouble: object, writing: Writing) -> str:
    """Which field holds what is no address."""
    if not isinstance(trouble, NotAnAddress):
        return ""
    named = [name for name in ("to", "cc", "bcc") if trouble.typed and trouble.typed in getattr(writing, name)]
    return named[0] if named else "to"
