"""What the page posts from the sidebar: presses, changes, consents, the arrow back.

Scripts get the redrawn sidebar as JSON; without scripts the page itself is shown again.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from addon.sandbox.inbox.events import Reader
from addon.sandbox.inbox.panel import Panel
from addon.sandbox.inbox.places import here, seated

pages = Blueprint("clicking", __name__, url_prefix="/panel")

Drawn = dict[str, Any] | AnyResponse


@pages.post("/<id>/press")
def press(id: str) -> Drawn:
    reader, panel = _panel(id)
    version = request.form.get("version", -1, type=int)
    here().sidebar.click(reader, panel, version, request.form.get("press", ""), request.form)
    return _drawn(panel)


@pages.post("/<id>/suggest")
def suggest(id: str) -> dict[str, list[str]]:
    reader, panel = _panel(id)
    return {"items": here().sidebar.suggest(reader, panel, request.form.get("press", ""), request.form)}


@pages.post("/<id>/consent")
def consent(id: str) -> Drawn:
    reader, panel = _panel(id)
    here().sidebar.consent(reader, panel, allow=request.form.get("answer") == "allow")
    return _drawn(panel)


@pages.post("/<id>/refresh")
def refresh(id: str) -> Drawn:
    reader, panel = _panel(id)
    here().sidebar.refresh(reader, panel)
    return _drawn(panel)


@pages.post("/<id>/back")
def back(id: str) -> Drawn:
    reader, panel = _panel(id)
    here().sidebar.back(reader, panel)
    return _drawn(panel)


def _panel(id: str) -> tuple[Reader, Panel]:
    inbox = here()
    reader = inbox.reader(seated())
    panel = inbox.sidebar.find(reader, id)
    if panel is None:
        abort(404)
    return reader, panel


def _drawn(panel: Panel) -> Drawn:
    if request.headers.get("X-Requested-With") == "fetch":
        link = panel.link or {}
        return {
            "html": render_template("sandbox/_panel.html", panel=panel),
            "notice": panel.notice,
            "link": str(link.get("url", "")),
            "reload": link.get("onClose") == "RELOAD",
        }
    if panel.mail is None:
        return redirect(url_for("mailing.listing", panel=panel.id))
    return redirect(url_for("mailing.thread", thread_id=panel.mail.thread_id, panel=panel.id))
