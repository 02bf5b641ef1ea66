"""A session sees one team: every statement is walked, every new row is checked.

What escapes this is held elsewhere: composite foreign keys refuse a link into another team's row, and a test forbids
`session.connection()`, `bulk_*_mappings` and `exec_driver_sql` outside `migrations` and `sessions`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, TextClause, event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.context import FromStatement
from sqlalchemy.sql import visitors

from addon.domain.access.viewer import DOOR, Everyone, Viewer
from addon.models import OfTeam


class NoViewer(Exception):
    """A statement touches a team's table and nobody is looking."""


class NotSeen(Exception):
    """A statement that cannot be walked or filtered."""


class OtherTeam(Exception):
    """A row of another team."""


class TeamSession(Session):
    """A session with one viewer, for its whole life."""


def team_tables(statement: Any) -> set[str]:
    """Tables with a team in a statement, wherever they hide: joins, subqueries, CTEs, EXISTS, INSERT."""
    tables = (part if isinstance(part, Table) else getattr(part, "table", None) for part in visitors.iterate(statement))
    return {table.name for table in tables if isinstance(table, Table) and "team_id" in table.c}


@event.listens_for(TeamSession, "do_orm_execute")
def only_own_team(state: ORMExecuteState) -> None:
    """Fires for Core and text too, when run by session.execute."""
    viewer = state.session.info.get("viewer")
    if viewer is DOOR or isinstance(viewer, Everyone):
        return
    if isinstance(state.statement, TextClause | FromStatement):
        raise NotSeen
    tables = team_tables(state.statement)
    if not tables:
        return
    if not isinstance(viewer, Viewer):
        raise NoViewer(sorted(tables))
    if not state.is_orm_statement:
        raise NotSeen(sorted(tables))
    _keep_to(state, viewer.team_id)


def _keep_to(state: ORMExecuteState, team: int) -> None:
    if state.is_insert:  # criteria do not apply to INSERT
        given: Any = state.parameters
        rows = given if isinstance(given, list) else [given or {}]
        if any(row.get("team_id") != team for row in rows):
            raise OtherTeam
    elif isinstance(state.parameters, list):  # UPDATE by a list of keys is not filtered
        raise OtherTeam
    elif not state.is_column_load:
        own = with_loader_criteria(OfTeam, lambda cls: cls.team_id == team, include_aliases=True)
        state.statement = state.statement.options(own)


@event.listens_for(TeamSession, "before_flush")
def no_strange_rows(session: Session, _context: Any, _instances: Any) -> None:
    """Rows that are added, changed or deleted never pass `do_orm_execute`."""
    viewer = session.info.get("viewer")
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, OfTeam):
            continue
        if not isinstance(viewer, Viewer):
            raise NoViewer(type(row).__name__)
        team: int | None = row.team_id
        if team is None and row in session.new:
            team = row.team_id = viewer.team_id
        if team != viewer.team_id:
            raise OtherTeam(type(row).__name__)
