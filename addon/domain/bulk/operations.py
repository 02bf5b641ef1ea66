"""Beginning an act on many things, and doing it slice by slice.

Each slice is a transaction of its own that the entrance commits, and moves the row's `at` on in it: a process that is
killed between two slices, or within one, has done each thing once or not at all, and the next one goes on from `at`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.activity import operations as activity
from addon.domain.activity import queries as diary
from addon.domain.bulk import acts, queries
from addon.domain.errors import DomainError
from addon.domain.teams import queries as teams
from addon.models import Activity, Bulk, BulkKind, BulkState, Company, Contact, Deal, Subject

AT_ONCE = 100
"""Things up to which an entrance does it while the person waits."""
SLICE = 50
"""Things a transaction: each runs its own hooks and rules."""
MOST = 10_000

_MODEL: Mapping[Subject, Any] = {Subject.DEAL: Deal, Subject.CONTACT: Contact, Subject.COMPANY: Company}


class NothingChosen(DomainError):
    code = "bulk.nothing_chosen"


class TooMany(DomainError):
    """Params: limit."""

    code = "bulk.too_many"


class OnlyDealsMove(DomainError):
    code = "bulk.only_deals_move"


def start(
    session: Session,
    kind: BulkKind,
    subject: Subject,
    ids: Sequence[Any],
    asked: Mapping[str, Any],
    *,
    at: datetime,
) -> Bulk:
    """Note what is asked for; `run_slice` does it, at once or from the worker's tick.

    MOVE: `ids` are [deal id, number of the last move that was seen], asked {"stage_id": id, "lost_reason": text}.
    EDIT: ids, asked {field key: what was typed}; DELETE: ids. Raises NothingChosen, TooMany, OnlyDealsMove, NoReason
    for a move to Lost without one, and for a stage or a value that can be nobody's NotFound, Refused.
    """
    chosen = list(dict.fromkeys(tuple(one) if kind is BulkKind.MOVE else int(one) for one in ids))
    if not chosen:
        raise NothingChosen
    if len(chosen) > MOST:
        raise TooMany(limit=MOST)
    if kind is BulkKind.MOVE and subject is not Subject.DEAL:
        raise OnlyDealsMove
    acts.check(session, kind, subject, asked)
    owner = teams.me(session)
    row = Bulk(
        kind=kind,
        subject=subject,
        owner_id=owner.id,
        asked=dict(asked),
        ids=[list(one) if isinstance(one, tuple) else one for one in chosen],
        created_at=at,
    )
    return begin(session, row, at=at)


def begin(
    session: Session, row: Bulk, *, at: datetime, kind: str = "bulk.started", undoes: Activity | None = None
) -> Bulk:
    """Give a new row its entry in the diary, the cause of all that it does."""
    about = ("team", viewer_of(session).team_id)
    after = {"kind": row.kind, "subject": row.subject, "count": len(row.ids)}
    entry = activity.record(session, kind, about, at=at, after=after, undoes=undoes)
    row.act_id = entry.id
    session.add(row)
    session.flush()
    return row


def run_slice(session: Session, bulk_id: int, *, at: datetime, size: int = SLICE) -> bool:
    """Do the next few, in the caller's transaction: False where nothing is left. Raises NotFound."""
    row = queries.get(session, bulk_id, hold=True)
    if row.state == BulkState.DONE:
        return False
    cause = diary.get(session, row.act_id)
    some = row.ids[row.at : row.at + size]
    _lock(session, Subject(row.subject), some)
    refused = list(row.refused)
    for one in some:
        trouble = _try(session, row, one, cause, at)
        if trouble is None:
            row.done += 1
        else:
            refused.append(trouble)
    row.at, row.refused = row.at + len(some), refused
    if row.at >= len(row.ids):
        row.state, row.finished_at = BulkState.DONE, at
    session.flush()
    return row.state != BulkState.DONE


def _try(session: Session, row: Bulk, one: Any, cause: Activity, at: datetime) -> list[Any] | None:
    """[id, code, params] where this one is refused: the others go on."""
    try:
        with session.begin_nested():
            acts.do(session, row, one, cause=cause, at=at)
    except DomainError as error:
        key = one[0] if isinstance(one, list) else one
        return [key, error.code, {name: _plain(value) for name, value in error.params.items()}]
    return None


def _lock(session: Session, subject: Subject, some: Sequence[Any]) -> None:
    """In one order, so that two acts on the same things never wait for each other in a ring."""
    model = _MODEL[subject]
    ids = sorted(one[0] if isinstance(one, list) else one for one in some)
    session.scalars(select(model.id).where(model.id.in_(ids)).order_by(model.id).with_for_update()).all()


def _plain(value: Any) -> Any:
    """For JSON."""
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    return value if isinstance(value, str | int | bool | None) else str(value)
