"""How many deals stand where and what they are worth, kept with every change of a deal, so that no board counts them.

What a transaction changes is noted as its deals are flushed and written once, just before it commits: the rows of
totals are the last that it locks, always in the same order, so two movers never wait for each other in a ring.
Whoever asks for totals in the middle of a transaction has what it changed so far written first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import event, func, insert, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from addon.domain.access import viewer_of
from addon.domain.access.tenancy import TeamSession
from addon.models import Deal, DealTotal

Key = tuple[int, int, int, str]
"""Pipeline, stage, owner, currency; the currency is empty for a deal without an amount."""
Change = tuple[Key, int, Decimal]
"""So many deals more, or fewer, and so much."""

COUNTED = ("pipeline_id", "stage_id", "owner_id", "currency", "amount", "deleted_at")
_KEY = ("team_id", "pipeline_id", "stage_id", "owner_id", "currency")
_NOTED, _KEPT, _BORN = "deal_total", "deal_total_at_savepoints", "deals_are_counted"


@dataclass(frozen=True)
class Total:
    deals: int = 0
    amount: Decimal = Decimal(0)


def of_pipeline(session: Session, pipeline_id: int) -> Mapping[int, Mapping[str, Total]]:
    """By stage and currency, of the deals that the viewer sees; the currency is empty for deals without an amount."""
    query = select(DealTotal.stage_id, DealTotal.currency, func.sum(DealTotal.deals), func.sum(DealTotal.amount)).where(
        DealTotal.pipeline_id == pipeline_id
    )
    return _arranged(session.execute(query.group_by(DealTotal.stage_id, DealTotal.currency)))


def recount(session: Session, pipeline_id: int) -> Mapping[int, Mapping[str, Total]]:
    """The same from the deals themselves: what the totals must equal."""
    currency = func.coalesce(Deal.currency, "")
    query = select(Deal.stage_id, currency, func.count(), func.coalesce(func.sum(Deal.amount), 0)).where(
        Deal.pipeline_id == pipeline_id, Deal.deleted_at.is_(None)
    )
    return _arranged(session.execute(query.group_by(Deal.stage_id, currency)))


def _arranged(rows: Iterable[Any]) -> Mapping[int, Mapping[str, Total]]:
    found: dict[int, dict[str, Total]] = {}
    for stage_id, currency, deals, amount in rows:
        if deals:
            found.setdefault(stage_id, {})[currency] = Total(int(deals), Decimal(amount))
    return found


# ---- keeping them -----------------------------------------------------------------------------------------------


def _remember(*_: Any) -> None:
    """Nothing, but with `active_history` a column whose value was not loaded is read before it is overwritten."""


for _name in COUNTED:
    event.listen(getattr(Deal, _name), "set", _remember, active_history=True)


def born(session: Session, rows: Sequence[Mapping[str, Any]]) -> Sequence[int]:
    """Insert deals by one statement, and count them: the only one that may. Their ids, in the order of the rows."""
    made = insert(Deal).returning(Deal.id, sort_by_parameter_order=True)
    ids = session.scalars(made, [dict(row) for row in rows], execution_options={_BORN: True}).all() if rows else []
    for row in rows:
        _noted(session).extend(_counted({"deleted_at": None, **row}, 1))
    return ids


@event.listens_for(TeamSession, "before_flush")
def note(session: Session, _context: Any, _instances: Any) -> None:
    """Note what the deals about to be written were and will be."""
    noted = _noted(session)
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, Deal):
            continue
        if row not in session.new:
            noted.extend(_counted(_was(row), -1))
        if row not in session.deleted:
            noted.extend(_counted({name: getattr(row, name) for name in COUNTED}, 1))


def _was(deal: Deal) -> dict[str, Any]:
    states = inspect(deal).attrs
    found = {}
    for name in COUNTED:
        history = states[name].history
        found[name] = history.deleted[0] if history.deleted else getattr(deal, name)
    return found


def _counted(values: Mapping[str, Any], by: int) -> list[Change]:
    if values["deleted_at"] is not None:
        return []
    key = (values["pipeline_id"], values["stage_id"], values["owner_id"], values["currency"] or "")
    return [(key, by, by * (values["amount"] or Decimal(0)))]


@event.listens_for(TeamSession, "before_commit")
def write_at_the_end(session: Session) -> None:
    """A savepoint that is kept is not the end: what it noted waits for the commit."""
    if not session.in_nested_transaction():
        session.flush()
        write(session)


@event.listens_for(TeamSession, "do_orm_execute")
def write_before_asking(state: ORMExecuteState) -> None:
    """Who reads totals reads what this transaction did; who changes deals by a statement would leave them wrong."""
    session = state.session
    if state.is_select and not (_noted(session) or session.dirty or session.new or session.deleted):
        return  # most questions are of boards and pages, which change nothing: those are not even looked through
    models = {mapper.class_ for mapper in state.all_mappers}
    if DealTotal in models and state.is_select:
        if session.autoflush:
            session.flush()
        write(session)
    if Deal in models and not state.is_select and _is_counted(state) and not state.execution_options.get(_BORN):
        raise TypeError("deals are counted: change them as objects")


def _is_counted(state: ORMExecuteState) -> bool:
    if not state.is_update:
        return True
    given: Any = state.parameters
    rows = given if isinstance(given, list) else [given or {}]
    names = {getattr(column, "key", column) for column in (getattr(state.statement, "_values", None) or ())}
    return bool(names.union(*rows) & set(COUNTED))


def write(session: Session) -> None:
    """Add what was noted to the totals, in the order of their keys."""
    noted = _noted(session)
    sums: dict[Key, Total] = {}
    for key, deals, amount in noted:
        before = sums.get(key, Total())
        sums[key] = Total(before.deals + deals, before.amount + amount)
    noted.clear()
    changed = {key: total for key, total in sums.items() if total != Total()}
    if not changed:
        return
    made: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    added = made(DealTotal)
    added = added.on_conflict_do_update(
        index_elements=_KEY,
        set_={"deals": DealTotal.deals + added.excluded.deals, "amount": DealTotal.amount + added.excluded.amount},
    )
    team_id = viewer_of(session).team_id
    session.execute(
        added,
        [
            {**dict(zip(_KEY, (team_id, *key), strict=True)), "deals": total.deals, "amount": total.amount}
            for key, total in sorted(changed.items())
        ],
    )


def _noted(session: Session) -> list[Change]:
    noted: list[Change] = session.info.setdefault(_NOTED, [])
    return noted


# ---- what is taken back was never noted -------------------------------------------------------------------------


@event.listens_for(TeamSession, "after_transaction_create")
def _begin(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault(_KEPT, {})[transaction] = list(_noted(session))
    elif transaction.parent is None:
        session.info.pop(_KEPT, None)


@event.listens_for(TeamSession, "after_soft_rollback")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    _noted(session)[:] = session.info.get(_KEPT, {}).pop(transaction, [])
