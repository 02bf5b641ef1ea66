"""Whoever holds the unsubscribe token of a mail may end campaign mail to the address it was sent to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.errors import NotAllowed
from addon.domain.outgoing import operations as outgoing
from addon.domain.suppressions import operations as suppressions
from addon.domain.suppressions import queries as suppression_queries
from addon.models import Outgoing, OutgoingState, Run, RunKind, SuppressionReason, SuppressionScope


def unsubscribe(session: Session, *, at: datetime) -> None:
    """No campaign mail to the guest's address is permitted from this commit on; what is due is stopped.

    Again changes nothing. Raises NotAllowed for anybody but a guest.
    """
    key = _guests_key(session)
    ref = viewer_of(session).run_ref
    suppressions.suppress(
        session,
        key,
        scope=SuppressionScope.CAMPAIGNS,
        reason=SuppressionReason.UNSUBSCRIBED,
        at=at,
        run_id=session.scalar(select(Run.id).where(Run.ref == ref)) if ref else None,
    )
    waiting = session.scalars(
        select(Outgoing.run_id)
        .join(Run, Run.id == Outgoing.run_id)
        .where(
            Outgoing.address_key == key,
            Outgoing.state.in_([OutgoingState.DUE, OutgoingState.DRAFTED]),
            Run.kind == RunKind.CAMPAIGN,
        )
    ).all()
    outgoing.stop_key(session, key, sorted(set(waiting)))


def is_unsubscribed(session: Session) -> bool:
    """Whether campaign mail to the guest's address has ended already. Raises NotAllowed for anybody but a guest."""
    key = _guests_key(session)
    return key in suppression_queries.reasons(session, [key])


def _guests_key(session: Session) -> str:
    key = viewer_of(session).address_key
    if key is None:
        raise NotAllowed
    return key
