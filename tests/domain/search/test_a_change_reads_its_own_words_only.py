"""What an edit or a deletion costs the index does not grow with what else stands in it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from addon.domain.contacts import operations as contacts
from tests.domain.team_at_work import MONDAY, TeamAtWork


def test_no_statement_of_an_edit_or_a_deletion_goes_through_all_places(team: TeamAtWork) -> None:
    engine = team.database.engine
    plans: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool) -> None:
        if "search_place" in statement and not statement.startswith("INSERT") and engine.dialect.name == "sqlite":
            cursor = connection.connection.dbapi_connection.execute(
                f"EXPLAIN QUERY PLAN {statement}", given[0] if many else given
            )
            plans.extend(step[3] for step in cursor.fetchall())
            cursor.close()

    with team.acting() as session:
        person = contacts.create(session, "zed@quux.example", name="Zed Quux", at=MONDAY).id
    event.listen(engine, "before_cursor_execute", explain)
    try:
        with team.acting() as session:
            contacts.edit(session, person, {"phone": "+48 22 123 45 67"}, at=MONDAY)
        with team.acting() as session:
            contacts.delete(session, person, at=MONDAY)
    finally:
        event.remove(engine, "before_cursor_execute", explain)

    assert plans or engine.dialect.name != "sqlite"
    assert [plan for plan in plans if "search_place" in plan and plan.startswith("SCAN")] == []
    assert [plan for plan in plans if "search_place" in plan and plan.endswith("(team_id=?)")] == []


def test_the_database_finds_the_places_of_a_word_that_goes_by_an_index(team: TeamAtWork) -> None:
    with team.database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            indexes = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE tbl_name = 'search_place'")
        else:
            indexes = connection.exec_driver_sql("SELECT indexdef FROM pg_indexes WHERE tablename = 'search_place'")
        whole = [sql for (sql,) in indexes if sql and "INDEX" in sql and " WHERE " not in sql]
    assert any("(team_id, word_id)" in sql for sql in whole)
