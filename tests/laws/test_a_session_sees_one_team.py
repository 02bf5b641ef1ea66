"""Tenancy, in the session: whatever shape a question has, another team's rows are not in the answer."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Executable,
    column,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
    text,
    true,
    union,
    union_all,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from addon.domain.access import Everyone, Viewer
from addon.domain.access.tenancy import NotSeen, NoViewer, OtherTeam
from addon.domain.access.viewer import DOOR
from addon.models import Company, Contact, Deal, Stage, Suppression, Team, User
from tests.laws.two_teams import MONDAY, OURS, THEIRS, TwoTeams

ADDON = Path(__file__).parents[2] / "addon"
Ask = Callable[[Session], Any]
Names = aliased(Contact)

SEEN: dict[str, tuple[Ask, Any]] = {
    "a model": (lambda s: [d.title for d in s.scalars(select(Deal))], [f"{OURS} deal"]),
    "columns": (lambda s: s.scalars(select(Deal.title)).all(), [f"{OURS} deal"]),
    "an alias": (lambda s: [c.name for c in s.scalars(select(Names))], [f"Jane of {OURS}"]),
    "a count of rows": (lambda s: s.scalar(select(func.count()).select_from(Deal)), 1),
    "a count of ids": (lambda s: s.scalar(select(func.count(Deal.id))), 1),
    "an old query": (lambda s: s.query(Deal).count(), 1),
    "a count of theirs": (lambda s: s.scalar(select(func.count(Deal.id)).where(Deal.title.contains(THEIRS))), 0),
    "a join from the team": (
        lambda s: s.scalars(select(Deal.title).select_from(Team).join(Deal, true()).distinct()).all(),
        [f"{OURS} deal"],
    ),
    "an outer join": (
        lambda s: s.scalars(select(Contact.name).select_from(Team).outerjoin(Contact, true()).distinct()).all(),
        [f"Jane of {OURS}"],
    ),
    "EXISTS": (lambda s: s.scalar(select(exists(select(Deal.id).where(Deal.title == f"{THEIRS} deal")))), False),
    "EXISTS in a condition": (
        lambda s: s.scalars(select(User.name).where(exists(select(Deal.id).where(Deal.title.contains(THEIRS))))).all(),
        [],
    ),
    "IN": (
        lambda s: s.scalars(select(User.id).where(literal(THEIRS + " deal").in_(select(Deal.title)))).all(),
        [],
    ),
    "a subquery in FROM": (lambda s: s.scalars(select(select(Deal.title).subquery().c.title)).all(), [f"{OURS} deal"]),
    "a scalar subquery": (
        lambda s: s.scalar(select(User.id + select(func.count(Deal.id)).scalar_subquery() - User.id)),
        1,
    ),
    "a CTE": (lambda s: s.scalars(select(select(Deal.title).cte().c.title)).all(), [f"{OURS} deal"]),
    "a union": (
        lambda s: sorted(s.scalars(union(select(Deal.title), select(Contact.name)))),
        [f"{OURS} deal", f"Jane of {OURS}"],
    ),
    "a union of all": (
        lambda s: sorted(s.scalars(union_all(select(Deal.title), select(Deal.title)))),
        [f"{OURS} deal", f"{OURS} deal"],
    ),
    "eager loading by join": (
        lambda s: [d.owner.name for d in s.scalars(select(Deal).options(joinedload(Deal.owner)))],
        [f"Anna of {OURS}"],
    ),
    "eager loading by IN": (
        lambda s: [d.contact.name for d in s.scalars(select(Deal).options(selectinload(Deal.contact)))],
        [f"Jane of {OURS}"],
    ),
    "eager loading by one's own join": (
        lambda s: [
            d.company.name
            for d in s.scalars(select(Deal).join(Deal.company).options(contains_eager(Deal.company)))
        ],
        [f"{OURS} customer"],
    ),
    "lazy loading": (
        lambda s: [address.email for person in s.scalars(select(Contact)) for address in person.addresses],
        ["jane@acme.example"],
    ),
}  # fmt: skip


def test_whatever_shape_a_question_has_only_ones_own_rows_are_in_the_answer(teams_apart: TwoTeams) -> None:
    answers = {}
    for shape, (ask, _) in SEEN.items():
        with teams_apart.looking() as session:
            answers[shape] = ask(session)

    assert answers == {shape: expected for shape, (_, expected) in SEEN.items()}


def test_another_teams_row_is_not_there_by_its_id(teams_apart: TwoTeams) -> None:
    with teams_apart.looking() as session:
        assert session.get(Deal, teams_apart.theirs.deal) is None
        assert session.get(Deal, teams_apart.ours.deal) is not None


def test_nor_does_a_row_of_ours_lead_to_it(teams_apart: TwoTeams) -> None:
    """The models join by id alone; here a row points across, as no database lets it."""
    with teams_apart.looking() as session:
        person = session.get_one(Contact, teams_apart.ours.contact)
        session.expunge(person)
        stranger = Contact(id=0, team_id=person.team_id, company_id=teams_apart.theirs.company)
        session.enable_relationship_loading(stranger)

        assert stranger.company is None


DEALS = Deal.__table__
REFUSED: dict[str, tuple[Callable[[TwoTeams], Any], type[Exception]]] = {
    "a Core select": (lambda t: select(DEALS.c.title), NotSeen),
    "a Core select of an alias": (lambda t: select(DEALS.alias().c.title), NotSeen),
    "a Core count": (lambda t: select(func.count()).select_from(DEALS), NotSeen),
    "a Core column beside a model": (lambda t: select(User.id, DEALS.c.title), NotSeen),
    "a Core table joined to a model": (lambda t: select(User.id).join(DEALS, true()), NotSeen),
    "a Core table in EXISTS": (lambda t: select(Team.name).where(exists(select(DEALS.c.id))), NotSeen),
    "EXISTS beside no model": (lambda t: select(exists().where(Deal.title == f"{THEIRS} deal")), NotSeen),
    "a Core update": (lambda t: update(DEALS).values(title="x"), NotSeen),
    "a Core delete": (lambda t: delete(DEALS), NotSeen),
    "a Core insert": (lambda t: insert(Company.__table__).values(team_id=t.ours.team, name="x"), NotSeen),
    "text": (lambda t: text("SELECT title FROM deal"), NotSeen),
    "text with columns": (lambda t: text("SELECT title FROM deal").columns(column("title")), NotSeen),
    "text as a model": (lambda t: select(Deal).from_statement(text("SELECT * FROM deal")), NotSeen),
    "text as a subquery": (
        lambda t: select(text("SELECT title FROM deal").columns(column("title")).subquery()),
        NotSeen,
    ),
    "text among columns": (lambda t: select(text("title FROM deal")), NotSeen),
    "text in a condition": (lambda t: select(User.id).where(text("EXISTS (SELECT 1 FROM deal)")), NotSeen),
    "a literal column": (lambda t: select(literal_column("(SELECT count(*) FROM deal)")), NotSeen),
    "a table named by word": (lambda t: select(column("title")).select_from(table("deal")), NotSeen),
    "an insert for another team": (
        lambda t: insert(Company).values(team_id=t.theirs.team, name="x", created_at=MONDAY),
        OtherTeam,
    ),
    "an insert from a select": (
        lambda t: insert(Company).from_select(
            ["team_id", "name", "created_at"], select(literal(t.theirs.team), Company.name, Company.created_at)
        ),
        OtherTeam,
    ),
    "an update that gives rows away": (lambda t: update(Company).values(team_id=t.theirs.team), OtherTeam),
    "an update of the teams": (lambda t: update(Team).values(name="x"), OtherTeam),
    "a delete of a team": (lambda t: delete(Team).where(Team.id == t.theirs.team), OtherTeam),
}


def test_what_cannot_be_filtered_is_refused(teams_apart: TwoTeams) -> None:
    refusals: dict[str, type[BaseException] | None] = {}
    for shape, (make, _) in REFUSED.items():
        with teams_apart.acting() as session:
            try:
                session.execute(make(teams_apart))
                refusals[shape] = None
            except (NotSeen, NoViewer, OtherTeam) as refused:
                refusals[shape] = type(refused)
            session.rollback()

    assert refusals == {shape: expected for shape, (_, expected) in REFUSED.items()}


@pytest.mark.parametrize("rows", ["one", "many"])
def test_rows_for_another_team_are_refused_however_many(rows: str, teams_apart: TwoTeams) -> None:
    row = {"team_id": teams_apart.theirs.team, "name": "x", "created_at": MONDAY}

    with teams_apart.acting() as session, pytest.raises(OtherTeam):
        session.execute(insert(Company), row if rows == "one" else [{**row, "team_id": teams_apart.ours.team}, row])


def test_an_update_by_a_list_of_keys_is_refused(teams_apart: TwoTeams) -> None:
    with teams_apart.acting() as session, pytest.raises(OtherTeam):
        session.execute(update(Deal), [{"id": teams_apart.theirs.deal, "title": "x"}])


CHANGES: dict[str, Callable[[], Executable]] = {
    "all": lambda: update(Company).values(name="x"),
    "by condition": lambda: update(Company).where(Company.name.contains("customer")).values(name="x"),
    "by a subquery": lambda: update(Company).where(exists(select(Deal.id))).values(name="x"),
}


def test_an_update_reaches_ones_own_rows_only(teams_apart: TwoTeams) -> None:
    for change in CHANGES.values():
        with teams_apart.acting() as session:
            session.execute(change())
            assert session.scalars(select(Company.name)).all() == ["x"]
        with teams_apart.acting_there() as session:
            assert session.scalars(select(Company.name)).all() == [f"{THEIRS} customer"]
        with teams_apart.acting() as session:
            session.execute(update(Company).values(name="customer"))


def test_so_does_a_delete(teams_apart: TwoTeams) -> None:
    for team in (teams_apart.acting, teams_apart.acting_there):
        with team() as session:
            session.add(Suppression(address_key="x@y.example", scope="everything", reason="by_hand", created_at=MONDAY))

    with teams_apart.acting() as session:
        session.execute(delete(Suppression).where(Suppression.address_key == "x@y.example"))

    with teams_apart.acting_there() as session:
        assert session.scalar(select(func.count(Suppression.id))) == 1


class TestRowsThatAreFlushed:
    def test_a_new_row_takes_the_viewers_team(self, teams_apart: TwoTeams) -> None:
        with teams_apart.acting() as session:
            session.add(new := Company(name="New", created_at=MONDAY))
            session.flush()
            assert new.team_id == teams_apart.ours.team

    def test_a_new_row_for_another_team_is_refused(self, teams_apart: TwoTeams) -> None:
        with pytest.raises(OtherTeam), teams_apart.acting() as session:
            session.add(Company(team_id=teams_apart.theirs.team, name="New", created_at=MONDAY))

    def test_a_row_is_not_given_away(self, teams_apart: TwoTeams) -> None:
        with pytest.raises(OtherTeam), teams_apart.acting() as session:
            session.get_one(Company, teams_apart.ours.company).team_id = teams_apart.theirs.team

    @pytest.mark.parametrize("how", ["changed", "deleted"])
    def test_a_row_that_came_from_elsewhere_is_refused(self, how: str, teams_apart: TwoTeams) -> None:
        with teams_apart.acting_there() as session:
            row = session.get_one(Company, teams_apart.theirs.company)
            session.expunge(row)
        with teams_apart.acting() as session:
            session.add(row)
            if how == "changed":
                row.name = "Ours now"
            else:
                session.delete(row)
            with pytest.raises(OtherTeam):
                session.flush()
            session.expunge_all()

    def test_merging_does_not_overwrite_it(self, teams_apart: TwoTeams) -> None:
        with pytest.raises((OtherTeam, IntegrityError)), teams_apart.acting() as session:
            session.merge(Company(id=teams_apart.theirs.company, name="Ours now", created_at=MONDAY))

    def test_another_teams_name_stays_what_it_is(self, teams_apart: TwoTeams) -> None:
        with pytest.raises(OtherTeam), teams_apart.acting() as session:
            session.get_one(Team, teams_apart.theirs.team).name = "Ours now"


class TestWithoutATeam:
    def test_nobody_reads_nothing(self, teams_apart: TwoTeams) -> None:
        with teams_apart.looking() as session:
            session.info["viewer"] = None
            for ask in (select(Deal), select(func.count()).select_from(Deal), select(Team).join(Deal, true())):
                with pytest.raises(NoViewer):
                    session.execute(ask)

    def test_the_clockwork_adds_no_rows(self, teams_apart: TwoTeams) -> None:
        with pytest.raises(NoViewer), teams_apart.database.writing_for_everyone(Everyone()) as session:
            session.add(Company(team_id=teams_apart.ours.team, name="x", created_at=MONDAY))

    def test_a_door_changes_nothing(self, teams_apart: TwoTeams) -> None:
        with teams_apart.database.reading(DOOR) as session:
            session.scalars(select(User)).first().name = "x"  # type: ignore[union-attr]
            with pytest.raises(NoViewer):
                session.flush()


def test_sessions_of_two_teams_in_turn_never_mix(teams_apart: TwoTeams) -> None:
    """Statements are cached by shape; the team must not be cached with them."""
    for _ in range(3):
        for ids, name in ((teams_apart.ours, OURS), (teams_apart.theirs, THEIRS)):
            with teams_apart.database.reading(Viewer.operator(ids.team)) as session:
                assert (
                    session.scalars(select(Stage).where(Stage.id.in_(select(Deal.stage_id)))).one().name
                    == f"{name} new"
                )
                assert session.scalars(select(Deal.title)).all() == [f"{name} deal"]


def test_no_room_speaks_to_a_table_without_its_model() -> None:
    """A bare table that stands beside its own model cannot be told from it; so nobody takes one into a statement."""
    slips = [
        f"{path.relative_to(ADDON)}:{node.lineno} {node.attr}"
        for floor in ("domain", "web", "sidebar", "intake", "worker", "cli")
        for path in sorted((ADDON / floor).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("__table__", "metadata")
    ]

    assert not slips


def test_only_the_workers_clockwork_sees_all_teams() -> None:
    makers = {
        str(path.relative_to(ADDON))
        for path in sorted(ADDON.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Everyone"
    }

    assert makers == {"worker/periodic.py"}


def test_only_doors_open_before_a_team_is_known() -> None:
    openers = {
        str(path.relative_to(ADDON))
        for path in sorted(ADDON.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name) and node.id == "DOOR" and isinstance(node.ctx, ast.Load)
    }

    assert openers == {"domain/access/doors.py", "domain/access/tenancy.py"}
