"""What the page posts from the sidebar: presses, changes, the arrow back, an entry of its menu.

Scripts get the redrawn sidebar as JSON; without scripts the page itself is shown again.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from addon.sandbox.inbox import compose_addon
from addon.sandbox.inbox.events import Reader
from addon.sandbox.inbox.panel import Panel
from addon.sandbox.inbox.places import here, seated

pages = Blueprint("clicking", __name__, url_prefix="/panel")

Drawn = dict[str, Any] | AnyResponse


@pages.post("/<id>/press")
def press(id: str) -> Drawn:
    reader, panel = found(id)
    version = request.form.get("version", -1, type=int)
    here().sidebar.click(reader, panel, version, request.form.get("press", ""), request.form)
    return drawn(panel)


@pages.post("/<id>/suggest")
def suggest(id: str) -> dict[str, list[str]]:
    reader, panel = found(id)
    return {"items": here().sidebar.suggest(reader, panel, request.form.get("press", ""), request.form)}


@pages.post("/<id>/refresh")
def refresh(id: str) -> Drawn:
    reader, panel = found(id)
    here().sidebar.refresh(reader, panel)
    return drawn(panel)


@pages.post("/<id>/back")
def back(id: str) -> Drawn:
    reader, panel = found(id)
    here().sidebar.back(reader, panel)
    return drawn(panel)


@pages.post("/<id>/unfold")
def unfold(id: str) -> Drawn:
    """The card that announced itself over the homepage."""
    _, panel = found(id)
    here().sidebar.unfold(panel)
    return drawn(panel)


@pages.post("/<id>/menu")
def menu(id: str) -> Drawn:
    """A universal action."""
    reader, panel = found(id)
    here().sidebar.choose(reader, panel, request.form.get("number", -1, type=int))
    return drawn(panel)


@pages.get("/<id>")
def now(id: str) -> Drawn:
    """The sidebar as it stands, without asking the add-on anything."""
    _, panel = found(id)
    return drawn(panel)


@pages.post("/compose")
def compose() -> Drawn:
    """A button of the compose window was pressed."""
    inbox = here()
    writes = compose_addon.written(request.form, shown=inbox.sidebar.manifest.sees_recipients)
    panel = inbox.sidebar.compose(inbox.reader(seated()), request.form.get("number", -1, type=int), writes)
    if panel is None:
        abort(404)
    return drawn(panel)


def found(id: str) -> tuple[Reader, Panel]:
    """The panel of the person who sits here; 404 for anything else."""
    inbox = here()
    reader = inbox.reader(seated())
    panel = inbox.sidebar.find(reader, id)
    if panel is None:
        abort(404)
    if panel.compose is not None and compose_addon.is_posted(request.form):
        panel.compose = compose_addon.written(request.form, shown=panel.compose.shown)
    return reader, panel


def drawn(panel: Panel) -> Drawn:
    """For scripts the panel alone; else the page that it stands in."""
    draft = url_for("mailing.write", draft=panel.open_draft) if panel.open_draft else ""
    if request.headers.get("X-Requested-With") == "fetch":
        link = panel.link or {}
        return {
            "html": render_template("sandbox/_panel.html", panel=panel),
            "notice": panel.notice,
            "link": str(link.get("url", "")),
            "overlay": link.get("openAs") == "OVERLAY",
            "reload": link.get("onClose") == "RELOAD",
            "draft": compose_addon.as_json(panel.draft) if panel.draft else None,
            "goto": draft,
            "dismissed": panel.dismissed,
        }
    if draft:
        return redirect(draft)
    if panel.mail is None:
        return redirect(url_for("mailing.listing", panel=panel.id, _anchor="addon"))
    return redirect(url_for("mailing.thread", thread_id=panel.mail.thread_id, panel=panel.id, _anchor="addon"))
