"""How many rows stand in each column of a board, and what they are worth: exact, whatever was asked.

A whole pipeline by stage or owner is read from the totals that every move keeps; anything else is counted by one
grouped statement. Where a field may hold anything, the largest columns are found first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, and_, cast, func, null, or_, select, true
from sqlalchemy.orm import Session

from addon.domain.access.small_letters import small_letters
from addon.domain.money import Money, totals
from addon.domain.views import query
from addon.domain.views.groups import CLOSED, Grouping
from addon.domain.views.scene import Scene
from addon.models import Deal, DealTotal, StageDefinition, Subject

_TOTALLED = ("stage", "owner", "pipeline")
"""What the kept totals can be grouped by."""


@dataclass
class Tally:
    """What stands in a column; `amounts` by stage and currency."""

    count: int = 0
    amounts: dict[tuple[int, str], Decimal] = field(default_factory=dict)
    first: int = 0
    """The lowest number of its rows, where columns of words are counted: it says how the word is spelled."""

    def add(self, count: int, stage_id: int | None, currency: str | None, amount: Decimal | None) -> None:
        self.count += count
        if stage_id is not None and currency and amount is not None:
            place = (stage_id, currency)
            self.amounts[place] = self.amounts.get(place, Decimal(0)) + amount

    def __iadd__(self, other: Tally) -> Tally:
        self.count += other.count
        for (stage_id, currency), amount in other.amounts.items():
            self.add(0, stage_id, currency, amount)
        return self

    def sums(self) -> list[Money]:
        """One a currency, the largest first."""
        return totals(Money(amount, currency) for (_, currency), amount in self.amounts.items())

    def weighted(self, percent: Mapping[int, int]) -> list[Money]:
        """Each stage's sum times what its deals are won with; rounded once, at the end."""
        exact: dict[str, Decimal] = {}
        for (stage_id, currency), amount in self.amounts.items():
            exact[currency] = exact.get(currency, Decimal(0)) + amount * percent.get(stage_id, 0) / 100
        cents = Decimal("0.01")
        return totals(Money(amount.quantize(cents, ROUND_HALF_UP), currency) for currency, amount in exact.items())


def percents(session: Session, scene: Scene) -> dict[int, int]:
    """What a stage's deals are won with, in percent, as the stages are defined now."""
    if scene.ask.subject != Subject.DEAL:
        return {}
    current = select(StageDefinition.stage_id, StageDefinition.probability).where(StageDefinition.until.is_(None))
    return {stage_id: probability for stage_id, probability in session.execute(current)}


def tallies(
    session: Session, scene: Scene, by: Grouping, *, hidden: Collection[str] = (), most: int
) -> dict[str, Tally]:
    """By the columns' keys, without the hidden ones.

    Where a field may hold anything there are no more than the `most` largest columns.
    """
    if _is_kept(scene, by):
        found = _gathered(by, session.execute(_kept(scene, by)))
    elif by.spec.kind in CLOSED:
        found = _gathered(by, session.execute(_grouped(_flat(scene, by))))
    else:
        found = _largest(session, by, _shown(_flat(scene, by), by, hidden), most)
    return {key: tally for key, tally in found.items() if key not in hidden}


def everything(session: Session, scene: Scene, by: Grouping, *, hidden: Collection[str] = ()) -> Tally:
    """All rows of columns that are not hidden, however many columns there are; each row once."""
    source = _flat(scene, None, by.outside(scene, hidden)) if by.several else _shown(_flat(scene, by), by, hidden)
    tally = Tally()
    for _, stage_id, currency, count, amount in session.execute(_grouped(source)):
        tally.add(count, stage_id, currency, amount)
    return tally


def _is_kept(scene: Scene, by: Grouping) -> bool:
    return scene.unfiltered and scene.ask.subject == Subject.DEAL and by.spec.key in _TOTALLED


def _largest(session: Session, by: Grouping, flat: Any, most: int) -> dict[str, Tally]:
    count, first = func.count(), func.min(flat.c.id) if by.is_word else null()
    top = select(flat.c.key, count, first).group_by(flat.c.key).order_by(count.desc(), flat.c.key).limit(most)
    rows = session.execute(top).all()
    found = _gathered(by, _summed(session, flat, rows))
    for key, _, number in rows:
        if by.told(key) in found and number:
            found[by.told(key)].first = number
    return found


def _summed(session: Session, flat: Any, rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    if "stage_id" not in flat.c or not rows:
        return ((key, None, None, number, None) for key, number, _ in rows)
    keys = [key for key, _, _ in rows]
    some = flat.c.key.in_([key for key in keys if key is not None])
    wanted = or_(some, flat.c.key.is_(None)) if None in keys else some
    return session.execute(_grouped(flat, wanted))


def _flat(scene: Scene, by: Grouping | None, *more: ColumnElement[bool]) -> Any:
    """A row each with what is added up; its key stands in a subquery, so that it is reckoned in one place."""
    key = (by.key if by else cast(null(), String)).label("key")
    added: tuple[Any, ...] = (scene.model.id,)
    if scene.ask.subject == Subject.DEAL:
        added = (Deal.stage_id, Deal.currency, Deal.amount, *(added if by and by.is_word else ()))
    statement = select(key, *added).select_from(scene.model)
    return (by.join(statement) if by else statement).where(*scene.where, *more).subquery()


def _shown(flat: Any, by: Grouping, hidden: Collection[str]) -> Any:
    """The rows of columns that are not hidden."""
    keys = by.readable(hidden)
    wanted = flat.c.key.is_not(None) if "" in hidden else true()
    if "" in hidden and by.is_text:
        wanted = and_(wanted, flat.c.key != "")
    if keys:
        named = [small_letters(key) for key in keys] if by.is_word else keys
        wanted = and_(wanted, or_(flat.c.key.is_(None), flat.c.key.not_in(named)))
    return select(*flat.c).where(wanted).subquery()


def _grouped(flat: Any, *wanted: ColumnElement[bool]) -> Select[Any]:
    if "stage_id" not in flat.c:
        nothing = [cast(null(), kind).label(name) for name, kind in (("a", Integer), ("b", String), ("c", Integer))]
        counted = select(flat.c.key, *nothing[:2], func.count(), nothing[2])
        return counted.where(*wanted).group_by(flat.c.key)
    by = (flat.c.key, flat.c.stage_id, flat.c.currency)
    return select(*by, func.count(), func.sum(flat.c.amount)).where(*wanted).group_by(*by)


def _kept(scene: Scene, by: Grouping) -> Select[Any]:
    key = getattr(DealTotal, by.spec.columns[0])
    meant = [
        DealTotal.pipeline_id == scene.ask.pipeline_id
        if scene.ask.pipeline_id is not None
        else DealTotal.pipeline_id.in_(query.live_pipelines())
    ]
    columns = (key.label("key"), DealTotal.stage_id, DealTotal.currency)
    sums = (func.sum(DealTotal.deals), func.sum(DealTotal.amount))
    return select(*columns, *sums).where(*meant).group_by(key, DealTotal.stage_id, DealTotal.currency)


def _gathered(by: Grouping, rows: Iterable[Sequence[Any]]) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    for key, stage_id, currency, count, amount in rows:
        if count:
            found.setdefault(by.told(key), Tally()).add(int(count), stage_id, currency, amount)
    return found
