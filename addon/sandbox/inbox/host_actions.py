"""What an add-on may ask of Gmail itself: change the draft being written, open a draft, close its panel. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from addon.sandbox.inbox.cards import Json
from addon.sandbox.inbox.plain_text import plain
from addon.sandbox.inbox.troubles import UnknownAnswer

PLACES = ("IN_PLACE_INSERT", "INSERT_AT_START", "INSERT_AT_END", "REPLACE")
_HTML = ("MUTABLE_HTML", "IMMUTABLE_HTML")
_RECIPIENTS = {
    "updateToRecipients": ("to", "toRecipients"),
    "updateCcRecipients": ("cc", "ccRecipients"),
    "updateBccRecipients": ("bcc", "bccRecipients"),
}


@dataclass(frozen=True)
class DraftUpdate:
    """What becomes of the draft: fields that are replaced, and a text with the place where it goes."""

    fields: dict[str, str]
    """New contents by field name: subject, to, cc, bcc."""
    place: str = ""
    """One of PLACES; empty where the body stays as it is."""
    text: str = ""


@dataclass(frozen=True)
class HostAction:
    """Exactly one of these was asked for."""

    update: DraftUpdate | None = None
    open_draft: str = ""
    """The id of a draft that the add-on made (`r...`)."""
    dismiss: bool = False


def host_action(asked: Any, *, composing: bool) -> HostAction:
    """Read a `hostAppAction`. Raises UnknownAnswer for whatever Gmail would not carry out here."""
    gmail = _only(_only(asked, "hostAppAction"), "gmailAction", key="gmailAction")
    if len(gmail) != 1:
        raise UnknownAnswer("malformed", why="gmailAction")
    [(kind, value)] = gmail.items()
    reader = _READERS.get(kind)
    if reader is None:
        raise UnknownAnswer("unknown_host_action", kind=kind)
    action = reader(_only(value, kind))
    if action.update is not None and not composing:
        raise UnknownAnswer("not_composing")
    if action.open_draft and composing:
        raise UnknownAnswer("is_composing")
    return action


def _update(markup: Json) -> HostAction:
    fields: dict[str, str] = {}
    place = text = ""
    for kind, value in markup.items():
        change = _only(value, kind)
        if kind in _RECIPIENTS:
            field, key = _RECIPIENTS[kind]
            fields[field] = _addresses(change.get(key), key)
        elif kind == "updateSubject":
            fields["subject"] = " ".join(_text(change.get("subject"), kind).split())
        elif kind == "updateBody":
            place, text = _body(change)
        else:
            raise UnknownAnswer("unknown_host_action", kind=kind)
    return HostAction(update=DraftUpdate(fields, place, text))


def _body(change: Json) -> tuple[str, str]:
    place = change.get("type")
    if place not in PLACES:
        raise UnknownAnswer("malformed", why="updateBody.type")
    contents = change.get("insertContents", [])
    if not isinstance(contents, list):
        raise UnknownAnswer("malformed", why="insertContents")
    pieces = [_piece(_only(content, "insertContents")) for content in contents]
    text = re.sub(r"\n{3,}", "\n\n", "".join(piece for piece, _ in pieces))
    return str(place), text.strip("\n") if any(is_html for _, is_html in pieces) else text


def _piece(content: Json) -> tuple[str, bool]:
    written, kind = _text(content.get("content"), "content"), content.get("contentType")
    if kind in _HTML:
        return plain(written), True
    if kind != "TEXT":
        raise UnknownAnswer("malformed", why="contentType")
    return written.replace("\r\n", "\n"), False


def _addresses(listed: Any, key: str) -> str:
    if not isinstance(listed, list):
        raise UnknownAnswer("malformed", why=key)
    emails = [_text(_only(one, key).get("email"), key).strip() for one in listed]
    if not all(re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+", email) for email in emails):
        raise UnknownAnswer("malformed", why=key)
    return ", ".join(emails)


def _open(markup: Json) -> HostAction:
    draft, thread = _text(markup.get("draftId"), "draftId"), markup.get("draftThreadId")
    if not re.fullmatch(r"r-?\w{1,40}", draft):
        raise UnknownAnswer("malformed", why="draftId")
    if not isinstance(thread, str) or not re.fullmatch(r"[0-9a-f]{1,16}", thread):
        raise UnknownAnswer("thread_not_hex", id=str(thread))
    return HostAction(open_draft=draft)


def _compose_ui(markup: Json) -> HostAction:
    if markup.get("type") != "DISMISS":
        raise UnknownAnswer("malformed", why="addonComposeUiActionMarkup")
    return HostAction(dismiss=True)


def _only(value: Any, what: str, *, key: str = "") -> Json:
    inner = value.get(key) if key and isinstance(value, dict) else value
    if not isinstance(inner, dict):
        raise UnknownAnswer("malformed", why=what)
    return inner


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise UnknownAnswer("malformed", why=what)
    return value


_READERS: dict[str, Callable[[Json], HostAction]] = {
    "updateDraftActionMarkup": _update,
    "openCreatedDraftActionMarkup": _open,
    "addonComposeUiActionMarkup": _compose_ui,
    "taskAction": lambda _: HostAction(),
}
