"""Fields are made, renamed, ordered, deleted and restored by hand; the diary holds what was before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.access import Viewer
from addon.domain.errors import NotAllowed, NotFound
from addon.domain.fields import operations as fields
from addon.domain.fields import options, queries, stored
from addon.domain.fields.keys import UnknownField, key_of
from addon.domain.fields.refusals import Refused
from addon.i18n import Words
from addon.models import Activity, Deal, FieldKind, Subject
from tests.domain.team_at_work import MONDAY, TeamAtWork

LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def session(team: TeamAtWork) -> Iterator[Session]:
    """An admin at work."""
    with team.database.writing(Viewer.operator(team.team_id)) as opened:
        yield opened


def make(session: Session, name: str, kind: FieldKind = FieldKind.TEXT, **more: object) -> int:
    return fields.create(session, Subject.DEAL, kind, name, at=MONDAY, **more).id  # type: ignore[arg-type]


def names(session: Session, pipeline_id: int | None = None) -> list[str]:
    return [spec.name for spec in queries.specs(session, Subject.DEAL, pipeline_id) if spec.custom]


def acts(session: Session, field_id: int) -> list[Activity]:
    query = select(Activity).where(Activity.subject_kind == "field", Activity.subject_id == field_id)
    return list(session.scalars(query.order_by(Activity.number)))


def test_fields_stand_behind_the_built_in_ones_in_the_teams_order(session: Session) -> None:
    plan, size = make(session, "Plan"), make(session, "Size", FieldKind.NUMBER)

    fields.order(session, Subject.DEAL, [size, plan], at=LATER)

    assert names(session) == ["Size", "Plan"]
    assert [spec.key for spec in queries.specs(session, Subject.DEAL)][:3] == ["title", "stage", "pipeline"]
    with pytest.raises(fields.NotAllOfThem):
        fields.order(session, Subject.DEAL, [size], at=LATER)


def test_a_field_of_one_pipeline_is_asked_for_there_alone(session: Session, team: TeamAtWork) -> None:
    make(session, "Everywhere")
    make(session, "Here", pipeline_id=team.pipeline_id)

    assert names(session) == ["Everywhere"]
    assert names(session, team.pipeline_id) == ["Everywhere", "Here"]
    with pytest.raises(fields.OnlyDeals):
        fields.create(session, Subject.CONTACT, FieldKind.TEXT, "No", at=MONDAY, pipeline_id=team.pipeline_id)
    with pytest.raises(NotFound):
        make(session, "Nowhere", pipeline_id=9999)


def test_a_new_name_a_weight_and_a_hint_stand_in_the_diary_with_what_was_before(session: Session) -> None:
    field = make(session, "Plan", FieldKind.SELECT, options=["Small"], weight=5)

    edited = fields.edit(session, field, name="Tier", weight=7, help="Which one?", at=LATER)

    assert edited is not None
    assert (edited.before, edited.after) == ({"weight": 5}, {"weight": 7})
    assert edited.detail is not None
    assert edited.detail.texts == {
        "before": {"name": "Plan", "help": ""},
        "after": {"name": "Tier", "help": "Which one?"},
    }
    assert fields.edit(session, field, name="Tier", at=LATER) is None
    assert [entry.kind for entry in acts(session, field)] == ["field.created", "field.option_added", "field.edited"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 10_000, "a\0b"])
def test_an_odd_name_is_refused(session: Session, name: str) -> None:
    with pytest.raises(Refused):
        make(session, name)


def test_two_fields_beside_each_other_are_not_called_the_same(session: Session, team: TeamAtWork) -> None:
    make(session, "Città")
    with pytest.raises(fields.SameName):
        make(session, " CITTA ", pipeline_id=team.pipeline_id)


def test_a_deleted_field_keeps_what_it_holds_and_restoring_shows_it_again(team: TeamAtWork) -> None:
    deal_id = team.deal()
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        field = make(session, "Plan")
        key = key_of(field)
        stored.set_values(session, Subject.DEAL, deal_id, {key: "Yearly"})
        fields.delete(session, field, at=LATER)

        assert names(session) == []
        assert [spec.name for spec in queries.deleted(session, Subject.DEAL)] == ["Plan"]
        with pytest.raises(UnknownField) as unknown:
            stored.set_values(session, Subject.DEAL, deal_id, {key: "Monthly"})
        assert unknown.value.params["key"] == key
        make(session, "plan")
        with pytest.raises(fields.SameName):
            fields.restore(session, field, at=LATER)
        fields.edit(session, field + 1, name="Another", at=LATER)
        fields.restore(session, field, at=LATER)

        specs = queries.specs(session, Subject.DEAL)
        assert stored.read_many(session, Subject.DEAL, [deal_id], specs) == {deal_id: {key: "Yearly"}}


def test_choices_are_renamed_ordered_deleted_and_restored(session: Session) -> None:
    field = make(session, "Plan", FieldKind.SELECT, options=["Small", ("Large", 100)])
    small, large = (option.id for option in queries.options_of(session, field))

    options.edit(session, small, name="Tiny", score=10, at=LATER)
    options.order(session, field, [large, small], at=LATER)
    options.delete(session, small, at=LATER)
    with pytest.raises(options.SameOption):
        options.add(session, field, "LARGE", at=LATER)
    with pytest.raises(options.OptionsChanged):
        options.order(session, field, [large, small], at=LATER)
    options.restore(session, small, at=LATER)

    spec = queries.spec(session, Subject.DEAL, key_of(field))
    assert [(option.name, option.score) for option in spec.choices] == [("Large", 100), ("Tiny", 10)]
    edited = acts(session, field)[3]
    assert (edited.kind, edited.before["score"], edited.after["score"]) == ("field.option_edited", 0, 10)
    assert edited.after["option_id"] == small
    with pytest.raises(options.NoChoices):
        options.add(session, make(session, "Words"), "No", at=LATER)


def test_the_score_is_what_the_chosen_options_earn_of_the_teams_weights(team: TeamAtWork) -> None:
    deal_id = team.deal()
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        deal = session.get_one(Deal, deal_id)
        assert queries.score(session, deal) is None
        made = fields.add_ready_set(session, "bant", Words(), at=MONDAY)
        assert fields.add_ready_set(session, "bant", Words(), at=MONDAY) == []
        assert [field.name for field in made] == ["Need", "Budget", "Decision", "Timing"]
        assert queries.score(session, deal) == 0

        for field in made[:2]:
            best = queries.options_of(session, field.id)[0].id
            stored.set_values(session, Subject.DEAL, deal_id, {key_of(field.id): best})

        assert queries.score(session, deal) == 55
        fields.edit(session, made[0].id, weight=75, at=LATER)
        assert queries.scores(session, [deal]) == {deal_id: 69}


def test_reps_do_not_shape_what_everybody_fills_in(team: TeamAtWork) -> None:
    with team.acting() as session, pytest.raises(NotAllowed):
        make(session, "Plan")
