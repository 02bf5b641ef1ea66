"""Google's windows over the page: consent to more rights, scope by scope, and the page that closes itself."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from addon.sandbox.inbox.clicking import drawn, found
from addon.sandbox.inbox.places import here, seated

pages = Blueprint("consenting", __name__, url_prefix="/panel")


@pages.get("/<id>/consent")
def ask(id: str) -> str | AnyResponse:
    """The consent window. Where nothing is asked any more, it closes."""
    _, panel = found(id)
    if panel.wanted_scopes is None:
        return redirect(url_for("consenting.done"))
    sidebar = here().sidebar
    wanted = sidebar.wanted(panel)
    strange = [scope for scope in wanted if scope not in sidebar.manifest.scopes]
    return render_template("sandbox/consent.html", panel=panel, wanted=wanted, strange=strange, me=seated())


@pages.post("/<id>/consent")
def answer(id: str) -> str | AnyResponse | dict[str, object]:
    """Yes to all or to some, or not now. A list of scopes counts only where the window offered one."""
    reader, panel = found(id)
    only = request.form.getlist("scope") if "granular" in request.form else None
    here().sidebar.consent(reader, panel, allow=request.form.get("answer") == "allow", only=only)
    if "window" in request.form:
        return redirect(url_for("consenting.done"))
    return drawn(panel)


@pages.get("/done")
def done() -> str:
    """The window's last page."""
    return render_template("sandbox/done.html")
