"""Filtering and grouping by a field of one's own goes through its index, on both databases."""

from __future__ import annotations

import itertools
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, text

from addon.domain.access import Viewer
from addon.domain.fields import operations as fields
from addon.domain.fields import stored
from addon.domain.fields.keys import key_of
from addon.domain.views import board as boards
from addon.domain.views.asking import Ask
from addon.domain.views.filters import Condition, Group
from addon.models import Deal, FieldKind, Shape, Subject
from tests.domain.team_at_work import ANNA, MONDAY

INDEXES = {FieldKind.SELECT: "option_id", FieldKind.NUMBER: "number", FieldKind.TEXT: "folded"}


@pytest.fixture
def keys(team):
    """Fields of each kind that 400 deals fill in, by kind."""
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        made = {
            kind: fields.create(session, Subject.DEAL, kind, f"My {kind}", at=MONDAY, options=options)
            for kind, options in ((FieldKind.SELECT, ("a", "b")), (FieldKind.NUMBER, ()), (FieldKind.TEXT, ()))
        }
        deals = [
            Deal(
                title=f"D{number}",
                pipeline_id=team.pipeline_id,
                stage_id=team.stages["New"],
                owner_id=team.users[ANNA],
                entered_stage_at=MONDAY + timedelta(seconds=number),
                created_at=MONDAY,
            )
            for number in range(400)
        ]
        session.add_all(deals)
        session.flush()
        options = itertools.cycle([option.id for option in made[FieldKind.SELECT].options])
        values = {
            FieldKind.SELECT: lambda n: next(options),
            FieldKind.NUMBER: Decimal,
            FieldKind.TEXT: "Word {}".format,
        }
        held = {
            deal.id: {key_of(field.id): values[kind](number) for kind, field in made.items()}
            for number, deal in enumerate(deals)
        }
        stored.set_many(session, Subject.DEAL, held)
        found = {kind: (key_of(field.id), [option.id for option in field.options]) for kind, field in made.items()}
    with team.database.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    return found


def plans(team, ask: Ask) -> list[str]:
    """How the database finds what a board asks of the fields' values, one statement each."""
    asked: list[tuple[str, object]] = []
    with team.looking() as session:
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")

        def note(_conn, _cursor, statement, given, _context, _many):
            if "deal_value" in statement and not statement.startswith("EXPLAIN"):
                asked.append((statement, given))

        event.listen(connection.engine, "before_cursor_execute", note)
        try:
            boards.board(session, ask, at=MONDAY)
        finally:
            event.remove(connection.engine, "before_cursor_execute", note)
        explain = "EXPLAIN " if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
        return [
            "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + statement, given))
            for statement, given in asked
        ]


@pytest.mark.parametrize("kind", list(INDEXES))
def test_a_filter_begins_with_the_index_of_the_fields_kind(team, keys, kind):
    key, options = keys[kind]
    value, op = {"number": ("7", "is"), "text": ("WORD 7", "is"), "select": ((options or [0])[:1], "any_of")}[kind]
    condition = Condition(key, op, tuple(value) if isinstance(value, list) else value)

    found = plans(team, Ask(subject=Subject.DEAL, pipeline_id=team.pipeline_id, filter=Group(False, (condition,))))

    assert found
    for plan in found:
        assert f"ix_deal_value_{INDEXES[kind]}" in plan or "uq_deal_value" in plan, plan
        assert "SCAN deal_value" not in plan, plan
        assert "Seq Scan on deal_value" not in plan, plan
    if kind != FieldKind.SELECT:  # half of all deals may as well be looked at one by one
        assert any(f"ix_deal_value_{INDEXES[kind]}" in plan for plan in found), found


@pytest.mark.parametrize("kind", list(INDEXES))
def test_a_board_by_an_own_field_reads_no_other_fields_values(team, keys, kind):
    ask = Ask(subject=Subject.DEAL, pipeline_id=team.pipeline_id, shape=Shape.BOARD, group_by=keys[kind][0])

    found = plans(team, ask)

    assert found
    for plan in found:
        assert any(index in plan for index in ("ix_deal_value", "uq_deal_value", "autoindex_deal_value")), plan
        assert "SCAN deal_value" not in plan, plan
        assert "Seq Scan on deal_value" not in plan, plan
