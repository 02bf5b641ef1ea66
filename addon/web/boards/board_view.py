"""A board as words: columns of cards, narrow rails for what is won and lost, and what all of it adds up to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.fields.keys import FieldSpec, Kind
from addon.domain.money import Money, totals
from addon.domain.views import asking, board
from addon.domain.views.asking import Ask
from addon.domain.views.board import BoardColumn, Sums
from addon.domain.views.filters import EVERYTHING, Group
from addon.domain.views.scene import Row
from addon.i18n import Words
from addon.models import Pipeline, Shape, StageKind, Subject
from addon.web.boards import card_view
from addon.web.boards.card_view import CardMaker, CardView, late, who
from addon.web.views.asked import Asked
from addon.web.views.column_words import column_name, condition

__all__ = ["BoardView", "ColumnView", "TotalsView", "board_view", "late", "rows_of", "sums", "totals_view", "who"]

SHADES = 5
"""How many strengths the colour of open stages has."""
MOST_MORE = 500
"""Cards a column that are drawn again after somebody scrolled for them."""


@dataclass(frozen=True, kw_only=True)
class ColumnView:
    key: str
    element: str
    """The id of its element."""
    name: str
    shade: str
    kind: str
    """open, won or lost; open also where the board is not by stage."""
    rail: bool
    count: int
    label: str
    """Name and count, for who cannot see."""
    rows_url: str
    """Its rows as a table; empty where no filter says what they are."""
    sum: str
    weighted: str
    cards: Sequence[CardView]
    mark: str
    """Where the next cards begin; empty where all are here."""
    gone: bool
    adds: bool
    """Whether something new can begin here."""

    @property
    def print(self) -> str:
        """Differs when anything in the column does."""
        return _print(self)


@dataclass(frozen=True, kw_only=True)
class TotalsView:
    count: str
    sum: str
    weighted: str
    several_currencies: bool


@dataclass(frozen=True, kw_only=True)
class BoardView:
    columns: Sequence[ColumnView]
    totals: TotalsView
    left_out: str
    """Says how many rows stand in columns that are not drawn."""
    empty: bool

    @property
    def rails(self) -> Sequence[ColumnView]:
        return [column for column in self.columns if column.rail]

    @property
    def wide(self) -> Sequence[ColumnView]:
        return [column for column in self.columns if not column.rail]

    @property
    def print(self) -> str:
        """Differs when anything on the board does."""
        return _print(self)


def board_view(
    session: Session, asked: Asked, say: Words, *, now: datetime, shown: Mapping[str, int] | None = None
) -> BoardView:
    """`shown`: how many cards of which column somebody scrolled for already."""
    ask = replace(asked.ask, shape=Shape.BOARD)
    found = board.board(session, ask, at=now)
    columns = _with_more(session, ask, found.columns, shown or {}, now)
    spec = asking.specs(session, ask.subject, ask.pipeline_id).get(ask.grouping)
    by_stage = ask.grouping == "stage"
    make = card_view.maker(
        session, [row for column in columns for row in column.cards], say, now=now, by_stage=by_stage
    )
    drawn = _Drawing(asked, spec, say, make, _shades(columns), _pipelines(session, ask) if by_stage else {})
    views = [drawn.column(column) for column in columns]
    open_columns = [column for column, view in zip(columns, views, strict=True) if not view.rail]
    whole = _together(column.sums for column in open_columns) if by_stage else found.total
    return BoardView(
        columns=[*(view for view in views if not view.rail), *(view for view in views if view.rail)],
        totals=totals_view(ask.subject, whole, say),
        left_out=say("board.left_out", n=found.left_out) if found.left_out > 0 else "",
        empty=not found.total.count,
    )


def sums(amounts: Iterable[Money], say: Words) -> str:
    """One sum a currency, side by side.

    >>> from decimal import Decimal
    >>> sums([Money(Decimal(5), "EUR"), Money(Decimal(2), "PLN"), Money(Decimal(1), "EUR")], Words())
    '€6 + PLN\\xa02'
    """
    return " + ".join(say.money(money.amount, money.currency) for money in totals(amounts))


def totals_view(subject: Subject, whole: Sums, say: Words) -> TotalsView:
    return TotalsView(
        count=say(f"board.count.{subject}", n=whole.count),
        sum=sums(whole.amounts, say),
        weighted=say("web.board.weighted_total", sum=sums(whole.weighted, say)) if whole.amounts else "",
        several_currencies=len({money.currency for money in whole.amounts}) > 1,
    )


def rows_of(asked: Asked, spec: FieldSpec | None, key: str) -> str:
    """The address of a table of what stands in one column; empty where no filter says that."""
    plain = asked.path.startswith("/board/") and not asked.changed
    if plain and key.isdecimal():
        return f"{asked.path}/stages/{key}"
    return _filtered(asked, spec, key)


def _filtered(asked: Asked, spec: FieldSpec | None, key: str) -> str:
    said = condition(spec, key) if spec is not None and len(key) < 200 else None
    if said is None:
        return ""
    ask = asked.ask
    parts = (ask.filter, said) if ask.filter.any and ask.filter != EVERYTHING else (*ask.filter.parts, said)
    return asked.url(replace(ask, filter=Group(False, parts), shape=Shape.TABLE))


@dataclass(frozen=True)
class _Drawing:
    asked: Asked
    spec: FieldSpec | None
    say: Words
    make: CardMaker
    shades: Mapping[str, str]
    pipelines: Mapping[int, str]
    """Names, where the board shows the stages of several."""

    def column(self, found: BoardColumn) -> ColumnView:
        say, spec = self.say, self.spec
        kind = str(found.stage.kind) if found.stage is not None else StageKind.OPEN.value
        name = column_name(spec, found.key, found.name, say) if spec else found.name
        if found.stage is not None and (of := self.pipelines.get(found.stage.pipeline_id)):
            name = say("board.column.stage_of", pipeline=of, stage=name)
        rail = kind != StageKind.OPEN
        return ColumnView(
            key=found.key,
            element=_element(self.asked.ask, found.key),
            name=name,
            shade=f"st-{kind}" if rail else self.shades.get(found.key, ""),
            kind=kind,
            rail=rail,
            count=found.sums.count,
            label=say("board.column.label", name=name, count=say(_counted(self.asked.ask), n=found.sums.count)),
            rows_url=rows_of(self.asked, spec, found.key),
            sum=sums(found.sums.amounts, say),
            weighted=self._weighted(found),
            cards=[] if rail else [self.make.card(row) for row in found.cards],
            mark="" if rail else found.mark,
            gone=found.gone,
            adds=not (rail or found.gone) and _takes_new(self.asked.ask, spec, found.key),
        )

    def _weighted(self, found: BoardColumn) -> str:
        if not found.sums.amounts:
            return ""
        weighted = sums(found.sums.weighted, self.say)
        if found.stage is None:
            return self.say("web.board.weighted_total", sum=weighted)
        return self.say("web.board.weighted", percent=found.stage.now.probability, sum=weighted)


def _counted(ask: Ask) -> str:
    return f"board.count.{ask.subject}"


def _takes_new(ask: Ask, spec: FieldSpec | None, key: str) -> bool:
    if ask.subject != Subject.DEAL or spec is None:
        return False
    if spec.kind == Kind.STAGE:
        return True
    return spec.editable and spec.key != "lost_reason" and not (spec.required and key == "")


def _element(ask: Ask, key: str) -> str:
    if ask.grouping == "stage":
        return f"stage-{key}"
    return f"column-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def _shades(columns: Sequence[BoardColumn]) -> dict[str, str]:
    """Open stages get stronger on the way; other columns have no order that a colour could tell."""
    found = [each.key for each in columns if each.stage is not None and each.stage.kind == StageKind.OPEN]
    return {key: _shade(place, len(found)) for place, key in enumerate(found)}


def _shade(place: int, of: int) -> str:
    return f"st-{1 + round(place * (SHADES - 1) / (of - 1))}" if of > 1 else f"st-{SHADES // 2 + 1}"


def _pipelines(session: Session, ask: Ask) -> dict[int, str]:
    if ask.pipeline_id is not None:
        return {}
    found = session.execute(select(Pipeline.id, Pipeline.name).where(Pipeline.archived_at.is_(None)))
    return {number: name for number, name in found}


def _together(found: Iterable[Sums]) -> Sums:
    each = list(found)
    return Sums(
        sum(one.count for one in each),
        totals(money for one in each for money in one.amounts),
        totals(money for one in each for money in one.weighted),
    )


def _with_more(
    session: Session, ask: Ask, columns: Sequence[BoardColumn], shown: Mapping[str, int], now: datetime
) -> list[BoardColumn]:
    """What somebody scrolled for stays, also when the board is drawn anew."""
    found = []
    for column in columns:
        missing = min(shown.get(column.key, 0), MOST_MORE) - len(column.cards)
        if column.mark and missing > 0:
            cards, mark = board.more(session, ask, column.key, column.mark, at=now, limit=missing)
            column = replace(column, cards=_joined(column.cards, cards), mark=mark)
        found.append(column)
    return found


def _joined(first: Sequence[Row], then: Sequence[Row]) -> list[Row]:
    return [*first, *then]


def _print(view: object) -> str:
    return hashlib.sha256(repr(view).encode()).hexdigest()[:16]
