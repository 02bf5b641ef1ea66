"""The inbox page: a small web application of its own, beside the product and blind to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import flask_bootstrap
from flask import Flask, Response, send_from_directory
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import FileSystemLoader

from addon import clock
from addon.i18n import Words
from addon.sandbox.inbox import (
    acting,
    clicking,
    composing,
    consenting,
    dates,
    devices,
    filing,
    labelling,
    loading,
    mailing,
    markup,
    phone,
    world_panel,
)
from addon.sandbox.inbox.attachments import MOST_BYTES
from addon.sandbox.inbox.caller import Caller
from addon.sandbox.inbox.drawing import Drawing
from addon.sandbox.inbox.fault_stories import Stories
from addon.sandbox.inbox.folders import Folders
from addon.sandbox.inbox.people import Cast
from addon.sandbox.inbox.places import Inbox
from addon.sandbox.inbox.shelf import Shelf
from addon.sandbox.inbox.sidebar import Sidebar
from addon.shipped import place

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: https:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-src 'self'; frame-ancestors 'self'"
)


@dataclass(frozen=True)
class Setup:
    """What an inbox needs to know of the world it stands in."""

    google_url: str
    """Where Gmail answers."""
    home: str
    """The product's own address, for the link to the workspace."""
    secret: str
    """Signs the inbox's cookie."""
    zone: ZoneInfo
    people_file: Path
    """The list of people offered for a first campaign."""


def create_inbox(setup: Setup, cast: Cast, shelf: Shelf, caller: Caller) -> Flask:
    """The application; it expects to be mounted under a path such as /mail."""
    app = Flask("addon.sandbox.inbox", static_folder=None, template_folder=None)
    app.jinja_loader = FileSystemLoader(place("templates"))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.config.update(
        SECRET_KEY=setup.secret,
        SESSION_COOKIE_NAME="sandbox_mail",
        SESSION_COOKIE_PATH="/mail",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=31),
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=2 * MOST_BYTES,  # more than a mail takes, so that its page can say so
        MAX_FORM_MEMORY_SIZE=2_000_000,
    )
    CSRFProtect(app)
    words = Words("en", setup.zone.key)
    inbox = Inbox(
        google_url=setup.google_url,
        home=setup.home,
        zone=setup.zone,
        people_file=setup.people_file,
        cast=cast,
        shelf=shelf,
        words=words,
        folders=Folders(words),
        sidebar=Sidebar(caller, words),
        stories=Stories(shelf.gmail),
    )
    app.extensions["inbox"] = inbox
    app.register_blueprint(mailing.pages)
    for pages in (acting.pages, composing.pages, filing.pages, labelling.pages):
        app.register_blueprint(pages)
    for pages in (clicking.pages, consenting.pages, loading.pages, phone.pages, world_panel.pages):
        app.register_blueprint(pages)
    _dress(app, inbox)
    return app


def _dress(app: Flask, inbox: Inbox) -> None:
    """Words, assets and headers for every page."""
    bootstrap = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "css"
    folders = {"sandbox": place("templates") / "sandbox" / "static", "web": place("templates") / "web" / "static"}

    @app.get("/static/<any(sandbox, web, bootstrap):kind>/<path:name>")
    def asset(kind: str, name: str) -> Response:
        return send_from_directory(folders.get(kind, bootstrap), name, max_age=300)

    app.jinja_env.globals["gmail_opens"] = inbox.sidebar.manifest.may_open

    @app.context_processor
    def _words() -> dict[str, object]:
        return {
            "t": inbox.words,
            "rich": markup.rich,
            "bare": markup.bare,
            "draw": Drawing(inbox.zone),
            "home": inbox.home,
            "addon": inbox.sidebar.manifest,
            "draw_scopes": inbox.sidebar.wanted,
            "roles": inbox.cast.roles,
            "phone_held": devices.held(),
            "world_speed": clock.speed(),
            "faults_now": world_panel.faults_now(inbox),
        }

    @app.template_filter("listed")
    def _listed(when: object) -> str:
        return dates.listed(when, now=clock.now(), zone=inbox.zone, words=inbox.words)  # type: ignore[arg-type]

    @app.template_filter("weblink")
    def _weblink(url: object) -> str:
        text = str(url or "")
        return text if text.startswith(("https://", "http://")) else "#"

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        if response.mimetype == "text/html":
            response.headers["Cache-Control"] = "no-store"
        return response

    @app.errorhandler(CSRFError)
    def _stale(_error: CSRFError) -> tuple[str, int]:
        return inbox.words("sandbox.mail.reload"), 400
