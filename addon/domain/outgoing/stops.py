"""What keeps a mail from being permitted: a suppression of its address key, a run that is paused or stopped."""

from __future__ import annotations

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
    run = session.scalar(select(Run).where(Run.id == row.run_id).execution_options(populate_existing=True))
    if run is None or run.stopped_at is not None:
        return Stop.RUN_STOPPED
    if suppressions.reasons(session, [row.address_key], _SCOPES[RunKind(run.kind)]):
        return Stop.SUPPRESSED
    return Stop.PAUSED if run.paused_at is not None else None
