"""Files of a mail: downloaded as files, and pictures shown as pictures; never anything that a browser would run."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, abort

from addon.sandbox.inbox.attachments import Attachment, attached, handed_as, is_that_picture
from addon.sandbox.inbox.gmail import NoSuchMail
from addon.sandbox.inbox.places import here, seated

pages = Blueprint("filing", __name__, url_prefix="/file")


@pages.get("/<message>/<part>")
def download(message: str, part: str) -> Response:
    file, octets = _found(message, part)
    return _answer(octets, handed_as(file.kind), f"attachment; filename*=UTF-8''{quote(file.name, safe='')}")


@pages.get("/<message>/<part>/picture")
def picture(message: str, part: str) -> Response:
    """The picture itself, for the page; 404 where the file is none, whatever the mail calls it."""
    file, octets = _found(message, part, picture=True)
    if not is_that_picture(file.kind, octets):
        abort(404)
    return _answer(octets, file.kind, "inline")


def _found(message: str, part: str, *, picture: bool = False) -> tuple[Attachment, bytes]:
    mailbox = here().mailbox(seated())
    try:
        payload = mailbox.message(message).get("payload", {})
        file = next((each for each in attached(payload) if each.part == part.removeprefix("_")), None)
        if file is None or (picture and not file.is_picture):
            abort(404)
        return file, mailbox.attachment(message, file.id)
    except NoSuchMail:
        abort(404)


def _answer(octets: bytes, kind: str, disposition: str) -> Response:
    answer = Response(octets, content_type=kind)
    answer.headers["Content-Disposition"] = disposition
    answer.headers["Cache-Control"] = "private, max-age=600"
    return answer
