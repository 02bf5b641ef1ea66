"""How a person likes pages to look."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from addon.domain.teams import operations, queries
from addon.web.seat import writing

bp = Blueprint("preferences", __name__)


@bp.get("/preferences")
def page() -> ResponseReturnValue:
    return render_template("web/preferences.html", saved="saved" in request.args)


@bp.post("/preferences")
def save() -> ResponseReturnValue:
    with writing() as session:
        operations.prefer_dark(session, queries.me(session), bool(request.form.get("dark")))
    return redirect(url_for("web.preferences.page", saved=1))
