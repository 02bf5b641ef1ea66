"""A won deal goes on as its twin in the after-sales pipeline, linked both ways."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from addon.domain.activity import operations as activity
from addon.domain.deals import queries as deals
from addon.domain.deals import twins
from addon.domain.ladder.operations import open_deal
from addon.models import Deal


def open_twin(session: Session, deal_id: int, *, at: datetime, title: str = "") -> Deal:
    """Open the twin where the after-sales pipeline begins, with the deal's people, worth and who referred it.

    Both diaries say so, as one act. Raises NotFound, NotWon, NoAfterSales, HasTwin, HasHiddenTwin, FieldsMissing.
    """
    planned = twins.plan(session, deal_id, title=title)
    deal = deals.get(session, deal_id)
    opened = activity.record(
        session,
        "deal.twin_opened",
        ("deal", deal.id),
        at=at,
        after={"pipeline_id": planned.pipeline_id},
        texts={"title": planned.draft.title},
    )
    twin = open_deal(session, planned.draft, at=at, pipeline_id=planned.pipeline_id, cause=opened)
    twins.copy_people(session, deal, twin, at=at, cause=opened)
    return twin
