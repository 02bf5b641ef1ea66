"""Something to do for a person: added on the person's page."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from addon import clock
from addon.domain.activity import queries as activity
from addon.domain.contacts import queries as contacts
from addon.domain.errors import DomainError, NotFound
from addon.domain.tasks import operations
from addon.web import refusals
from addon.web.fields.forms import NotADay, read_day
from addon.web.people import pages as people
from addon.web.seat import seat, writing

bp = Blueprint("contact_tasks", __name__)

LABELS = {"title": "tasks.what", "due_on": "tasks.by", "assignee_id": "tasks.who"}


@bp.post("/people/<int:contact_id>/tasks")
def create(contact_id: int) -> ResponseReturnValue:
    """Form: title, due_on, assignee_id. What is refused is said at its control, and stays typed."""
    say = seat().words
    given = {name: request.form.get(name, "").strip() for name in LABELS}
    try:
        due = read_day(given["due_on"])
    except NotADay:
        return _again(contact_id, given, {"due_on": say("web.fields.not_a_day", given=given["due_on"])})
    chosen = given["assignee_id"]
    assignee = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else 0
    try:
        if not assignee:
            raise NotFound(what="user", given=chosen)
        done = _made(contact_id, given["title"], due, assignee)
    except NotFound as error:
        if error.params.get("what") != "user":
            raise
        mine = {**given, "assignee_id": str(seat().user_id)}
        return _again(contact_id, mine, {"assignee_id": say("web.fields.not_an_owner")})
    except DomainError as error:
        key = str(error.params.get("key", "title"))
        error.params["field"] = say(LABELS.get(key, "tasks.what"))
        return _again(contact_id, given, {key: refusals.refusal(say, error)})
    return redirect(url_for("web.people.page", contact_id=contact_id, done=done, _anchor="tasks"))


def _made(contact_id: int, title: str, due: date | None, assignee: int) -> int:
    with writing() as session:
        contacts.hold(session, contact_id)
        operations.create(session, title, at=clock.now(), assignee_id=assignee, contact_id=contact_id, due_on=due)
        return activity.of_subject(session, "contact", contact_id, newest=1)[0].id


def _again(contact_id: int, given: dict[str, Any], errors: dict[str, str]) -> ResponseReturnValue:
    return people.draw(contact_id, task=given, task_errors=errors), 422
