"""What every page has around it: navigation, words, and the addresses of styles and scripts."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flask_bootstrap
from flask import Blueprint, Flask, Response, current_app, g, request, url_for

from addon.shipped import place
from addon.web import seat

FOLDER = "web"
STYLE = "css/bootstrap.min.css"
STATIC = ("web.static", "bootstrap_files.static")
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Place:
    """An entry of the navigation."""

    words: str
    icon: str
    url: str
    current: bool


_BOARDS = (
    *("boards", "board_drops", "board_many", "cells", "filters", "views", "moves"),
    *("deals", "deal_mails", "deal_moves", "deal_people", "deal_playbook", "fact_changes", "twins"),
)
_PEOPLE = ("people", "contact_addresses", "contact_tasks", "companies")
PLACES = (
    ("web.nav.board", "board", "web.boards.first", _BOARDS),
    ("frame.people", "people", "web.people.listing", _PEOPLE),
    ("web.nav.campaigns", "send", "web.campaigns.listing", ("campaigns", "campaign_drafts")),
    ("web.nav.mailboxes", "mail", "web.mailboxes.listing", ("mailboxes",)),
)
"""Words, icon, endpoint, and the rooms whose pages belong there."""

_ROOM_OF = {"deal": "boards", "contact": "people", "company": "companies"}

_SETTINGS = ("settings", "pipelines", "pipeline_stages", "field_settings", "roles")
OWN = (
    ("frame.companies", "web.companies.listing", ("companies",)),
    ("frame.tasks", "web.tasks.listing", ("tasks",)),
    ("frame.imports", "web.imports.listing", ("imports",)),
    ("frame.settings", "web.settings.index", _SETTINGS),
    ("web.frame.preferences", "web.preferences.page", ("preferences",)),
)
"""What the menu of the person leads to: words, endpoint, and the rooms whose pages belong there."""

bootstrap = Blueprint(
    "bootstrap_files",
    __name__,
    static_folder=str(Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5"),
    static_url_path="/assets/bootstrap",
)
"""Bootstrap's own files, as the package Bootstrap-Flask carries them."""


def join(app: Flask) -> None:
    app.register_blueprint(bootstrap)
    app.context_processor(_context)
    app.after_request(_keep)


def shows(subject: str) -> None:
    """For pages that are about deals, people or companies, whichever was asked for."""
    g.room = _ROOM_OF[subject]


def _context() -> dict[str, Any]:
    return {
        "t": seat.words(),
        "seat": g.get("seat"),
        "nav": _places() if g.get("seat") else (),
        "own_places": _own_places() if g.get("seat") else (),
        "home": "/",
        "asset": asset,
        "bootstrap_css": bootstrap_css,
    }


def _keep(response: Response) -> Response:
    """A file under a name that changes with its content is kept; a page is asked for again each time."""
    if request.endpoint in STATIC and "v" in request.args:
        response.cache_control.max_age, response.cache_control.public = A_YEAR, True
        response.cache_control.no_cache = None
    elif response.mimetype in ("text/html", "application/json") and not response.cache_control:
        response.cache_control.private, response.cache_control.no_cache = True, True
    return response


def _places() -> list[Place]:
    words, room, there = seat.words(), _room(), current_app.view_functions
    return [
        Place(words(key), icon, url_for(endpoint), room in rooms)
        for key, icon, endpoint, rooms in PLACES
        if endpoint in there
    ]


def _own_places() -> list[Place]:
    words, room, there = seat.words(), _room(), current_app.view_functions
    return [
        Place(words(key), "", url_for(endpoint), room in rooms) for key, endpoint, rooms in OWN if endpoint in there
    ]


def _room() -> str:
    here = (request.endpoint or "").split(".")
    return str(g.get("room") or (here[1] if len(here) > 1 else ""))


def asset(name: str) -> str:
    """The address of a style or script of ours, changing when its content does."""
    return url_for("web.static", filename=name, v=_print(str(place("templates") / FOLDER / "static" / name)))


def bootstrap_css() -> str:
    return url_for("bootstrap_files.static", filename=STYLE, v=_print(f"{bootstrap.static_folder}/{STYLE}"))


@functools.cache
def _print(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]
