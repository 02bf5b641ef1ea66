"""Law 4: an undo says beforehand what it takes back, of every kind of act: never only that something was changed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.contacts import addressing, companies
from addon.domain.contacts import operations as contacts
from addon.domain.deals import operations as deals
from addon.domain.fields import operations as fields
from addon.domain.fields import options
from addon.domain.money import Money
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines import shaping
from addon.domain.tasks import operations as tasks
from addon.domain.teams import operations as teams
from addon.domain.undoing import operations as undoing
from addon.domain.undoing.plan import can_be_offered
from addon.domain.undoing.registry import HANDLERS
from addon.domain.views import operations as views
from addon.i18n import Words
from addon.models import (
    Activity,
    Company,
    Contact,
    Deal,
    Field,
    FieldKind,
    FieldOption,
    Pipeline,
    Role,
    Sight,
    Stage,
    Subject,
    Task,
    View,
)
from addon.web.diary.act_names import Names
from addon.web.diary.undo_view import sentence
from tests.databases import on_sqlite
from tests.domain.team_at_work import ANNA, BEN, JANE, MONDAY, TeamAtWork, team_at_work
from tests.laws.small_world import SmallWorld
from tests.laws.test_every_change_stands_in_the_diary import ACTS
from tests.web.undoable_acts import MORE, Act, first

EMPTY_HANDED = ("this change", "something", "as it was before", "called and set as before", "{", "  ", "..", ":.")
ELSEWHERE = frozenset({"bulk.undone", "import.begun", "import.undone"})
"""What the worker does has tests of its own."""
NOT_HERE = ("outgoing.", "campaigns.", "fields.order")
"""They need a world of their own: a mail that went out, a team without fields."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallWorld]:
    folder: Path = tmp_path_factory.mktemp("undo_says")
    with on_sqlite(folder) as database:
        _ = database.secret
        yield SmallWorld(team_at_work(database), random.Random(7))


def says(session: Session, entry_id: int) -> str:
    """Empty where it cannot be taken back."""
    planned = undoing.preview(session, entry_id)
    return sentence(planned, Names(session, Words("en", "Europe/Warsaw"), MONDAY)) if planned.possible else ""


def told(team: TeamAtWork, entry: Activity | None, session: Session) -> str:
    assert entry is not None
    session.flush()
    return says(session, entry.id)


def test_an_edit_says_what_stands_there_again(office: SmallWorld) -> None:
    team = office.team
    with team.acting() as session:
        ramp = first(session, Deal, Deal.title == "Ramp")
        deals.edit(session, ramp, {"value": Money(Decimal(12), "EUR"), "owner": team.users[ANNA]}, at=MONDAY)
        given = deals.edit(session, ramp, {"owner": team.users[BEN]}, at=MONDAY)
        assert told(team, given, session) == "Undo: the owner is Anna again."
        emptied = deals.edit(session, ramp, {"value": None, "expected_close": date(2026, 5, 4)}, at=MONDAY)
        assert told(team, emptied, session) in (
            "Undo: the expected close is empty again; the amount is €12 again.",
            "Undo: the amount is €12 again; the expected close is empty again.",
        )
        own = fields.create(session, Subject.DEAL, FieldKind.NUMBER, "Liczba stanowisk", at=MONDAY)
        deals.edit(session, ramp, {f"f{own.id}": Decimal(20)}, at=MONDAY)
        grown = deals.edit(session, ramp, {f"f{own.id}": Decimal(40)}, at=MONDAY)
        assert told(team, grown, session) == "Undo: “Liczba stanowisk” is 20 again."
        person = contacts.edit(session, first(session, Contact), {"job": "Buyer"}, at=MONDAY)
        assert told(team, person, session) == "Undo: the job is empty again."
        acme = first(session, Company, Company.name == "Acme")
        company = companies.edit(session, acme, {"name": "Acme GmbH"}, at=MONDAY)
        assert told(team, company, session) == "Undo: the name is Acme again."
        session.rollback()


def test_settings_say_how_they_are_set_again(office: SmallWorld) -> None:
    team = office.team
    with team.acting() as session:
        offer, line = team.stages["Offer"], team.pipeline_id
        stage = shaping.edit_stage(session, offer, {"name": "Quote", "checklist": ["Call"]}, at=MONDAY)
        text = told(team, stage, session)
        assert "the name is Offer again" in text
        assert "the checklist is as before" in text
        assert told(team, pipelines.edit(session, line, {"currency": "PLN"}, at=MONDAY), session).startswith(
            "Undo: the currency is "
        )
        size = first(session, Field, Field.name == "Size")
        assert told(team, fields.edit(session, size, name="Wielkość", at=MONDAY), session) == (
            "Undo: the name is Size again."
        )
        small = first(session, FieldOption, FieldOption.name == "S")
        assert told(team, options.edit(session, small, name="XS", at=MONDAY), session) == "Undo: the name is S again."
        call = first(session, Task, Task.title == "Call")
        task = tasks.edit(session, call, {"title": "Ring"}, at=MONDAY)
        assert told(team, task, session) == "Undo: the title is Call again."
        sight = teams.set_sight(session, Role.REP, Sight.OWN, at=MONDAY)
        assert told(team, sight, session) == "Undo: Reps see all deals again."
        role = teams.change_role(session, team.users[BEN], Role.MANAGER, at=MONDAY)
        assert told(team, role, session) == "Undo: the role is rep again."
        ref = session.get_one(View, first(session, View)).ref
        view = views.put(session, ref, {"group_by": "owner"}, at=MONDAY)
        assert told(team, view, session) == "Undo: The view Mine shows what it showed before."
        ids = list(session.scalars(select(Stage.id).where(Stage.pipeline_id == line).order_by(Stage.position)))
        order = shaping.reorder_stages(session, line, [ids[1], ids[0], *ids[2:]], at=MONDAY)
        assert told(team, order, session) == "Undo: The stages stand in the order that they had before."
        session.rollback()


def test_a_pipeline_that_is_put_away_says_so(office: SmallWorld) -> None:
    with office.team.acting() as session:
        second = first(session, Pipeline, Pipeline.name == "Second")
        assert told(office.team, pipelines.archive(session, second, at=MONDAY), session) == (
            "Undo: The pipeline Second comes back."
        )
        session.rollback()


def test_many_things_are_counted(office: SmallWorld) -> None:
    team = office.team
    with team.acting() as session:
        person = first(session, Contact)
        cause: Activity | None = None
        for number in range(9):
            entry = addressing.add(session, person, f"x{number}@acme.example", at=MONDAY, cause=cause)
            cause = cause or entry
        text = told(team, cause, session)
        assert text.count("no longer has the address") == 5
        assert text.endswith(" And 4 more.")
        session.rollback()


def test_no_kind_of_act_is_taken_back_empty_handed(office: SmallWorld) -> None:
    team, seen = office.team, dict[str, str]()
    team.deal("Jane's", person=JANE)
    acts = [act for name, (act, _) in ACTS.items() if not name.startswith(NOT_HERE)]
    for act in [*acts, *MORE]:
        with team.acting() as session:
            seen |= _what_undo_says(session, team, act)
            session.rollback()
    for kind, text in seen.items():
        assert text.startswith("Undo"), kind
        assert text.endswith("."), f"{kind}: {text}"
        assert not any(words in text for words in EMPTY_HANDED), f"{kind}: {text}"
    assert set(HANDLERS) - set(seen) == ELSEWHERE


def _what_undo_says(session: Session, team: TeamAtWork, act: Act) -> dict[str, str]:
    """By kind, of each entry that the act writes and that can be taken back."""
    last = session.scalars(select(Activity.id).order_by(Activity.id.desc()).limit(1)).one()
    act(session, team)
    session.flush()
    new = session.scalars(select(Activity).where(Activity.id > last)).all()
    offered = [entry for entry in new if can_be_offered(entry)]
    return {entry.kind: text for entry in offered if (text := says(session, entry.id))}
