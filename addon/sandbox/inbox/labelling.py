"""The page where a person's own labels are made, renamed, coloured, nested and deleted."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from addon.sandbox.inbox import shell
from addon.sandbox.inbox.gmail import NameTaken, NoSuchMail
from addon.sandbox.inbox.labels import color_of
from addon.sandbox.inbox.places import here, seated

pages = Blueprint("labelling", __name__, url_prefix="/labels")


@pages.get("")
def sheet() -> str:
    return shell.drawn(here(), seated(), panel=None, sorting=True)


@pages.post("")
def create() -> AnyResponse:
    inbox, me = here(), seated()
    name = _name()
    try:
        if not name:
            raise NoSuchMail
        inbox.mailbox(me).create_label(name, color_of(request.form.get("hue", "")))
        shell.say(inbox.words("sandbox.labels.made", label=name))
    except NameTaken:
        shell.say(inbox.words("sandbox.labels.taken", label=name))
    except NoSuchMail:
        shell.say(inbox.words("sandbox.labels.no_name"))
    return _back()


@pages.post("/<id>")
def change(id: str) -> AnyResponse:
    """A new name or colour; what is nested in a renamed label moves along."""
    inbox, me = here(), seated()
    mailbox, name = inbox.mailbox(me), _name()
    try:
        before = str(mailbox.label(id)["name"])
        mailbox.change_label(id, name, color_of(request.form.get("hue", "")))
        for other in mailbox.labels() if name != before else []:
            if str(other["name"]).startswith(f"{before}/"):
                mailbox.change_label(other["id"], name + str(other["name"]).removeprefix(before), None)
        shell.say(inbox.words("sandbox.labels.changed", label=name))
    except NameTaken:
        shell.say(inbox.words("sandbox.labels.taken", label=name))
    except NoSuchMail:
        shell.say(inbox.words("sandbox.labels.no_name"))
    return _back()


@pages.post("/<id>/delete")
def delete(id: str) -> AnyResponse:
    """The label goes; its mails stay."""
    inbox, me = here(), seated()
    mailbox = inbox.mailbox(me)
    try:
        name = str(mailbox.label(id)["name"])
        mailbox.delete_label(id)
        shell.say(inbox.words("sandbox.labels.deleted", label=name))
    except NoSuchMail:
        shell.say(inbox.words("sandbox.labels.gone"))
    return _back()


def _name() -> str:
    """Nested by a slash, without blanks around it."""
    pieces = (" ".join(piece.split()) for piece in request.form.get("name", "").split("/"))
    return "/".join(piece for piece in pieces if piece)


def _back() -> AnyResponse:
    return redirect(url_for("labelling.sheet", **shell.place()))
