"""Making tasks, doing them, taking them away. Each act stands in the diary of the task's deal, else of its person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from addon.domain.activity import operations as activity
from addon.domain.contacts import queries as contacts
from addon.domain.deals import queries as deals
from addon.domain.fields.checking import check
from addon.domain.fields.keys import FieldSpec, Kind, UnknownField
from addon.domain.fields.noting import note
from addon.domain.fields.refusals import NobodySuch
from addon.domain.tasks import queries
from addon.domain.teams import queries as teams
from addon.models import Activity, Subject, Task

_FIELDS = {
    "title": FieldSpec(key="title", subject=Subject.DEAL, kind=Kind.TEXT, name="Task", longest=300, required=True),
    "due_on": FieldSpec(key="due_on", subject=Subject.DEAL, kind=Kind.DATE),
    "assignee_id": FieldSpec(key="assignee_id", subject=Subject.DEAL, kind=Kind.PERSON, required=True),
}
"""What a task holds that people type."""


def create(
    session: Session,
    title: str,
    *,
    at: datetime,
    assignee_id: int,
    deal_id: int | None = None,
    contact_id: int | None = None,
    due_on: object = None,
    cause: Activity | None = None,
) -> Task:
    """Add a task for somebody of the team, by a day in the team's zone. Raises NotFound, Refused."""
    if deal_id is not None:
        deals.get(session, deal_id)
    if contact_id is not None:
        contacts.get(session, contact_id)
    kept = _kept(session, {"title": title, "due_on": due_on, "assignee_id": assignee_id})
    task = Task(deal_id=deal_id, contact_id=contact_id, created_at=at, **kept)
    session.add(task)
    session.flush()
    about = {"assignee_id": assignee_id, "due_on": str(task.due_on) if task.due_on else None}
    _note(session, "task.created", task, at=at, after=about, texts={"title": task.title}, cause=cause)
    return task


def edit(
    session: Session,
    task_id: int,
    changes: Mapping[str, Any],
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """Change title, due_on (date or None) or assignee_id; None where nothing differs.

    Raises NotFound, Refused, UnknownField.
    """
    task = queries.hold(session, task_id)
    wanted = {name: value for name, value in changes.items() if name not in _FIELDS or getattr(task, name) != value}
    changed = {name: value for name, value in _kept(session, wanted).items() if getattr(task, name) != value}
    if not changed:
        return None
    noted = note({name: getattr(task, name) for name in changed}, changed, ["title"])
    for name, value in changed.items():
        setattr(task, name, value)
    session.flush()
    session.expire(task, ["assignee"])
    return _note(
        session,
        "task.edited",
        task,
        at=at,
        before=noted.before,
        after=noted.after,
        texts=noted.texts,
        cause=cause,
        undoes=undoes,
    )


def done(
    session: Session, task_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity | None:
    """It is done; None where it was. Raises NotFound."""
    task = queries.hold(session, task_id)
    if task.done_at is not None:
        return None
    task.done_at = at
    session.flush()
    return _note(session, "task.done", task, at=at, texts={"title": task.title}, cause=cause, undoes=undoes)


def reopen(
    session: Session, task_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity | None:
    """It is to be done after all; None where it is. Raises NotFound."""
    task = queries.hold(session, task_id)
    if task.done_at is None:
        return None
    was, task.done_at = task.done_at, None
    session.flush()
    before = {"done_at": was.isoformat()}
    texts = {"title": task.title}
    return _note(session, "task.reopened", task, at=at, before=before, texts=texts, cause=cause, undoes=undoes)


def delete(
    session: Session, task_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity:
    """Take a task away. Raises NotFound."""
    task = queries.hold(session, task_id)
    task.deleted_at = at
    session.flush()
    return _note(session, "task.deleted", task, at=at, texts={"title": task.title}, cause=cause, undoes=undoes)


def restore(
    session: Session, task_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity | None:
    """Bring a deleted task back; None where it is there. Raises NotFound."""
    task = queries.hold(session, task_id, deleted=True)
    if task.deleted_at is None:
        return None
    task.deleted_at = None
    session.flush()
    return _note(session, "task.restored", task, at=at, texts={"title": task.title}, cause=cause, undoes=undoes)


def _kept(session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
    """In their normal form; a task is newly given only to somebody who may act."""
    for name in given:
        if name not in _FIELDS:
            raise UnknownField(key=name, field=name)
    kept = {name: check(_FIELDS[name], value) for name, value in given.items()}
    assignee = kept.get("assignee_id")
    if isinstance(assignee, int) and not teams.get_user(session, assignee).active:
        raise NobodySuch(_FIELDS["assignee_id"], f"#{assignee}")
    return kept


def _note(
    session: Session,
    kind: str,
    task: Task,
    *,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    texts: Mapping[str, Any] | None = None,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity:
    return activity.record(
        session,
        kind,
        _about(task),
        at=at,
        before=before,
        after={"task_id": task.id, **(after or {})},
        texts=texts,
        cause=cause,
        undoes=undoes,
    )


def _about(task: Task) -> tuple[str, int]:
    """Whose diary tells of it: who may not see the deal may not see this either."""
    if task.deal_id is not None:
        return "deal", task.deal_id
    return ("contact", task.contact_id) if task.contact_id is not None else ("task", task.id)
