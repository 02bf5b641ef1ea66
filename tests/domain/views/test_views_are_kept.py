"""A view keeps what was asked for: private or shared, with an address, right when names change."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from addon.domain.access import Viewer
from addon.domain.errors import NotAllowed, NotFound
from addon.domain.fields import operations as fields
from addon.domain.fields.keys import key_of
from addon.domain.teams import operations as teams
from addon.domain.views import asking, operations, queries, refusals, table
from addon.domain.views import board as boards
from addon.domain.views.asking import Ask
from addon.domain.views.filters import Condition, Group
from addon.models import Activity, FieldKind, Pipeline, Role, Shape, Subject, View
from tests.domain.team_at_work import ANNA, BEN, MONDAY, TeamAtWork


def mine(team: TeamAtWork) -> Ask:
    hidden = (str(team.stages["Won"]), str(team.stages["Lost"]))
    only = Group(False, (Condition("owner", "any_of", ("me",)),))
    return Ask(
        subject=Subject.DEAL, pipeline_id=team.pipeline_id, filter=only, hidden=hidden, sort=(("value", "desc"),)
    )


def saved(team: TeamAtWork, ask: Ask | None = None, *, shared: bool = False) -> str:
    with team.acting() as session:
        return operations.save(session, "Mine", ask or mine(team), at=MONDAY, shared=shared).ref


def test_hiding_won_and_lost_and_saving_is_a_new_board(team):
    team.deal()
    ref = saved(team)

    with team.looking() as session:
        ask = asking.of_view(session, queries.get(session, ref))
        shown = boards.board(session, ask, at=MONDAY)

    assert ask == mine(team)
    assert [column.name for column in shown.columns] == ["New", "Talking", "Offer"]
    assert shown.total.count == 1


def test_a_private_view_is_seen_by_its_owner_alone_until_it_is_shared(team):
    ref = saved(team)

    with team.looking(BEN) as session:
        with pytest.raises(NotFound):
            queries.get(session, ref)
        assert not queries.for_switcher(session, Subject.DEAL)
    with team.acting() as session:
        operations.share(session, ref, True, at=MONDAY)
    with team.looking(BEN) as session:
        assert queries.get(session, ref).name == "Mine"
        assert [view.ref for view in queries.for_switcher(session, Subject.DEAL, team.pipeline_id)] == [ref]


def test_who_did_not_make_a_view_does_not_change_it(team):
    ref = saved(team, shared=True)

    with team.acting(BEN) as session, pytest.raises(NotAllowed):
        operations.rename(session, ref, "Ben's", at=MONDAY)


def test_a_view_address_of_another_team_leads_nowhere(team):
    ref = saved(team, shared=True)
    with team.database.writing(Viewer.operator(0)) as session:
        other = teams.create_team(session, "Others", at=MONDAY).id
    with team.database.writing(Viewer.operator(other)) as session:
        teams.add_user(session, "eve@other.example", role=Role.ADMIN, at=MONDAY)
    with team.database.reading(Viewer.operator(other)) as session, pytest.raises(NotFound):
        queries.get(session, ref)


def test_a_view_of_an_archived_pipeline_is_gone_with_it(team):
    ref = saved(team)
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        session.get_one(Pipeline, team.pipeline_id).archived_at = MONDAY

    with team.looking() as session, pytest.raises(NotFound):
        queries.get(session, ref)


def test_deleting_a_view_can_be_taken_back_and_the_diary_has_it_all(team):
    ref = saved(team)
    with team.acting() as session:
        operations.delete(session, ref, at=MONDAY)
        with pytest.raises(NotFound):
            queries.get(session, ref)
        operations.restore(session, ref, at=MONDAY)
        operations.rename(session, ref, "  My   board ", at=MONDAY)
        operations.change(session, ref, asking.standard(Subject.DEAL, pipeline_id=team.pipeline_id), at=MONDAY)
        assert operations.rename(session, ref, "My board", at=MONDAY) is None

    with team.looking() as session:
        view = queries.get(session, ref)
        kinds = session.scalars(
            select(Activity.kind)
            .where(Activity.subject_kind == "view", Activity.subject_id == view.id)
            .order_by(Activity.number)
        ).all()
    assert view.name == "My board"
    assert view.filter == {}
    assert kinds == ["view.created", "view.deleted", "view.restored", "view.renamed", "view.changed"]


def test_a_view_on_a_field_that_was_deleted_shows_nothing_and_says_why(team):
    team.deal()
    operator = Viewer.operator(team.team_id)
    with team.database.writing(operator) as session:
        field = fields.create(session, Subject.DEAL, FieldKind.TEXT, "Plan", at=MONDAY)
    key = key_of(field.id)
    ask = Ask(
        subject=Subject.DEAL,
        pipeline_id=team.pipeline_id,
        shape=Shape.TABLE,
        filter=Group(True, (Condition(key, "empty"),)),
        columns=("title", key),
        sort=((key, "asc"),),
    )
    ref = saved(team, ask)
    with team.looking() as session:
        assert table.page(session, ask, at=MONDAY).total == 1
    with team.database.writing(operator) as session:
        fields.delete(session, field.id, at=MONDAY)

    with team.looking() as session:
        page = table.page(session, asking.of_view(session, queries.get(session, ref)), at=MONDAY)
        board = boards.board(session, Ask(subject=Subject.DEAL, group_by=key), at=MONDAY)
        with pytest.raises(refusals.UnknownField):
            asking.check(session, ask)

    assert page.total == 0
    assert page.gone == board.gone == [key]
    assert [spec.key for spec in page.specs] == ["title", "next_step", "next_step_on"]
    assert not board.columns


def test_an_address_says_all_that_a_view_asks_for(team):
    asked = Ask(
        subject=Subject.DEAL,
        pipeline_id=team.pipeline_id,
        shape=Shape.TABLE,
        filter=Group(True, (Condition("title", "contains", "a,b (c) ~% é"), Condition("stage", "kind_is", ("open",)))),
        group_by="product",
        hidden=("", "Ramp, planner"),
        sort=(("value", "desc"), ("title", "asc")),
        columns=("title", "value"),
    )
    with team.looking() as session:
        assert asking.from_address(session, asking.to_address(asked)) == asked


@pytest.mark.parametrize(
    "filter_",
    ["all(", "x", "all(title)", "all(title.is(a)", "all)", "all(title.is(a))b", "((((", "all(" * 3000, "all()"],
)
def test_an_address_that_nobody_can_read_is_refused(team, filter_):
    with team.looking() as session, pytest.raises(refusals.BadFilter):
        asking.from_address(session, {"filter": filter_})


def test_a_view_needs_a_name(team):
    with team.acting() as session:
        with pytest.raises(refusals.NoName):
            operations.save(session, " \n ", mine(team), at=MONDAY)
        assert session.scalar(select(View.id)) is None


def test_users_know_each_other_by_the_switcher_own_first(team):
    with team.acting(BEN) as session:
        operations.save(session, "A of Ben", mine(team), at=MONDAY, shared=True)
    saved(team)

    with team.looking(ANNA) as session:
        assert [view.name for view in queries.for_switcher(session, Subject.DEAL)] == ["Mine", "A of Ben"]
