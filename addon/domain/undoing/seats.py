"""Taking back who may come in, as what, and what each role sees."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.teams import operations as teams
from addon.domain.undoing.scene import Handler
from addon.domain.undoing.switches import Switch, named
from addon.domain.undoing.wordings import Held, Setting
from addon.models import Activity, Role, RoleSight, Sight, User


def _let_in(session: Session, entry: Activity, at: datetime, cause: Activity | None) -> Activity | None:
    return teams.reactivate(session, entry.subject_id, at=at, cause=cause, undoes=entry)


def _let_out(session: Session, entry: Activity, at: datetime, cause: Activity | None) -> Activity | None:
    return teams.deactivate(session, entry.subject_id, at=at, cause=cause, undoes=entry)


SEAT = Switch(
    "seat",
    lambda entry: ("seat", entry.subject_id),
    lambda session, entry: session.get_one(User, entry.subject_id).active,
    _let_in,
    _let_out,
    named(User),
)


def _put_role(session: Session, entry: Activity, held: Held, at: datetime, cause: Activity | None) -> Activity | None:
    return teams.change_role(session, entry.subject_id, Role(held["role"]), at=at, cause=cause, undoes=entry)


def _put_sight(session: Session, entry: Activity, held: Held, at: datetime, cause: Activity | None) -> Activity | None:
    return teams.set_sight(session, Role(held["role"]), Sight(held["sight"]), at=at, cause=cause, undoes=entry)


_ROLE = Setting(
    lambda session, entry: session.get(User, entry.subject_id),
    lambda session, entry: session.get_one(User, entry.subject_id).name,
    _put_role,
)
_SIGHT = Setting(
    lambda session, entry: session.scalar(select(RoleSight).where(RoleSight.role == entry.after["role"])),
    lambda session, entry: str(entry.after["role"]),
    _put_sight,
    text="undoing.sight",
)

HANDLERS: Mapping[str, Handler] = {
    "user.reactivated": SEAT.came_back(),
    "user.deactivated": SEAT.went_off(),
    "user.role_changed": _ROLE.handler(),
    "sight.set": _SIGHT.handler(),
}
