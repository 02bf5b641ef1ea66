"""What keeps a mail from being permitted: a suppression of its address key, a run that is paused or stopped."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from addon.domain.suppressions import operations as suppressing
from addon.domain.suppressions import queries as suppressions
from addon.models import Outgoing, Run, RunKind, SuppressionScope


class Stop(StrEnum):
    SUPPRESSED = "suppressed"
    RUN_STOPPED = "run_stopped"
    PAUSED = "paused"
    """Not for good: a draft is taken back and the mail becomes due again."""


_SCOPES = {
    RunKind.CAMPAIGN: (SuppressionScope.EVERYTHING, SuppressionScope.CAMPAIGNS),
    RunKind.ENROLMENT: (SuppressionScope.EVERYTHING, SuppressionScope.SEQUENCE),
}


@functools.cache
def none_holds() -> ColumnElement[bool]:
    """SQL over Outgoing, for the permit's own UPDATE: nothing stops or pauses this mail."""
    goes = select(Run.id).where(Run.id == Outgoing.run_id, Run.paused_at.is_(None), Run.stopped_at.is_(None)).exists()
    campaign_mail = select(Run.id).where(Run.id == Outgoing.run_id, Run.kind == RunKind.CAMPAIGN).exists()
    key = Outgoing.address_key
    return (
        goes
        & ~suppressions.holds_for(key, (SuppressionScope.EVERYTHING,))
        & ~(campaign_mail & suppressions.holds_for(key, (SuppressionScope.CAMPAIGNS,)))
        & ~(~campaign_mail & suppressions.holds_for(key, (SuppressionScope.SEQUENCE,)))
    )


def hold_still(session: Session, row: Outgoing) -> None:
    """Until this transaction ends nobody pauses this run, stops it or suppresses this address key."""
    session.scalar(select(Run.id).where(Run.id == row.run_id).with_for_update(read=True))
    suppressing.lock_key(session, row.address_key)


def stop_of(session: Session, row: Outgoing) -> Stop | None:
    """What stops this mail now, as far as this transaction sees. Locks as `hold_still` does."""
    hold_still(session, row)
    return stops_of(session, [row]).get(row.id)


def stops_of(session: Session, rows: Sequence[Outgoing]) -> dict[int, Stop]:
    """What stops these mails now, by row id. Nothing is locked: the permit looks again."""
    runs = session.scalars(
        select(Run).where(Run.id.in_({row.run_id for row in rows})).execution_options(populate_existing=True)
    )
    found: dict[int, Stop] = {}
    for run in runs:
        own = [row for row in rows if row.run_id == run.id]
        suppressed = suppressions.reasons(session, {row.address_key for row in own}, _SCOPES[RunKind(run.kind)])
        for row in own:
            stop = _stop(run, suppressed=row.address_key in suppressed)
            if stop is not None:
                found[row.id] = stop
    return found


def _stop(run: Run, *, suppressed: bool) -> Stop | None:
    if run.stopped_at is not None:
        return Stop.RUN_STOPPED
    if suppressed:
        return Stop.SUPPRESSED
    return Stop.PAUSED if run.paused_at is not None else None
