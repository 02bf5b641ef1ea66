"""Asking whether somebody may be mailed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, SQLColumnExpression, select
from sqlalchemy.orm import Session, aliased

from addon.models import Suppression, SuppressionReason, SuppressionScope

CAMPAIGN_SCOPES = (SuppressionScope.EVERYTHING, SuppressionScope.CAMPAIGNS)


def holds_for(address_key: SQLColumnExpression[str], scopes: Collection[SuppressionScope]) -> ColumnElement[bool]:
    """SQL: some live suppression of these scopes stops this address key. For the permit's own statement."""
    other = aliased(Suppression)
    return (
        select(other.id)
        .where(other.address_key == address_key, other.scope.in_(scopes), other.lifted_at.is_(None))
        .exists()
    )


def reasons(
    session: Session, keys: Collection[str], scopes: Collection[SuppressionScope] = CAMPAIGN_SCOPES
) -> dict[str, SuppressionReason]:
    """Which of these address keys must not be mailed, and why."""
    found: dict[str, SuppressionReason] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), 500):
        rows = session.execute(
            select(Suppression.address_key, Suppression.reason).where(
                Suppression.address_key.in_(ordered[start : start + 500]),
                Suppression.scope.in_(scopes),
                Suppression.lifted_at.is_(None),
            )
        )
        found.update({key: SuppressionReason(reason) for key, reason in rows})
    return found


def of_key(session: Session, address_key: str) -> Sequence[Suppression]:
    """All, live and lifted: the proof."""
    return session.scalars(
        select(Suppression).where(Suppression.address_key == address_key).order_by(Suppression.id)
    ).all()
