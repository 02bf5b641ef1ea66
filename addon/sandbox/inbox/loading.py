"""How far a person's own mail is loaded, told to the page that shows it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app

from addon.sandbox.inbox.places import here
from addon.sandbox.own_mail.telling import Progress, listed, sentence

pages = Blueprint("loading", __name__)


def show(app: Flask, progress: Progress) -> None:
    """Let this inbox tell how far that is; without it, nothing is said of any loading."""
    app.extensions["loading"] = progress


@pages.get("/loading")
def state() -> dict[str, Any]:
    """Where it is now, and the sentence that says so."""
    now = _progress().state()
    return {**now.shown(), "say": sentence(now, here().words)}


@pages.get("/loading/broken.txt")
def broken() -> Response:
    """Every mail that could not be read."""
    lines = listed(_progress().troubles(), here().words)
    return Response("".join(f"{line}\n" for line in lines), mimetype="text/plain")


@pages.app_context_processor
def _banner() -> dict[str, Any]:
    """`loading` is there for as long as something is to be said."""
    progress: Progress | None = current_app.extensions.get("loading")
    now = None if progress is None else progress.state()
    if now is None or now.finished:
        return {"loading": None}
    return {"loading": now, "loading_say": sentence(now, here().words)}


def _progress() -> Progress:
    progress: Progress | None = current_app.extensions.get("loading")
    if progress is None:
        abort(404)
    return progress
