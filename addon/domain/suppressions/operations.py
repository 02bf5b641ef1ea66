"""Suppressing and lifting. Whoever permits a mail locks the same address rows, so neither can overlook the other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.activity import operations as activity
from addon.models import Activity, Address, Suppression, SuppressionReason, SuppressionScope


def lock_key(session: Session, address_key: str) -> None:
    """Hold all address rows of a key until the transaction ends (SQLite holds the whole database already)."""
    session.scalars(select(Address.id).where(Address.key == address_key).order_by(Address.id).with_for_update()).all()


def suppress(
    session: Session,
    address_key: str,
    *,
    scope: SuppressionScope,
    reason: SuppressionReason,
    at: datetime,
    run_id: int | None = None,
    cause: Activity | None = None,
) -> Suppression:
    """From this commit on no mail of the scope is permitted to this key. Doing it again changes nothing."""
    lock_key(session, address_key)
    live = session.scalar(
        select(Suppression).where(
            Suppression.address_key == address_key, Suppression.scope == scope, Suppression.lifted_at.is_(None)
        )
    )
    if live is not None:
        return live
    suppression = Suppression(address_key=address_key, scope=scope, reason=reason, run_id=run_id, created_at=at)
    session.add(suppression)
    session.flush()
    activity.record(
        session,
        "suppression.added",
        ("suppression", suppression.id),
        at=at,
        after={"scope": scope, "reason": reason, "run_id": run_id},
        cause=cause,
    )
    return suppression


def lift(session: Session, suppression: Suppression, *, at: datetime) -> None:
    """Mail may go again; the row stays as proof."""
    if suppression.lifted_at is None:
        suppression.lifted_at = at
        activity.record(session, "suppression.lifted", ("suppression", suppression.id), at=at)
