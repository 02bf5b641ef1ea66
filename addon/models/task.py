"""Something to do by a day, for a deal or a person."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addon.models.base import Model, OfTeam, own, to
from addon.models.team import User


class Task(Model, OfTeam):
    __tablename__ = "task"
    __table_args__ = own(
        to("deal"), to("contact"), to("user", "assignee_id"), Index("ix_task_due", "team_id", "assignee_id", "due_on")
    )

    title: Mapped[str] = mapped_column(String(300))
    deal_id: Mapped[int | None] = mapped_column(index=True)
    contact_id: Mapped[int | None] = mapped_column(index=True)
    assignee_id: Mapped[int]
    due_on: Mapped[date | None]
    """In the team's zone."""
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    assignee: Mapped[User] = relationship(viewonly=True, primaryjoin="foreign(Task.assignee_id) == User.id")
