"""Many deals opened at once come out as if each had been opened by itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select
from sqlalchemy.orm import Session

from addon.domain.access import Viewer
from addon.domain.activity import operations as activity
from addon.domain.contacts import operations as contacts
from addon.domain.deals import totals
from addon.domain.deals.draft import DealDraft
from addon.domain.deals.limits import BelowNothing
from addon.domain.errors import DomainError, NotFound
from addon.domain.fields import operations as fields
from addon.domain.fields.refusals import Refused
from addon.domain.ladder import hooks
from addon.domain.ladder import operations as ladder
from addon.domain.ladder.opening_many import Wanted, open_many
from addon.domain.ladder.refusals import StageGone
from addon.domain.money import Money
from addon.domain.pipelines import shaping
from addon.models import Activity, ActivityDetail, Deal, DealValue, FieldKind, Subject
from tests.domain.team_at_work import ANNA, BEN, JANE, MONDAY, TeamAtWork

UNLIKE = {"id", "deal_id", "subject_id", "activity_id", "cause_id"}
"""Columns that differ from row to row."""


def wanted(team: TeamAtWork, contact_id: int, field_id: int) -> list[Wanted]:
    anna, ben = team.users[ANNA], team.users[BEN]
    return [
        Wanted(DealDraft(title="Ramp", owner_id=anna)),
        Wanted(DealDraft(title="Dock", owner_id=ben, contact_id=contact_id, value=Money(Decimal("12.50"), "PLN"))),
        Wanted(
            DealDraft(
                title="Pier",
                owner_id=ben,
                referred_by_id=contact_id,
                value=Money(Decimal(9), "EUR"),
                product="Stairs",
                channel="Fair",
                expected_close=date(2026, 12, 31),
                next_step="Call",
                next_step_on=date(2026, 3, 4),
                values={f"f{field_id}": "Oak"},
            ),
            team.stages["Talking"],
        ),
        Wanted(DealDraft(title="Bay", owner_id=anna, values={f"f{field_id}": "Ash"}), team.stages["Won"]),
        Wanted(DealDraft(title="Key", owner_id=anna), team.stages["Lost"]),
    ]


@pytest.fixture
def people(team: TeamAtWork) -> tuple[int, int]:
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        field = fields.create(session, Subject.DEAL, FieldKind.TEXT, "Wood", at=MONDAY)
        return contacts.create(session, JANE, name="Jane Doe", at=MONDAY).id, field.id


def written(session: Session, ids: list[int]) -> dict[str, Any]:
    """All that the database holds of these deals, but for ids."""
    entries = select(Activity.id).where(Activity.subject_kind == "deal", Activity.subject_id.in_(ids))
    found: dict[str, Any] = {}
    for model, where in (
        (Deal, Deal.id.in_(ids)),
        (DealValue, DealValue.deal_id.in_(ids)),
        (Activity, Activity.id.in_(entries)),
        (ActivityDetail, ActivityDetail.activity_id.in_(entries)),
    ):
        names = [column.key for column in model.__mapper__.columns if column.key not in UNLIKE]
        rows = [{name: getattr(row, name) for name in names} for row in session.scalars(select(model).where(where))]
        found[model.__name__] = sorted(map(repr, rows))
    return found


def test_they_are_as_if_each_had_been_opened_by_itself(team: TeamAtWork, people: tuple[int, int]) -> None:
    asked = wanted(team, *people)
    with team.acting() as session:
        cause = activity.record(session, "import.begun", ("import", 1), at=MONDAY)
        one_by_one = [
            ladder.open_deal(
                session,
                each.draft,
                at=MONDAY,
                pipeline_id=team.pipeline_id,
                stage_id=each.stage_id,
                cause=cause,
                quietly=True,
            ).id
            for each in asked
        ]
    with team.acting() as session:
        cause = session.get_one(Activity, cause.id)
        together = list(open_many(session, asked, at=MONDAY, pipeline_id=team.pipeline_id, cause=cause))

    with team.looking() as session:
        assert written(session, together) == written(session, one_by_one)
        assert [session.get_one(Deal, each).title for each in together] == ["Ramp", "Dock", "Pier", "Bay", "Key"]
        of = Activity.subject_kind == "deal", Activity.subject_id.in_([*one_by_one, *together])
        causes = session.scalars(select(Activity.cause_id).where(*of))
        assert set(causes.all()) == {cause.id}


def test_they_are_counted(team: TeamAtWork, people: tuple[int, int]) -> None:
    with team.acting() as session:
        cause = activity.record(session, "import.begun", ("import", 1), at=MONDAY)
        open_many(session, wanted(team, *people) * 3, at=MONDAY, pipeline_id=team.pipeline_id, cause=cause)
        assert totals.of_pipeline(session, team.pipeline_id) == totals.recount(session, team.pipeline_id)

    with team.looking() as session:
        assert totals.of_pipeline(session, team.pipeline_id) == totals.recount(session, team.pipeline_id)


def test_no_hook_runs(team: TeamAtWork, people: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    entered: list[Any] = []
    monkeypatch.setattr(hooks, "ENTRY", [lambda session, step: entered.append(step)])

    with team.acting() as session:
        cause = activity.record(session, "import.begun", ("import", 1), at=MONDAY)
        open_many(session, wanted(team, *people), at=MONDAY, pipeline_id=team.pipeline_id, cause=cause)

    assert entered == []


BAD: dict[str, tuple[dict[str, Any], type[DomainError]]] = {
    "a value below nothing": ({"value": Money(Decimal(-1), "EUR")}, BelowNothing),
    "an owner who is not there": ({"owner_id": 10**6}, NotFound),
    "a person who is not there": ({"contact_id": 10**6}, NotFound),
    "a company that is not there": ({"company_id": 10**6}, NotFound),
    "too many words in a field": ({"values": {"wood": "x" * 10**5}}, Refused),
}


@pytest.mark.parametrize("what", BAD)
def test_where_one_is_refused_none_is_made(what: str, team: TeamAtWork, people: tuple[int, int]) -> None:
    given, expected = BAD[what]
    if "values" in given:
        given = {"values": {f"f{people[1]}": given["values"]["wood"]}}
    asked = [*wanted(team, *people), Wanted(DealDraft(**{"title": "Bad", "owner_id": team.users[ANNA], **given}))]
    with team.acting() as session:
        cause = activity.record(session, "import.begun", ("import", 1), at=MONDAY)
        with pytest.raises(expected):
            open_many(session, asked, at=MONDAY, pipeline_id=team.pipeline_id, cause=cause)

    with team.looking() as session:
        assert session.scalar(select(func.count(Deal.id))) == 0
        assert totals.of_pipeline(session, team.pipeline_id) == {}


def test_a_stage_that_was_taken_away_takes_none(team: TeamAtWork, people: tuple[int, int]) -> None:
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        shaping.retire_stage(session, ladder.held_stage(session, team.stages["Talking"]), at=MONDAY)

    with team.acting() as session:
        cause = activity.record(session, "import.begun", ("import", 1), at=MONDAY)
        with pytest.raises(StageGone):
            open_many(session, wanted(team, *people), at=MONDAY, pipeline_id=team.pipeline_id, cause=cause)


def test_another_statement_that_inserts_deals_is_refused(team: TeamAtWork) -> None:
    with team.acting() as session, pytest.raises(TypeError):
        session.execute(insert(Deal), [{"team_id": team.team_id, "title": "Ramp"}])


def test_five_hundred_take_as_many_statements_as_five(team: TeamAtWork, people: tuple[int, int]) -> None:
    asked = wanted(team, *people)
    counts = []
    for many in (asked, asked * 100):
        said: list[int] = []
        with team.acting() as session:
            cause = activity.record(session, "import.begun", ("import", 1), at=MONDAY)
            note = lambda state, said=said: said.append(1)  # noqa: E731  it is taken away by name
            event.listen(session, "do_orm_execute", note)
            open_many(session, many, at=MONDAY, pipeline_id=team.pipeline_id, cause=cause)
            event.remove(session, "do_orm_execute", note)
            counts.append(len(said))

    assert counts[0] == counts[1]
