"""The inbox as on a phone: a frame of a phone's size on the desk, around any page of the inbox."""

from __future__ import annotations

import re

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from addon.sandbox.inbox import devices
from addon.sandbox.inbox.places import seated

pages = Blueprint("phone", __name__)


@pages.get("/phone")
def frame() -> str | AnyResponse:
    """A phone on the desk, showing the page at `at`."""
    seated()
    if not devices.held():
        return redirect(_at())
    return render_template("sandbox/phone.html", at=_at(), platform=devices.held())


@pages.post("/phone")
def switch() -> AnyResponse:
    """Take a phone, another one, or none."""
    seated()
    devices.hold(request.form.get("platform", ""))
    return redirect(url_for("phone.frame", at=_at()) if devices.held() else _at())


def _at() -> str:
    """A page of this inbox; its list where something else was named."""
    asked, root = request.values.get("at", ""), url_for("mailing.listing")
    return asked if re.fullmatch(re.escape(root) + r"[\w\-./?=&%~+:]*", asked) else root
