"""Whatever is asked, the database finds what plain Python finds, and a board's columns share it out exactly."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from addon.domain.fields.keys import Kind
from addon.domain.money import Money, totals
from addon.domain.views import asking, compact, filters, table
from addon.domain.views import board as boards
from addon.domain.views.asking import Ask
from addon.models import Shape, Subject
from tests.domain.team_at_work import MONDAY
from tests.domain.views.many_deals import Made, a_filter, make, meant


@pytest.fixture
def made(team):
    return make(team, random.Random(5), deals=70)


def test_a_filter_finds_what_it_says_and_survives_being_saved_and_sent(team, made):
    chance = random.Random(11)
    with team.looking() as session:
        known = asking.kinds(asking.specs(session, Subject.DEAL, team.pipeline_id))
        for _ in range(40):
            asked = a_filter(chance, made)
            wanted = {number for number, row in made.rows.items() if meant(asked, row, made)}

            ask = Ask(subject=Subject.DEAL, pipeline_id=team.pipeline_id, shape=Shape.TABLE, filter=asked)
            page = table.page(session, ask, at=MONDAY, limit=100)

            assert {row.row.id for row in page.rows} == wanted, asked
            assert page.total == len(wanted)
            assert filters.parse(filters.to_json(asked), known) == asked
            assert compact.from_text(compact.to_text(asked), known) == asked


def test_a_board_by_any_field_shares_out_its_rows_and_counts_and_sums_what_its_cards_show(team, made):
    chance = random.Random(7)
    with team.looking() as session:
        for key in sorted(made.kinds):
            for asked in (filters.EVERYTHING,) if chance.random() < 0.3 else (a_filter(chance, made),):
                wanted = {number for number, row in made.rows.items() if meant(asked, row, made)}
                ask = Ask(subject=Subject.DEAL, pipeline_id=team.pipeline_id, filter=asked, group_by=key)

                shown = boards.board(session, ask, at=MONDAY, limit=8)

                everywhere = Counter[int]()
                for column in shown.columns:
                    cards, mark = list(column.cards), column.mark
                    while mark:
                        rest, mark = boards.more(session, ask, column.key, mark, at=MONDAY, limit=20)
                        cards += rest
                    ids = [card.id for card in cards]
                    assert len(ids) == column.sums.count == len(set(ids)), (key, column.key)
                    assert column.sums.amounts == sums(made, ids)
                    assert [(card.entered_stage_at, card.id) for card in cards] == sorted(
                        (card.entered_stage_at, card.id) for card in cards
                    )
                    everywhere.update(ids)
                    assert all(stands(made, key, card) == (column.key == "") for card in ids)
                assert set(everywhere) == wanted
                assert shown.total.count == len(wanted)
                assert shown.total.amounts == sums(made, wanted)
                assert made.kinds[key] == Kind.MULTI_SELECT or set(everywhere.values()) <= {1}


def test_a_table_can_be_sorted_by_any_fields_and_every_page_goes_on_where_the_last_ended(team, made):
    chance = random.Random(3)
    keys = sorted(made.kinds)
    with team.looking() as session:
        for key in chance.sample(keys, 9):
            sort = ((key, chance.choice(("asc", "desc"))), (chance.choice(keys), "asc"))
            ask = Ask(subject=Subject.DEAL, pipeline_id=team.pipeline_id, shape=Shape.TABLE, sort=sort)
            by_offset = [
                row.row.id
                for start in range(0, 70, 30)
                for row in table.page(session, ask, at=MONDAY, offset=start, limit=30).rows
            ]
            by_column = Ask(subject=Subject.DEAL, pipeline_id=team.pipeline_id, sort=sort)
            first = boards.board(session, by_column, at=MONDAY, limit=7)
            for column in first.columns:
                cards, mark = list(column.cards), column.mark
                while mark:
                    rest, mark = boards.more(session, by_column, column.key, mark, at=MONDAY, limit=7)
                    cards += rest
                stage = [number for number in by_offset if made.rows[number]["stage"] == int(column.key)]
                assert [card.id for card in cards] == stage, sort

            assert sorted(by_offset) == sorted(made.rows)
            empty = [made.rows[number][key] is None for number in by_offset]
            assert empty == sorted(empty), "what is empty comes last"


def stands(made: Made, key: str, number: int) -> bool:
    """Whether nothing stands in a deal's field."""
    return made.rows[number][key] is None


def sums(made: Made, ids) -> list[Money]:
    return totals(value for number in ids if (value := made.rows[number]["value"]))
