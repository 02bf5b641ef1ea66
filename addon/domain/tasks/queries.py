"""Which tasks there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from addon.domain.errors import NotFound
from addon.models import Deal, Task


def get(session: Session, task_id: int) -> Task:
    """Raises NotFound."""
    task = session.scalar(select(Task).where(Task.id == task_id, Task.deleted_at.is_(None)))
    if task is None:
        raise NotFound(what="task", given=task_id)
    return task


def hold(session: Session, task_id: int, *, deleted: bool = False) -> Task:
    """The task as it stands now, held until the transaction ends. Raises NotFound."""
    query = select(Task).where(Task.id == task_id).with_for_update()
    task = session.scalar(query.execution_options(populate_existing=True))
    if task is None or (task.deleted_at is not None and not deleted):
        raise NotFound(what="task", given=task_id)
    return task


def of_deal(session: Session, deal_id: int) -> Sequence[Task]:
    """What is to be done first, by its day, then what was done, the newest first."""
    return _ordered(session, select(Task).where(Task.deal_id == deal_id, Task.deleted_at.is_(None)))


def of_contact(session: Session, contact_id: int) -> Sequence[Task]:
    """In the same order."""
    return _ordered(session, select(Task).where(Task.contact_id == contact_id, Task.deleted_at.is_(None)))


def due(session: Session, user_id: int, *, until: date | None = None, limit: int = 200) -> Sequence[Task]:
    """What somebody has to do, by its day and those without one last; until a day (included), where one is named.

    A task of a deleted deal waits until the deal is restored.
    """
    query = _open(select(Task)).where(Task.assignee_id == user_id)
    if until is not None:
        query = query.where(Task.due_on <= until)
    query = query.order_by(Task.due_on.is_(None), Task.due_on, Task.id).limit(limit)
    return session.scalars(query).all()


def open_counts(session: Session, deal_ids: Collection[int]) -> dict[int, int]:
    """How much is to be done for each of these deals; those with nothing are not there."""
    found: dict[int, int] = {}
    ordered = sorted(deal_ids)
    for start in range(0, len(ordered), 500):
        query = _open(select(Task.deal_id, func.count())).where(Task.deal_id.in_(ordered[start : start + 500]))
        found.update({deal_id: count for deal_id, count in session.execute(query.group_by(Task.deal_id))})
    return found


def _open(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return query.outerjoin(Deal, Deal.id == Task.deal_id).where(
        Task.deleted_at.is_(None), Task.done_at.is_(None), Deal.deleted_at.is_(None)
    )


def _ordered(session: Session, query: Select[Task]) -> Sequence[Task]:
    tasks = session.scalars(query.options(joinedload(Task.assignee)).order_by(Task.id)).all()
    waiting = [task for task in tasks if task.done_at is None]
    over = [task for task in tasks if task.done_at is not None]
    waiting.sort(key=lambda task: (task.due_on is None, task.due_on or date.max, task.id))
    return [*waiting, *sorted(over, key=lambda task: (task.done_at or task.created_at, task.id), reverse=True)]
