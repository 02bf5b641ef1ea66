"""A session sees one team: every statement is walked, every new row is checked.

What escapes this is held elsewhere: composite foreign keys refuse a link into another team's row, and tests forbid
`session.connection()`, `bulk_*_mappings`, `exec_driver_sql` and bare tables outside `migrations` and `sessions`.
"""

from __future__ import annotations

import functools
from typing import Any

from sqlalchemy import Alias, ColumnClause, Table, TableClause, TextClause, event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.context import FromStatement
from sqlalchemy.sql import visitors
from sqlalchemy.sql.selectable import TextualSelect

from addon.domain.access.kept import criteria
from addon.domain.access.sees import Sees
from addon.domain.access.viewer import DOOR, Everyone, Viewer
from addon.models import OfTeam, Team

_WORDS = (TextClause, TextualSelect, FromStatement)
_TEAM = Team.__tablename__

WHOLE_TEAM = {"whole_team": True}
"""Execution options of a question that is answered from all of the team's rows, whoever asks: for what the rooms must
know to keep their own order, such as the next number of a diary. Its answer is never shown."""


class NoViewer(Exception):
    """A statement touches a team's table and nobody is looking."""


class NotSeen(Exception):
    """A statement that cannot be walked or filtered."""


class OtherTeam(Exception):
    """A row of another team."""


class TeamSession(Session):
    """A session with one viewer, for its whole life."""


Walked = tuple[frozenset[str], bool]

_KEPT = 1000
"""Shapes of statements whose walk is remembered."""
_walked: dict[Any, Walked] = {}


def walk_once(statement: Any) -> Walked:
    """Like `walk`, but a statement of the same shape is not walked again.

    The shape is what SQLAlchemy keeps compiled SQL by: all of a statement but the values of its parameters. Two
    statements that share it are the same SQL, so they hold the same tables. One that has none is walked each time.
    """
    shape = statement._generate_cache_key()
    if shape is None:
        return walk(statement)
    known = _walked.get(shape.key)
    if known is None:
        if len(_walked) >= _KEPT:
            _walked.clear()
        known = _walked[shape.key] = walk(statement)
    return known


def walk(statement: Any) -> Walked:
    """The team's tables in a statement, wherever they hide, and whether it holds something that no criteria reach."""
    names: set[str] = set()
    by_model: set[str] = set()
    blind = False
    for part in visitors.iterate(statement):
        for place in (part, _table_of(part)):
            if isinstance(place, Table) and "team_id" in place.c:
                names.add(place.name)
            if place is not None and (entity := place._annotations.get("parententity")) is not None:
                by_model.add(entity.mapper.local_table.name)
        blind = blind or _is_blind(part)
    return frozenset(names), blind or not names <= by_model


def _table_of(part: Any) -> Table | None:
    table = part if isinstance(part, Table | Alias) else getattr(part, "table", None)
    while isinstance(table, Alias):
        table = table.element
    return table if isinstance(table, Table) else None


def _is_blind(part: Any) -> bool:
    """SQL in words, or a table that no model stands for."""
    if isinstance(part, _WORDS) or (isinstance(part, TableClause) and not isinstance(part, Table)):
        return True
    return isinstance(part, ColumnClause) and part.is_literal and part.name != "*"


@event.listens_for(TeamSession, "do_orm_execute")
def only_own_team(state: ORMExecuteState) -> None:
    """Fires for Core and text too, when run by session.execute."""
    viewer = state.session.info.get("viewer")
    if viewer is DOOR or isinstance(viewer, Everyone):
        return
    tables, blind = walk_once(state.statement)
    if blind and not (state.is_relationship_load or state.is_column_load):  # these are written by the models
        raise NotSeen(sorted(tables))
    if not tables:
        _leave_teams_alone(state)
        return
    if not isinstance(viewer, Viewer):
        raise NoViewer(sorted(tables))
    if not state.is_orm_statement:
        raise NotSeen(sorted(tables))
    _keep_to(state, viewer, tables)


def _leave_teams_alone(state: ORMExecuteState) -> None:
    """A team's own row has no team to be filtered by: it is changed as an object, which the flush checks."""
    if (state.is_update or state.is_delete) and getattr(state.statement, "table", None) is not None:
        table: Any = state.statement.table  # type: ignore[attr-defined]
        if table.name == _TEAM:
            raise OtherTeam


@functools.cache
def _rows_of(team: int) -> Any:
    """The criteria of a team, made once: taking the lambda apart costs more than most statements."""
    return with_loader_criteria(OfTeam, lambda cls: cls.team_id == team, include_aliases=True)


def _keep_to(state: ORMExecuteState, viewer: Viewer, tables: frozenset[str]) -> None:
    given: Any = state.parameters
    team = viewer.team_id
    if state.is_insert:  # criteria do not apply to INSERT
        rows = given if isinstance(given, list) else [given or {}]
        if any(row.get("team_id") != team for row in rows):
            raise OtherTeam
    elif isinstance(given, list) or (state.is_update and _gives_away(state.statement, given)):
        raise OtherTeam  # UPDATE by a list of keys is not filtered
    elif not state.is_column_load:
        kept: list[Any] = []
        if viewer.sees is not None and not state.execution_options.get("whole_team"):
            kept = _kept_from(viewer.sees, state.statement, tables)
        state.statement = state.statement.options(_rows_of(team), *kept)


def _kept_from(sees: Sees, statement: Any, tables: frozenset[str]) -> list[Any]:
    """The conditions of the tables in a statement; of all where options may load more. Each costs time."""
    conditions = criteria(sees)
    return [conditions[name] for name in conditions if statement._with_options or name in tables]


def _gives_away(statement: Any, given: Any) -> bool:
    """Whether an UPDATE says whose the rows are: they stay whose they were."""
    names = {getattr(column, "key", column) for column in (statement._values or ())}
    return "team_id" in names or "team_id" in (given or ())


@event.listens_for(TeamSession, "before_flush")
def no_strange_rows(session: Session, _context: Any, _instances: Any) -> None:
    """Rows that are added, changed or deleted never pass `do_orm_execute`."""
    viewer = session.info.get("viewer")
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Team) and row not in session.new and isinstance(viewer, Viewer):
            _check_own(row, row.id, viewer)
        if not isinstance(row, OfTeam):
            continue
        if not isinstance(viewer, Viewer):
            raise NoViewer(type(row).__name__)
        team: int | None = row.team_id
        if team is None and row in session.new:
            team = row.team_id = viewer.team_id
        _check_own(row, team, viewer)


def _check_own(row: Any, team: int | None, viewer: Viewer) -> None:
    if team != viewer.team_id:
        raise OtherTeam(type(row).__name__)
