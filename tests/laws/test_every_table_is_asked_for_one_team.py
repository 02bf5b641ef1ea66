"""Tenancy, table by table: whatever is added later, no statement about a team's table goes out without the team."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, event, func, select

from addon.models import Deal, Model
from tests.domain.team_at_work import TeamAtWork

MODELS = {
    mapper.class_.__tablename__: mapper.class_ for mapper in Model.registry.mappers if "team_id" in mapper.columns
}
NEWER = {
    *("bulk", "import", "import_file", "import_row", "import_mapping", "field", "field_option", "deal_value"),
    *("contact_value", "company_value", "view", "task", "search_word", "search_slip", "search_place"),
    *("deal_total", "pipeline_member", "checklist_tick", "role_sight"),
}


def test_the_newer_tables_are_among_those_that_are_asked() -> None:
    assert NEWER - MODELS.keys() == set()


@pytest.fixture
def asked(team: TeamAtWork) -> Any:
    """Statements as they go out."""
    engine, found = team.database.engine, list[str]()

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("shape", ["rows", "a count", "an alias in EXISTS", "a delete"])
def test_no_statement_about_a_table_goes_out_without_its_team(shape: str, team: TeamAtWork, asked: list[str]) -> None:
    free = []
    with team.acting() as session:
        for name, model in sorted(MODELS.items()):
            key = model.team_id
            statement: Any = {
                "rows": select(model),
                "a count": select(func.count()).select_from(model),
                "an alias in EXISTS": select(model).where(select(model).exists()),
                "a delete": delete(model).where(key == -1),
            }[shape]
            if shape == "a delete" and model is Deal:
                continue  # deals are counted, so no statement may delete them
            asked.clear()
            session.execute(statement, execution_options={"synchronize_session": False})
            wanted = 2 if shape == "a delete" else 1
            sent = next(each for each in asked if name in each)
            if sent.count("team_id = ") + sent.count("team_id IN") < wanted:
                free.append((name, sent))
        session.rollback()

    assert free == []
