"""Tasks: the reader's own by day, and what is done to one, on its deal's page or here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from addon import clock
from addon.domain.activity import queries as activity
from addon.domain.deals import queries as deals
from addon.domain.errors import DomainError, NotFound
from addon.domain.tasks import operations
from addon.domain.tasks import queries as tasks
from addon.models import Activity
from addon.web.boards import moved_view
from addon.web.diary.acts import Teller
from addon.web.fields.forms import NotADay, read_day, typed
from addon.web.refusals import refusal
from addon.web.seat import reading, seat, writing
from addon.web.signin import own_path
from addon.web.tasks import task_view

bp = Blueprint("tasks", __name__)

ACTS = {"done": operations.done, "reopen": operations.reopen, "delete": operations.delete}

LABELS = {"title": "tasks.what", "due_on": "tasks.by", "assignee_id": "tasks.who"}


class Unread(Exception):
    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__()
        self.errors = errors


@bp.get("/tasks")
def listing() -> ResponseReturnValue:
    """`done` in the address: the act that was just made."""
    say, now = seat().words, clock.now()
    with reading() as session:
        moved = None
        entry = _just_done(session, request.args.get("done", type=int))
        if entry is not None:
            teller = Teller(session, say, seat().user_id, now)
            moved = moved_view.moved_view(session, entry, teller, back=url_for("web.tasks.listing"))
        days = task_view.mine(session, say, now=now)
        form = task_view.form(session, say, {"assignee_id": str(seat().user_id)})
        return render_template("web/tasks.html", days=days, form=form, moved=moved, here=url_for("web.tasks.listing"))


@bp.post("/tasks")
def create() -> ResponseReturnValue:
    return _make(None)


@bp.post("/deals/<int:deal_id>/tasks")
def create_for(deal_id: int) -> ResponseReturnValue:
    return _make(deal_id)


@bp.get("/tasks/<int:task_id>")
def edit(task_id: int) -> ResponseReturnValue:
    with reading() as session:
        task = tasks.get(session, task_id)
        form = task_view.form(session, seat().words, task_view.given_of(task))
        return render_template("web/task_form.html", form=form, task_id=task.id, deal_id=task.deal_id, back=_back())


@bp.post("/tasks/<int:task_id>")
def save(task_id: int) -> ResponseReturnValue:
    try:
        with writing() as session:
            task = tasks.get(session, task_id)
            changes = _read(task_view.given_of(task))
            entry = _refusing(lambda: operations.edit(session, task_id, changes, at=clock.now()))
            return _after(entry)
    except Unread as unread:
        with reading() as session:
            form = task_view.form(session, seat().words, dict(request.form), unread.errors)
            deal_id = tasks.get(session, task_id).deal_id
            page = render_template("web/task_form.html", form=form, task_id=task_id, deal_id=deal_id, back=_back())
            return page, 422


@bp.post("/tasks/<int:task_id>/<any(done, reopen, delete):act>")
def act(task_id: int, act: str) -> ResponseReturnValue:
    with writing() as session:
        return _after(ACTS[act](session, task_id, at=clock.now()))


def _make(deal_id: int | None) -> ResponseReturnValue:
    try:
        with writing() as session:
            if deal_id is not None:
                deals.get(session, deal_id)
            read = _read({"title": "", "due_on": "", "assignee_id": str(seat().user_id)})
            task = _refusing(lambda: operations.create(session, deal_id=deal_id, at=clock.now(), **read))
            about = ("deal", deal_id) if deal_id is not None else ("task", task.id)
            return _after(activity.of_subject(session, *about, newest=1)[0])
    except Unread as unread:
        with reading() as session:
            form = task_view.form(session, seat().words, dict(request.form), unread.errors)
            return render_template("web/task_form.html", form=form, task_id=None, deal_id=deal_id, back=_back()), 422


def _read(standing: Mapping[str, str]) -> dict[str, Any]:
    """What was typed; a control that was not sent keeps what stands there. Raises Unread."""
    say = seat().words
    given = {name: typed(request.form, name) if name in request.form else was for name, was in standing.items()}
    due: date | None = None
    try:
        due = read_day(given["due_on"])
    except NotADay:
        raise Unread({"due_on": say("web.fields.not_a_day", given=given["due_on"])}) from None
    if not given["assignee_id"].isdecimal() or len(given["assignee_id"]) > 9 or not int(given["assignee_id"]):
        raise Unread({"assignee_id": say("web.fields.not_an_owner")})
    return {"title": given["title"], "due_on": due, "assignee_id": int(given["assignee_id"])}


def _refusing(write: Any) -> Any:
    """What the room refuses is said at its control. Raises Unread."""
    say = seat().words
    try:
        return write()
    except NotFound as error:
        if error.params.get("what") != "user":
            raise
        raise Unread({"assignee_id": say("web.fields.not_an_owner")}) from None
    except DomainError as error:
        key = error.params.get("key", "")
        if key not in LABELS:
            raise
        error.params["field"] = say(LABELS[key])
        raise Unread({key: refusal(say, error)}) from None


def _after(entry: Activity | None) -> ResponseReturnValue:
    """Back to where the button stood; the page of tasks tells what was done, a deal's page does so by itself."""
    back = _back()
    if entry is not None and back == url_for("web.tasks.listing"):
        return redirect(url_for("web.tasks.listing", done=entry.id))
    return redirect(back)


def _back() -> str:
    given = request.values.get("back", "")
    return own_path(given) if given else url_for("web.tasks.listing")


def _just_done(session: Any, entry_id: int | None) -> Activity | None:
    if entry_id is None:
        return None
    try:
        entry = activity.get(session, entry_id)
    except NotFound:
        return None
    told = entry.kind.startswith("task.") and activity.undone_by(session, entry) is None
    return entry if told else None
