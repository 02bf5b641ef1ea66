"""The people of a team, their roles, and what each role sees. Admins change it; managers may look."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.errors import NotAllowed
from addon.domain.teams import operations, queries
from addon.models import Activity, Role, Sight, User
from addon.web.seat import Person, owner, reading, seat
from addon.web.settings.settings_acts import NOTHING, Refused, act, happened, newest

bp = Blueprint("roles", __name__)


@dataclass(frozen=True)
class Colleague:
    id: int
    person: Person
    email: str
    role: str
    active: bool
    me: bool


@bp.get("/settings/roles")
def page() -> ResponseReturnValue:
    return _draw(NOTHING)


@bp.post("/settings/roles/people")
def add() -> ResponseReturnValue:
    """Form: email, name, role."""
    role = _role(request.form.get("role", ""))

    def let_in(session: Session) -> Activity | None:
        form = request.form
        user = operations.add_user(
            session, form.get("email", "").strip(), role=role, name=form.get("name", "").strip()[:200], at=clock.now()
        )
        return newest(session, "user", user.id)

    return _act("add", let_in)


@bp.post("/settings/roles/people/<int:user_id>")
def change_role(user_id: int) -> ResponseReturnValue:
    """Form: role."""
    role = _role(request.form.get("role", ""))
    return _act(f"user-{user_id}", lambda session: operations.change_role(session, user_id, role, at=clock.now()))


@bp.post("/settings/roles/people/<int:user_id>/deactivate")
def deactivate(user_id: int) -> ResponseReturnValue:
    return _act(f"user-{user_id}", lambda session: operations.deactivate(session, user_id, at=clock.now()))


@bp.post("/settings/roles/people/<int:user_id>/reactivate")
def reactivate(user_id: int) -> ResponseReturnValue:
    return _act(f"user-{user_id}", lambda session: operations.reactivate(session, user_id, at=clock.now()))


@bp.post("/settings/roles/<role>")
def set_sight(role: str) -> ResponseReturnValue:
    """Form: sight."""
    of, wanted = _role(role), request.form.get("sight", "")
    if wanted not in set(Sight):
        abort(400)
    return _act("sight", lambda session: operations.set_sight(session, of, Sight(wanted), at=clock.now()))


def _role(given: str) -> Role:
    if given not in set(Role):
        abort(400)
    return Role(given)


def _act(form: str, do: object) -> ResponseReturnValue:
    return act(do, to=url_for("web.roles.page"), form=form, draw=_draw)  # type: ignore[arg-type]


def _draw(refused: Refused) -> str:
    me = seat()
    if me.viewer.role not in (Role.ADMIN, Role.MANAGER):
        raise NotAllowed
    with reading() as session:
        everybody = [
            Colleague(user.id, owner(user), user.email, user.role, user.active, user.id == me.user_id)
            for user in session.scalars(select(User).order_by(User.name, User.id))
        ]
        return render_template(
            "web/roles.html",
            people=[one for one in everybody if one.active],
            away=[one for one in everybody if not one.active],
            roles=[(str(role), me.words(f"settings.roles.role.{role}")) for role in Role],
            sights=list(queries.sights(session).items()),
            choices=list(Sight),
            admin=me.viewer.role is Role.ADMIN,
            moved=happened(session, back=url_for("web.roles.page")),
            refused=refused,
        )
