"""Why deals were lost, as people said it."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon.models import Deal


def earlier_reasons(session: Session, pipeline_id: int, *, limit: int = 8) -> list[str]:
    """Of the pipeline's deals that the viewer sees, the most common first."""
    count = func.count().label("count")
    rows = session.execute(
        select(Deal.lost_reason, count)
        .where(Deal.pipeline_id == pipeline_id, Deal.lost_reason != "", Deal.deleted_at.is_(None))
        .group_by(Deal.lost_reason)
        .order_by(count.desc(), Deal.lost_reason)
        .limit(limit)
    )
    return [reason for reason, _ in rows]
