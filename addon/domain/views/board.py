"""A board: its columns with what stands in them, exactly, and the first cards of each.

Counts, sums and cards come from several statements of one reading transaction, which sees the database as it was when
it began: on SQLite a reader does so anyway, on PostgreSQL reading sessions are REPEATABLE READ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from addon.domain.money import Money
from addon.domain.views import cards, columns, counting, groups
from addon.domain.views.asking import Ask
from addon.domain.views.columns import Place
from addon.domain.views.counting import Tally
from addon.domain.views.groups import Grouping
from addon.domain.views.refusals import BadFilter
from addon.domain.views.scene import Row, Scene, set_up
from addon.models import Stage

MOST_COLUMNS = 200
"""Of a field that may hold anything; the largest are shown, and how many rows stand in others is said."""
CARDS = 50
"""A column, at first."""
_MOST_CARDS = 2000
"""On one board, at first: with very many columns each has fewer."""


@dataclass(frozen=True)
class Sums:
    count: int
    amounts: Sequence[Money]
    """One a currency, the largest first."""
    weighted: Sequence[Money]
    """Times what the deals' stages are won with."""


@dataclass(frozen=True, kw_only=True)
class BoardColumn:
    key: str
    name: str
    stage: Stage | None
    gone: bool
    sums: Sums
    cards: Sequence[Row]
    mark: str
    """Where `more` goes on; empty where all cards are here."""


@dataclass(frozen=True, kw_only=True)
class Board:
    ask: Ask
    columns: Sequence[BoardColumn]
    total: Sums
    """Of everything that is meant but for hidden columns; each row once, whatever columns it stands in."""
    left_out: int
    """Rows in columns beyond the `MOST_COLUMNS` largest."""
    gone: Sequence[str]
    """Keys of fields that are asked for and are no more."""


def board(session: Session, ask: Ask, *, at: datetime, limit: int = CARDS) -> Board:
    """Few statements, however many rows there are."""
    scene = set_up(session, ask, at)
    by = groups.grouping(session, scene)
    if by is None:
        return Board(ask=ask, columns=[], total=Sums(0, [], []), left_out=0, gone=scene.gone)
    tallies = counting.tallies(session, scene, by, hidden=scene.ask.hidden, most=MOST_COLUMNS)
    total = _total(session, scene, by, tallies)
    sizes = {key: tally.count for key, tally in tallies.items()}
    places = columns.places(session, scene, by, tallies)
    filled = [place.key for place in places if sizes.get(place.key)]
    each = max(min(limit, _MOST_CARDS // max(len(filled), 1)), 1)
    first = cards.firsts(session, scene, by, filled, limit=each, rows=total.count)
    percent = counting.percents(session, scene)
    return Board(
        ask=ask,
        columns=[
            _column(place, tallies.get(place.key, Tally()), first.get(place.key, cards.Cards()), percent)
            for place in places
        ],
        total=_sums(total, percent),
        left_out=0 if by.several else total.count - sum(sizes.values()),
        gone=scene.gone,
    )


def more(
    session: Session, ask: Ask, key: str, mark: str, *, at: datetime, limit: int = CARDS
) -> tuple[Sequence[Row], str]:
    """The next cards of a column, and where to go on; "" at its end. Raises BadFilter for a strange key or mark."""
    scene = set_up(session, ask, at)
    by = groups.grouping(session, scene)
    if by is None:
        return [], ""
    try:
        return cards.more(session, scene, by, key, mark, limit=limit)
    except ValueError:
        raise BadFilter from None


def _total(session: Session, scene: Scene, by: Grouping, tallies: dict[str, Tally]) -> Tally:
    if by.several or len(tallies) >= MOST_COLUMNS:
        return counting.everything(session, scene, by, hidden=scene.ask.hidden)
    total = Tally()
    for tally in tallies.values():
        total += tally
    return total


def _column(place: Place, tally: Tally, first: cards.Cards, percent: dict[int, int]) -> BoardColumn:
    return BoardColumn(
        key=place.key,
        name=place.name,
        stage=place.stage,
        gone=place.gone,
        sums=_sums(tally, percent),
        cards=first.rows,
        mark=first.mark if tally.count > len(first.rows) else "",
    )


def _sums(tally: Tally, percent: dict[int, int]) -> Sums:
    return Sums(tally.count, tally.sums(), tally.weighted(percent))
