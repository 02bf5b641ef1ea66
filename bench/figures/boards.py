"""Boards: drawn from databases with few and with many deals, and beside the queries that such a board needs at least.

The bare queries are written by hand and read by the database's own driver, into tuples that nobody looks at. Of the two
databases the worse ratio is the figure; the other one stands in the details.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any

from addon import clock
from addon.domain.ladder import operations as ladder
from addon.domain.views import board as boards
from addon.domain.views.asking import Ask
from addon.domain.views.filters import Condition, Group
from addon.models import Deal, Subject
from bench.many_deals import ManyDeals, Pair, pairs
from bench.measuring import Figure, Size, require

_PATIENCE = 30.0
"""Seconds after which no further turn begins: a board that takes seconds need not be drawn fifteen times."""
_LEAST = 3
"""Turns there are in any case."""
_CARD = "d.*, u.*, c.*, p.*"
_JOINS = (
    'JOIN "user" u ON u.id = d.owner_id LEFT JOIN company c ON c.id = d.company_id'
    " LEFT JOIN contact p ON p.id = d.contact_id"
)


def board_1m_vs_10k(size: Size) -> Figure:
    """Milliseconds of a whole pipeline's board with many deals, beside the same with few."""
    return _worst(
        size, lambda pair: (lambda: _board(pair.many, _whole(pair.many)), lambda: _board(pair.few, _whole(pair.few)))
    )


def board_vs_queries(size: Size) -> Figure:
    """Milliseconds of a whole pipeline's board with many deals, beside its bare queries."""
    return _worst(
        size,
        lambda pair: (lambda: _board(pair.many, _whole(pair.many)), lambda: _bare(pair.many, _of_totals(pair.many))),
        "its bare queries",
    )


def filtered_vs_queries(size: Size) -> Figure:
    """Milliseconds of boards that nothing is kept for: filtered and grouped by fields, the team's own too."""
    told = [
        _worst(size, lambda pair, kind=kind: _filtered(pair.many, kind), f"its bare queries ({kind})")  # type: ignore[misc]
        for kind in _KINDS
    ]
    worst = max(told, key=lambda figure: figure.value / figure.beside)
    notes = [note for figure in told for note in figure.notes]
    return Figure(worst.value, worst.unit, worst.beside, worst.what_is_beside, notes, worst.details)


def move_1m_vs_10k(size: Size) -> Figure:
    """Milliseconds of a move with its commit, among many deals and among few."""
    chance = random.Random(5)
    return _worst(size, lambda pair: (lambda: _move(pair.many, chance), lambda: _move(pair.few, chance)))


# ---- ours ----------------------------------------------------------------------------------------------------------


def _whole(made: ManyDeals) -> Ask:
    return Ask(subject=Subject.DEAL, pipeline_id=made.pipeline_id)


def _board(made: ManyDeals, ask: Ask) -> None:
    with made.database.reading(made.viewer) as session:
        shown = boards.board(session, ask, at=clock.now())
        require(sum(column.sums.count for column in shown.columns) == shown.total.count, "A board did not add up.")


def _move(made: ManyDeals, chance: random.Random) -> None:
    with made.database.writing(made.viewer) as session:
        deal = session.get_one(Deal, chance.randint(1, made.deals))
        target = chance.choice([stage for stage in made.stages[:3] if stage != deal.stage_id])
        ladder.move(session, deal.id, target, seen=deal.last_move, at=clock.now(), quietly=True)


# ---- the least it can cost -----------------------------------------------------------------------------------------


def _bare(made: ManyDeals, queries: Sequence[str]) -> None:
    raw = made.database.engine.raw_connection()
    try:
        cursor = raw.cursor()
        for query in queries:
            cursor.execute(query)
            cursor.fetchall()
        cursor.close()
        raw.rollback()
    finally:
        raw.close()


def _of_totals(made: ManyDeals) -> Sequence[str]:
    of = f"team_id = {made.team_id} AND pipeline_id = {made.pipeline_id}"
    return [
        f"SELECT * FROM stage s JOIN stage_definition d ON d.stage_id = s.id WHERE s.team_id = {made.team_id}",
        f"SELECT stage_id, currency, sum(deals), sum(amount) FROM deal_total WHERE {of} GROUP BY stage_id, currency",
        *(
            f"SELECT {_CARD} FROM deal d {_JOINS} WHERE d.{of.replace(' AND ', ' AND d.')} AND d.stage_id = {stage}"
            " AND d.deleted_at IS NULL ORDER BY d.entered_stage_at, d.id LIMIT 50"
            for stage in made.stages
        ),
    ]


def _grouped(made: ManyDeals, key: str, where: str, join: str = "") -> Sequence[str]:
    """Counted and added up by one statement, numbered within the columns by another."""
    meant = f"d.team_id = {made.team_id} AND d.pipeline_id = {made.pipeline_id} AND d.deleted_at IS NULL AND {where}"
    number = f"row_number() OVER (PARTITION BY {key} ORDER BY d.entered_stage_at, d.id)"
    return [
        f"SELECT {key}, d.stage_id, d.currency, count(*), sum(d.amount) FROM deal d {join} WHERE {meant}"
        f" GROUP BY {key}, d.stage_id, d.currency",
        f"SELECT {_CARD} FROM (SELECT d.id, {number} AS place FROM deal d {join} WHERE {meant}) n"
        f" JOIN deal d ON d.id = n.id {_JOINS} WHERE n.place <= 50",
    ]


def _filtered(made: ManyDeals, kind: str) -> tuple[Callable[[], None], Callable[[], None]]:
    ask, queries = _KINDS[kind](made)
    return lambda: _board(made, ask), lambda: _bare(made, queries)


def _asked(made: ManyDeals, *conditions: Condition, by: str = "") -> Ask:
    return Ask(subject=Subject.DEAL, pipeline_id=made.pipeline_id, filter=Group(False, conditions), group_by=by)


def _by_own_field(made: ManyDeals) -> tuple[Ask, Sequence[str]]:
    join = f"LEFT JOIN deal_value v ON v.deal_id = d.id AND v.field_id = {made.plan}"
    return _asked(made, by=f"f{made.plan}"), _grouped(made, "v.option_id", "1 = 1", join)


def _by_owner(made: ManyDeals) -> tuple[Ask, Sequence[str]]:
    return _asked(made, Condition("value", "ge", "50000.00"), by="owner"), _grouped(
        made, "d.owner_id", "d.amount >= 5000000"
    )


def _own_field(made: ManyDeals) -> tuple[Ask, Sequence[str]]:
    some = f"SELECT deal_id FROM deal_value WHERE team_id = {made.team_id} AND field_id = {made.plan}"
    where = f"d.id IN ({some} AND option_id = {made.options[0]})"
    return _asked(made, Condition(f"f{made.plan}", "any_of", (made.options[0],))), _grouped(made, "d.stage_id", where)


def _words(made: ManyDeals) -> tuple[Ask, Sequence[str]]:
    return _asked(made, Condition("product", "is", "product 7")), _grouped(
        made, "d.stage_id", "lower(d.product) = 'product 7'"
    )


_KINDS: Mapping[str, Callable[[ManyDeals], tuple[Ask, Sequence[str]]]] = {
    "by a field of one's own": _by_own_field,
    "by owner, filtered by value": _by_owner,
    "filtered by a field of one's own": _own_field,
    "filtered by words": _words,
}


# ---- measuring -----------------------------------------------------------------------------------------------------


def _worst(
    size: Size, sides: Callable[[Pair], tuple[Callable[[], Any], Callable[[], Any]]], beside: str = ""
) -> Figure:
    told: list[tuple[str, float, float]] = []
    for pair in pairs(size):
        ours, other = sides(pair)
        took: list[float] = []
        others: list[float] = []
        for work in (ours, other):  # warms everything
            work()
        end = time.perf_counter() + _PATIENCE
        while len(took) < size.boards and (len(took) < _LEAST or time.perf_counter() < end):
            took.append(_milliseconds(ours))
            others.append(_milliseconds(other))
        told.append((pair.name, median(took), median(others)))
    _, value, least = max(told, key=lambda each: each[1] / each[2])
    what = beside or f"{size.deals:,} deals"
    notes = [
        f"{name}: {mine:.1f} ms with {size.many_deals:,} deals, {least:.1f} ms {what}" for name, mine, least in told
    ]
    details = {f"{name} ratio": mine / least for name, mine, least in told}
    return Figure(value, "ms (p50)", least, what, notes, details)


def _milliseconds(work: Callable[[], Any]) -> float:
    before = time.perf_counter()
    work()
    return (time.perf_counter() - before) * 1000
