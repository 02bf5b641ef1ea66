"""Boards: columns that are always equal to their cards, by any field."""

from __future__ import annotations

from decimal import Decimal

import pytest

from addon.domain.access import Viewer
from addon.domain.deals.draft import DealDraft
from addon.domain.fields import operations as fields
from addon.domain.fields import stored
from addon.domain.fields.keys import key_of
from addon.domain.ladder import operations as ladder
from addon.domain.money import Money
from addon.domain.views import asking, dropping
from addon.domain.views import board as boards
from addon.domain.views.asking import Ask
from addon.domain.views.filters import Condition, Group
from addon.models import DealValue, Field, FieldKind, FieldOption, Subject
from addon.web.views.column_words import condition
from tests.domain.team_at_work import ANNA, BEN, MONDAY, TeamAtWork


def opened(team: TeamAtWork, title: str, **more: object) -> int:
    with team.acting() as session:
        draft = DealDraft(title=title, **{"owner_id": team.users[ANNA], **more})  # type: ignore[arg-type]
        return ladder.open_deal(session, draft, at=MONDAY, pipeline_id=team.pipeline_id).id


def ask(team: TeamAtWork, **more: object) -> Ask:
    return Ask(subject=Subject.DEAL, pipeline_id=team.pipeline_id, **more)  # type: ignore[arg-type]


def drawn(team: TeamAtWork, asked: Ask) -> boards.Board:
    with team.looking() as session:
        return boards.board(session, asked, at=MONDAY)


def test_a_board_has_a_column_a_stage_with_count_sum_and_weighted_sum(team):
    opened(team, "A", value=Money(Decimal("100"), "EUR"))
    second = opened(team, "B", value=Money(Decimal("50.50"), "PLN"))
    opened(team, "C")
    team.move(second, "Talking")

    shown = drawn(team, ask(team))

    assert [column.name for column in shown.columns] == ["New", "Talking", "Offer", "Won", "Lost"]
    assert [column.sums.count for column in shown.columns] == [2, 1, 0, 0, 0]
    assert [card.title for card in shown.columns[0].cards] == ["A", "C"]
    assert shown.columns[0].sums.amounts == [Money(Decimal(100), "EUR")]
    assert shown.columns[0].sums.weighted == [Money(Decimal(10), "EUR")]
    assert shown.columns[1].sums.weighted == [Money(Decimal("20.20"), "PLN")]
    assert shown.total.count == 3


def test_grouped_by_owner_everybody_has_a_column_to_drop_into(team):
    opened(team, "A", owner_id=team.users[BEN])

    shown = drawn(team, ask(team, group_by="owner"))

    assert [(column.name, column.sums.count) for column in shown.columns] == [("Anna", 0), ("Ben", 1)]


def test_what_holds_nothing_stands_in_a_column_of_its_own(team):
    opened(team, "A", product="Planner")
    opened(team, "B")

    shown = drawn(team, ask(team, group_by="product"))

    assert [(column.key, [card.title for card in column.cards]) for column in shown.columns] == [
        ("planner", ["A"]),
        ("", ["B"]),
    ]


@pytest.mark.parametrize("own", [False, True])
def test_words_that_differ_in_capitals_alone_share_a_column_which_is_what_its_filter_finds(team, own):
    words = ("Łódź Pro", "łódź pro", "ŁÓDŹ PRO", "Lodz pro", "ΟΔΟΣ", "οδος", "50%_a", "İstanbul", "x" * 250, "X" * 230)
    deals = [opened(team, word, **({} if own else {"product": word[:200]})) for word in words]
    key = "product"
    if own:
        with team.database.writing(Viewer.operator(team.team_id)) as session:
            key = key_of(fields.create(session, Subject.DEAL, FieldKind.TEXT, "Own", at=MONDAY).id)
        with team.acting() as session:
            values = {deal: {key: word} for deal, word in zip(deals, words, strict=True)}
            stored.set_many(session, Subject.DEAL, values)

    shown = drawn(team, ask(team, group_by=key))

    assert [(column.name, column.sums.count) for column in shown.columns][:2] == [("Łódź Pro", 3), ("x" * 200, 2)]
    assert {column.name for column in shown.columns} >= {"Lodz pro", "50%_a", "İstanbul"}
    with team.looking() as session:
        spec = asking.specs(session, Subject.DEAL, team.pipeline_id)[key]
    for column in shown.columns:
        only = Group(False, (condition(spec, column.key),))
        found = drawn(team, ask(team, filter=only))
        assert found.total.count == column.sums.count == len(column.cards), column.key
        left = drawn(team, ask(team, group_by=key, hidden=(column.key,)))
        assert left.total.count == shown.total.count - column.sums.count
        with team.looking() as session:
            if len(column.key) < 200 and column.key:
                into = dropping.change_for(session, ask(team, group_by=key), column.key, at=MONDAY)
                assert into == dropping.Edit(key, column.name)
    hidden = drawn(team, ask(team, group_by=key, hidden=("Łódź Pro",)))
    assert "Łódź Pro" not in {column.name for column in hidden.columns}


def test_a_board_can_be_grouped_and_filtered_by_a_field_of_ones_own(team):
    first, _second = opened(team, "A"), opened(team, "B")
    with team.acting() as session:
        plan = Field(subject=Subject.DEAL, kind=FieldKind.SELECT, name="Plan", created_at=MONDAY)
        session.add(plan)
        session.flush()
        gold, grey = FieldOption(field_id=plan.id, name="Gold"), FieldOption(field_id=plan.id, name="Grey", position=1)
        session.add_all([gold, grey])
        session.flush()
        session.add(DealValue(field_id=plan.id, deal_id=first, option_id=gold.id))
    key = f"f{plan.id}"

    shown = drawn(team, ask(team, group_by=key))
    only = drawn(team, ask(team, filter=Group(False, (Condition(key, "any_of", (gold.id,)),))))
    others = drawn(team, ask(team, filter=Group(False, (Condition(key, "none_of", (gold.id,)),))))

    assert [(column.name, [card.title for card in column.cards]) for column in shown.columns] == [
        ("Gold", ["A"]),
        ("Grey", []),
        ("", ["B"]),
    ]
    assert [card.title for card in only.columns[0].cards] == ["A"]
    assert [card.title for card in others.columns[0].cards] == ["B"]
