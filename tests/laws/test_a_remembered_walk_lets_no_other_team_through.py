"""Tenancy is quick because a statement is walked once and known by its shape; no team is remembered with it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Select, func, insert, literal_column, select, text, true, update

from addon.domain.access import tenancy
from addon.domain.access.tenancy import NotSeen, NoViewer, OtherTeam
from addon.models import Company, Deal, Team, User
from tests.laws.two_teams import MONDAY, OURS, THEIRS, TwoTeams

DEALS = Deal.__table__
TWINS: list[tuple[Any, Any]] = [
    (select(Deal.title), select(DEALS.c.title)),
    (select(Deal.title), text("SELECT title FROM deal")),
    (select(func.count(Deal.id)), select(func.count(DEALS.c.id))),
    (select(User.id).join(Deal, true()), select(User.id).join(DEALS, true())),
    (select(Deal.title).where(Deal.id > 0), select(Deal.title).where(text("id > 0"))),
    (select(Deal.id, Deal.title), select(Deal.id, literal_column("deal.title"))),
]
"""A question that is answered, and one that reads alike and is refused."""


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> None:
    tenancy._walked.clear()


def test_a_shape_is_walked_once(teams_apart: TwoTeams, monkeypatch: pytest.MonkeyPatch) -> None:
    walked = []
    monkeypatch.setattr(
        tenancy, "walk", lambda statement, walk=tenancy.walk: walked.append(statement) or walk(statement)
    )

    with teams_apart.looking() as session:
        for title in ("Ramp", "Dock", "Pier"):
            session.scalars(select(Deal.id).where(Deal.title == title, Deal.id.in_([len(title), 2]))).all()

    assert len(walked) == 1


@pytest.mark.parametrize("twins", TWINS)
@pytest.mark.parametrize("refused_first", [True, False])
def test_what_reads_alike_is_not_mistaken(
    twins: tuple[Select[Any], Any], refused_first: bool, teams_apart: TwoTeams
) -> None:
    right, wrong = twins
    with teams_apart.looking() as session:
        for _ in range(2):
            if not refused_first:
                session.execute(right).all()
            for _ in range(2):
                with pytest.raises(NotSeen):
                    session.execute(wrong)
            session.execute(right).all()


def test_each_team_gets_its_own_rows_by_a_walk_that_the_other_made(teams_apart: TwoTeams) -> None:
    for _ in range(3):
        with teams_apart.looking() as session:
            assert session.scalars(select(Deal.title).where(Deal.id > 0)).all() == [f"{OURS} deal"]
        with teams_apart.acting_there() as session:
            assert session.scalars(select(Deal.title).where(Deal.id > 0)).all() == [f"{THEIRS} deal"]


def test_a_walk_that_was_remembered_opens_nothing_to_nobody(teams_apart: TwoTeams) -> None:
    with teams_apart.looking() as session:
        session.scalars(select(Deal.title)).all()
        session.info["viewer"] = None

        with pytest.raises(NoViewer):
            session.scalars(select(Deal.title))


def test_rows_are_checked_each_time_whatever_is_remembered_of_the_statement(teams_apart: TwoTeams) -> None:
    row = {"name": "x", "created_at": MONDAY}
    with teams_apart.acting() as session:
        session.execute(insert(Company), {**row, "team_id": teams_apart.ours.team})
        with pytest.raises(OtherTeam):
            session.execute(insert(Company), {**row, "team_id": teams_apart.theirs.team})
        session.execute(update(Company).values(name="y"))
        with pytest.raises(OtherTeam):
            session.execute(update(Company).values(team_id=teams_apart.theirs.team))
        with pytest.raises(OtherTeam):
            session.execute(update(Team).values(name="y"))


def test_only_so_many_shapes_are_remembered(teams_apart: TwoTeams, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenancy, "_KEPT", 3)

    with teams_apart.looking() as session:
        for n in range(8):
            session.scalars(select(*[Deal.id] * (n + 1), *[Deal.title] * n)).all()

    assert 0 < len(tenancy._walked) <= 3
