"""A task as pages show it: what, by when, whose, for which deal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from addon.domain.errors import NotFound
from addon.domain.tasks import queries as tasks
from addon.domain.teams import queries as teams
from addon.i18n import Words
from addon.models import Contact, Deal, Task
from addon.web.fields.forms import FieldView, shown
from addon.web.seat import seat

DONE = 20
"""Of what was done, on the page of all tasks."""


@dataclass(frozen=True, kw_only=True)
class TaskView:
    id: int
    title: str
    done: bool
    late: bool
    day: str
    whose: str
    about: str
    url: str
    """Of the deal or the person it is for."""


@dataclass(frozen=True)
class DayOfTasks:
    key: str
    words: str
    tasks: Sequence[TaskView]


def of_deal(session: Session, deal: Deal, say: Words, *, now: datetime) -> list[TaskView]:
    """Open ones first."""
    return [task_view(task, say, now=now) for task in tasks.of_deal(session, deal.id)]


def mine(session: Session, say: Words, *, now: datetime) -> list[DayOfTasks]:
    """What the reader has to do, by when: overdue, today, this week, later, some day; then what was done."""
    today = say.today(now)
    found: dict[str, list[TaskView]] = {}
    named = _names(session, [*(due := tasks.due(session, seat().user_id)), *(over := _done(session))])
    for task in due:
        found.setdefault(_when(task.due_on, today), []).append(task_view(task, say, now=now, about=named))
    found["done"] = [task_view(task, say, now=now, about=named) for task in over]
    order = ("overdue", "today", "week", "later", "someday", "done")
    return [DayOfTasks(key, say(f"tasks.when.{key}"), found[key]) for key in order if found.get(key)]


def task_view(task: Task, say: Words, *, now: datetime, about: dict[tuple[str, int], str] | None = None) -> TaskView:
    today = say.today(now)
    kind, number = ("deals", task.deal_id) if task.deal_id else ("people", task.contact_id)
    named = (about or {}).get((kind, number), "") if number else ""
    return TaskView(
        id=task.id,
        title=task.title,
        done=task.done_at is not None,
        late=task.done_at is None and task.due_on is not None and task.due_on < today,
        day=_day(task, say, today),
        whose=say("tasks.yours") if task.assignee_id == seat().user_id else task.assignee.name,
        about=named,
        url=f"/{kind}/{number}" if named else "",
    )


def form(session: Session, say: Words, given: dict[str, str], errors: dict[str, str] | None = None) -> list[FieldView]:
    """The controls of a task: title, due_on, assignee_id."""
    wrong = errors or {}
    people = [(str(user.id), user.name) for user in teams.people(session)]
    chosen = given.get("assignee_id", "")
    if chosen.isdecimal() and len(chosen) < 10 and chosen not in dict(people):
        people += _left(session, int(chosen))
    return [
        FieldView(
            name="title",
            label=say("tasks.what"),
            value=given.get("title", ""),
            limit=300,
            required=True,
            placeholder=say("tasks.example"),
            error=wrong.get("title", ""),
        ),
        FieldView(
            name="due_on",
            label=say("tasks.by"),
            value=given.get("due_on", ""),
            kind="date",
            optional=say("web.fields.optional"),
            error=wrong.get("due_on", ""),
        ),
        FieldView(
            name="assignee_id",
            label=say("tasks.who"),
            value=chosen,
            kind="select",
            choices=people,
            error=wrong.get("assignee_id", ""),
        ),
    ]


def _left(session: Session, user_id: int) -> list[tuple[str, str]]:
    """Somebody whose task it is though they left."""
    try:
        return [(str(user_id), teams.get_user(session, user_id).name)]
    except NotFound:
        return []


def given_of(task: Task) -> dict[str, str]:
    return {"title": task.title, "due_on": shown(task.due_on), "assignee_id": str(task.assignee_id)}


def _when(due: date | None, today: date) -> str:
    if due is None:
        return "someday"
    if due < today:
        return "overdue"
    if due == today:
        return "today"
    return "week" if due <= today + timedelta(days=6 - today.weekday()) else "later"


def _day(task: Task, say: Words, today: date) -> str:
    if task.done_at is not None:
        return say("tasks.done_on", day=say.day(task.done_at, today=today))
    return say.day(task.due_on, today=today) if task.due_on is not None else ""


def _done(session: Session) -> Sequence[Task]:
    query = select(Task).where(Task.assignee_id == seat().user_id, Task.done_at.is_not(None), Task.deleted_at.is_(None))
    newest = query.order_by(Task.done_at.desc(), Task.id.desc()).limit(DONE)
    return session.scalars(newest.options(joinedload(Task.assignee))).all()


def _names(session: Session, found: Sequence[Task]) -> dict[tuple[str, int], str]:
    """What the deals and people are called that the reader may see."""
    deals = {task.deal_id for task in found if task.deal_id}
    people = {task.contact_id for task in found if task.contact_id}
    names: dict[tuple[str, int], str] = {}
    for number, title in session.execute(
        select(Deal.id, Deal.title).where(Deal.id.in_(deals), Deal.deleted_at.is_(None))
    ):
        names["deals", number] = title
    for number, name in session.execute(select(Contact.id, Contact.name).where(Contact.id.in_(people))):
        names["people", number] = name
    return names
