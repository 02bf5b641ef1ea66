"""A board is one moment's, whoever moves cards meanwhile, and shows to each what they may see."""

from __future__ import annotations

from decimal import Decimal

from addon.domain.access import Viewer
from addon.domain.deals.draft import DealDraft
from addon.domain.ladder import operations as ladder
from addon.domain.money import Money
from addon.domain.teams import operations as teams
from addon.domain.views import board as boards
from addon.domain.views import table
from addon.domain.views.asking import Ask
from addon.domain.views.board import Board
from addon.domain.views.filters import Condition, Group
from addon.models import Pipeline, Role, Shape, Sight, Stage, StageDefinition, Subject
from tests.domain.team_at_work import ANNA, BEN, MONDAY, TeamAtWork

WORTH = Money(Decimal("10"), "EUR")


def opened(team: TeamAtWork, owner: str, title: str) -> int:
    with team.acting(owner) as session:
        draft = DealDraft(title=title, owner_id=team.users[owner], value=WORTH)
        return ladder.open_deal(session, draft, at=MONDAY, pipeline_id=team.pipeline_id).id


def told(board: Board) -> list[tuple[str, int, list[str]]]:
    return [(column.key, column.sums.count, [card.title for card in column.cards]) for column in board.columns]


def test_count_and_cards_are_of_one_moment_while_others_move(team):
    first = opened(team, ANNA, "A")
    opened(team, ANNA, "B")
    whole = Ask(subject=Subject.DEAL, pipeline_id=team.pipeline_id)
    filtered = Ask(
        subject=Subject.DEAL, pipeline_id=team.pipeline_id, filter=Group(False, (Condition("title", "filled"),))
    )

    with team.looking(BEN) as session:
        before = boards.board(session, whole, at=MONDAY)
        team.move(first, "Offer")
        opened(team, ANNA, "C")
        after = boards.board(session, whole, at=MONDAY)
        counted = boards.board(session, filtered, at=MONDAY)
    with team.looking(BEN) as session:
        now = boards.board(session, whole, at=MONDAY)

    assert told(before) == told(after) == told(counted)
    assert [count for _, count, _ in told(now)] == [2, 0, 1, 0, 0]


def test_who_sees_their_own_deals_alone_has_a_board_of_these_alone(team):
    opened(team, ANNA, "A")
    opened(team, BEN, "B")
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        teams.set_sight(session, Role.REP, Sight.OWN, at=MONDAY)
    only = Group(False, (Condition("title", "filled"),))

    with team.looking(BEN) as session:
        for by in ("", "owner", "product"):
            for asked in (Group(False, ()), only):
                ask = Ask(subject=Subject.DEAL, pipeline_id=team.pipeline_id, group_by=by, filter=asked)
                shown = boards.board(session, ask, at=MONDAY)
                assert (shown.total.count, shown.total.amounts) == (1, [WORTH])
                assert [title for _, _, titles in told(shown) for title in titles] == ["B"]
        rows = table.page(session, Ask(subject=Subject.DEAL, shape=Shape.TABLE), at=MONDAY)
    assert (rows.total, [row.cells["title"] for row in rows.rows]) == (1, ["B"])


def test_a_pipeline_of_five_hundred_stages_is_drawn(team):
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        pipeline = Pipeline(name="Long", created_at=MONDAY)
        session.add(pipeline)
        session.flush()
        stages = [Stage(pipeline_id=pipeline.id, position=number) for number in range(500)]
        session.add_all(stages)
        session.flush()
        session.add_all(StageDefinition(stage_id=stage.id, since=MONDAY, name=f"S{stage.position}") for stage in stages)
        for stage in stages[::25]:
            draft = DealDraft(title=f"D{stage.position}", owner_id=team.users[ANNA])
            ladder.open_deal(session, draft, at=MONDAY, stage_id=stage.id)

    with team.looking() as session:
        shown = boards.board(session, Ask(subject=Subject.DEAL, pipeline_id=pipeline.id), at=MONDAY)

    assert len(shown.columns) == 500
    assert shown.total.count == sum(len(column.cards) for column in shown.columns) == 20
    assert [card.title for card in shown.columns[25].cards] == ["D25"]
