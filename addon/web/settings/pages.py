"""What a team shapes for itself: one page that leads to each, and shows only what one may."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon.domain.fields import queries as fields
from addon.domain.imports import queries as imports
from addon.domain.pipelines import queries as pipelines
from addon.domain.pipelines import rights
from addon.domain.teams import queries as teams
from addon.i18n import Words
from addon.models import Subject
from addon.web.seat import reading, seat

bp = Blueprint("settings", __name__)


@dataclass(frozen=True)
class Way:
    icon: str
    title: str
    text: str
    count: str
    url: str


@bp.get("/settings")
def index() -> ResponseReturnValue:
    say = seat().words
    with reading() as session:
        ways = [*(_shaping(session, say) if rights.may_shape(session) else ()), *_own(session, say)]
        shapes = rights.may_shape(session)
    return render_template("web/settings.html", ways=ways, shapes=shapes)


def _shaping(session: Session, say: Words) -> list[Way]:
    lines, people = len(pipelines.live(session)), len(teams.people(session))
    made = [
        _way("board", "pipelines", say("settings.count.pipelines", n=lines), url_for("web.pipelines.listing"), say),
        _way("people", "roles", say("settings.count.people", n=people), url_for("web.roles.page"), say),
    ]
    for subject in Subject:
        own = sum(spec.custom for spec in fields.specs(session, subject, everywhere=True))
        url = url_for("web.field_settings.listing", subject=subject)
        made.append(_way("pencil", f"fields_{subject}", say("settings.count.fields", n=own), url, say))
    return made


def _own(session: Session, say: Words) -> list[Way]:
    brought = len(imports.mine(session))
    return [
        _way("plus", "imports", say("settings.count.imports", n=brought), url_for("web.imports.listing"), say),
        _way("sun", "preferences", "", url_for("web.preferences.page"), say),
    ]


def _way(icon: str, name: str, count: str, url: str, say: Words) -> Way:
    title, text = ("roles.title", "roles.text") if name == "roles" else (name, f"{name}_text")
    return Way(icon, say(f"settings.{title}"), say(f"settings.{text}"), count, url)
