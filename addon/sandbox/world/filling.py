"""Writes the world into the product's database, through the same rooms that people use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from addon.domain.access import Database, Viewer
from addon.domain.errors import NotFound
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.teams import operations as teams
from addon.domain.teams import queries as team_queries
from addon.domain.threads import operations as threads
from addon.models import LinkedHow, Role
from addon.sandbox.world.acquaintances import write_down
from addon.sandbox.world.data import World
from addon.sandbox.world.dealing import LINKED, Desk, open_deals
from addon.sandbox.world.looking import save_views
from addon.sandbox.world.own_fields import OwnFields
from addon.sandbox.world.post import Kept
from addon.sandbox.world.shaping import shape

NOBODY_YET = Viewer.operator(0)
"""Whoever makes a team has none."""


def exists(database: Database, name: str) -> bool:
    """Whether this database holds a team of this name."""
    with database.reading(NOBODY_YET) as session:
        try:
            team_queries.team_by_name(session, name)
        except NotFound:
            return False
    return True


def fill(database: Database, world: World, grants: Mapping[str, str], scopes: str, post: Sequence[Kept]) -> None:
    """Make the team and all it has. `grants`: a refresh token of each rep's mailbox, by address."""
    with database.writing(NOBODY_YET) as session:
        team = teams.create_team(
            session,
            world.team["name"],
            at=world.days_ago(200),
            currency=world.team["currency"],
            zone=world.team["zone"],
        )
    with database.writing(Viewer.operator(team.id)) as session:
        viewers = _people_of_the_team(session, world)
        users = {key: viewer.user_id or 0 for key, viewer in viewers.items()}
        made = shape(session, world, users)
    linked: dict[str, int] = {}
    for rep in world.reps:
        with database.writing(viewers[rep.key]) as session:
            linked[rep.email] = mailboxes.connect(
                session,
                owner_id=users[rep.key],
                email=rep.email,
                refresh_token=grants[rep.email],
                scopes=scopes,
                at=world.days_ago(100),
            ).id
            write_down(session, world, rep, users[rep.key], OwnFields(session, world, made.fields))
    for rep in world.reps:  # their deals name people whom a colleague wrote down
        with database.writing(viewers[rep.key]) as session:
            desk = Desk(session, world, made, OwnFields(session, world, made.fields), users)
            deals = open_deals(desk, rep.key)
            _links(session, linked[rep.email], [kept for kept in post if kept.mailbox == rep.email], deals, world)
            save_views(session, world, made, rep.key)


def _people_of_the_team(session: Session, world: World) -> dict[str, Viewer]:
    at = world.days_ago(200)
    return {
        rep.key: Viewer.of(teams.add_user(session, rep.email, role=Role(rep.role), name=rep.name, at=at))
        for rep in world.reps
    }


def _links(session: Session, mailbox_id: int, post: Sequence[Kept], deals: Mapping[str, int], world: World) -> None:
    """Threads that their owner linked by hand."""
    at = world.days_ago(LINKED)
    for kept in post:
        if kept.deal:
            thread = threads.ensure_thread(session, mailbox_id, kept.thread_id, at=at)
            threads.link(session, thread, deals[kept.deal], how=LinkedHow.EXPLICIT, at=at)
