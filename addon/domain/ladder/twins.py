"""A won deal goes on as its twin in the after-sales pipeline, linked both ways."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from addon.domain.activity import operations as activity
from addon.domain.deals import queries as deals
from addon.domain.deals import twins
from addon.domain.deals.draft import filled
from addon.domain.ladder.operations import open_deal
from addon.models import Deal


def open_twin(
    session: Session, deal_id: int, *, at: datetime, title: str = "", given: Mapping[str, Any] = MappingProxyType({})
) -> Deal:
    """Open the twin where the after-sales pipeline begins, with what `deals.twins.plan` says.

    `given`: typed values by field key, for what the stage asks for and the won deal does not say. Both diaries say so,
    as one act. Raises NotFound, NotWon, NoAfterSales, HasTwin, HasHiddenTwin, FieldsMissing, Refused.
    """
    planned = twins.plan(session, deal_id, title=title)
    draft = filled(planned.draft, given)
    deal = deals.get(session, deal_id)
    opened = activity.record(
        session,
        "deal.twin_opened",
        ("deal", deal.id),
        at=at,
        after={"pipeline_id": planned.pipeline_id},
        texts={"title": draft.title},
    )
    twin = open_deal(session, draft, at=at, pipeline_id=planned.pipeline_id, cause=opened)
    twins.copy_people(session, deal, twin, at=at, cause=opened)
    return twin
