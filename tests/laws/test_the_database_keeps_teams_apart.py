"""Tenancy, in the database: a row that points into another team is refused there, whoever writes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from addon.models import Model, OfTeam
from tests.laws.two_teams import MONDAY, TwoTeams

TABLES = {table.name: table for table in Model.metadata.sorted_tables}
OF_TEAM = {name: table for name, table in TABLES.items() if "team_id" in table.c}

LOOSE = {
    "activity.subject_id": "points into the table that subject_kind names",
    "evidence.act_id": "evidence and activity would point at each other",
    "suppression.run_id": "a note of where it came from; nothing is read through it",
}
"""Columns that name a row by its id and have no foreign key: each with its reason."""

GMAILS = {
    "gmail_id",
    "gmail_thread_id",
    "gmail_message_id",
    "draft_id",
    "unmarked_draft_id",
    "draft_message_id",
    "draft_thread_id",
}
NOT_IDS = {"rfc_message_id"} | GMAILS


def links() -> Iterator[tuple[Table, ForeignKeyConstraint]]:
    for table in OF_TEAM.values():
        for key in table.foreign_key_constraints:
            if key.referred_table.name != "team":
                yield table, key


def test_every_table_but_the_installations_and_the_teams_own_has_a_team() -> None:
    assert set(TABLES) - set(OF_TEAM) == {"installation", "team"}
    assert {mapper.local_table.name for mapper in Model.registry.mappers if issubclass(mapper.class_, OfTeam)} == set(
        OF_TEAM
    ), "the session's criteria reach only those"


@pytest.mark.parametrize("name", OF_TEAM)
def test_a_row_can_be_pointed_at_by_its_team_and_id(name: str) -> None:
    unique = [
        tuple(column.name for column in constraint.columns)
        for constraint in OF_TEAM[name].constraints
        if isinstance(constraint, UniqueConstraint)
    ]

    assert ("team_id", "id") in unique
    assert not OF_TEAM[name].c.team_id.nullable


def test_every_foreign_key_between_tables_of_a_team_names_the_team_on_both_sides() -> None:
    simple = [
        f"{table.name}: {[column.name for column in key.columns]}"
        for table, key in links()
        if {element.parent.name: element.column.name for element in key.elements}.get("team_id") != "team_id"
    ]

    assert not simple
    assert len(list(links())) > 40


def test_no_foreign_key_empties_or_deletes_rows_behind_ones_back() -> None:
    """With a composite key SET NULL would take the team too."""
    assert {key.ondelete for _, key in links()} <= {"RESTRICT", None}


def test_every_column_that_names_a_row_is_held_by_a_foreign_key() -> None:
    held = {f"{table.name}.{column.name}" for table, key in links() for column in key.columns}
    named = {
        f"{table.name}.{column.name}"
        for table in OF_TEAM.values()
        for column in table.columns
        if column.name.endswith("_id") and column.name not in NOT_IDS | {"team_id"}
    }

    assert named - held == set(LOOSE)


ACROSS = [
    ("deal", "owner_id", "user"),
    ("deal", "contact_id", "contact"),
    ("deal", "company_id", "company"),
    ("deal", "pipeline_id", "pipeline"),
    ("deal", "stage_id", "stage"),
    ("contact", "company_id", "company"),
    ("address", "contact_id", "contact"),
    ("stage", "pipeline_id", "pipeline"),
    ("stage_definition", "stage_id", "stage"),
    ("mailbox", "owner_id", "user"),
    ("mailbox_lease", "mailbox_id", "mailbox"),
    ("activity", "actor_id", "user"),
    ("activity", "mailbox_id", "mailbox"),
]
"""(table, column, of what): each is pointed at the other team's."""


def test_the_database_refuses_a_row_that_points_into_another_team(teams_apart: TwoTeams) -> None:
    for table, column, of in ACROSS:
        rows, theirs = TABLES[table], getattr(teams_apart.theirs, of)
        with teams_apart.database.engine.connect() as connection:
            ours = connection.scalar(select(func.min(rows.c.id)).where(rows.c.team_id == teams_apart.ours.team))
        assert ours is not None, "there is a row to change"
        with pytest.raises(IntegrityError), teams_apart.database.engine.begin() as connection:
            connection.execute(update(rows).where(rows.c.id == ours).values({column: theirs}))


def test_nor_can_a_new_row_be_written_past_every_session(teams_apart: TwoTeams) -> None:
    ours, theirs = teams_apart.ours, teams_apart.theirs
    row = {"team_id": ours.team, "contact_id": ours.contact, "deal_id": ours.deal, "created_at": MONDAY}
    with pytest.raises(IntegrityError), teams_apart.database.engine.begin() as connection:
        connection.execute(insert(TABLES["deal_contact"]).values({**row, "deal_id": theirs.deal}))
    with pytest.raises(IntegrityError), teams_apart.database.engine.begin() as connection:
        connection.execute(insert(TABLES["deal_contact"]).values({**row, "team_id": theirs.team}))

    with teams_apart.database.engine.begin() as connection:
        connection.execute(insert(TABLES["deal_contact"]).values(row))


def test_a_deal_that_others_point_at_cannot_change_teams(teams_apart: TwoTeams) -> None:
    deals = TABLES["deal"]

    with pytest.raises(IntegrityError), teams_apart.database.engine.begin() as connection:
        connection.execute(
            update(deals).where(deals.c.id == teams_apart.ours.deal).values(team_id=teams_apart.theirs.team)
        )
