"""The shapes in which the add-on answers; Google reads no others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]


def show(card: Json) -> Json:
    """Answer a trigger: the user opened the add-on or a message."""
    return {"action": {"navigations": [{"pushCard": card}]}}


def replace(card: Json, *, notice: str = "", stale: bool = False) -> Json:
    """Answer a click: redraw the card in place and say what was done. `stale`: the cards below it are outdated."""
    return _clicked({"navigations": [{"updateCard": card}]}, notice, stale)


def push(card: Json) -> Json:
    """Answer a click: lay a card on top, with an arrow back."""
    return _clicked({"navigations": [{"pushCard": card}]}, "", stale=False)


def notify(text: str) -> Json:
    """Answer a click: say this; the card stays as it is."""
    return {"renderActions": {"action": {"notification": {"text": text}}}}


def write(update: Json, *, notice: str) -> Json:
    """Answer a click beside a mail being written: change its draft (`updateDraftActionMarkup`), and say so."""
    answer = notify(notice)
    answer["renderActions"]["hostAppAction"] = {"gmailAction": {"updateDraftActionMarkup": update}}
    return answer


def ask_scopes(scopes: Iterable[str]) -> Json:
    """Ask the person for these permissions; Google then repeats the very same call."""
    return {"requesting_google_scopes": {"scopes": sorted(scopes)}}


def _clicked(action: Json, notice: str, stale: bool) -> Json:
    if notice:
        action["notification"] = {"text": notice}
    answer: Json = {"renderActions": {"action": action}}
    if stale:
        answer["stateChanged"] = True
    return answer
