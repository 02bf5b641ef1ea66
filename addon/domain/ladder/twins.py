"""A won deal goes on as its twin in the after-sales pipeline, linked both ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from addon.domain.activity import operations as activity
from addon.domain.deals import queries as deals
from addon.domain.deals import twins
from addon.domain.deals.draft import DealDraft
from addon.domain.fields.keys import field_id_of
from addon.domain.ladder.operations import open_deal
from addon.models import Deal

_POINTING = frozenset({"owner", "contact", "company", "referred_by"})


def open_twin(
    session: Session, deal_id: int, *, at: datetime, title: str = "", given: Mapping[str, Any] = MappingProxyType({})
) -> Deal:
    """Open the twin where the after-sales pipeline begins, with what `deals.twins.plan` says.

    `given`: typed values by field key, for what the stage asks for and the won deal does not say. Both diaries say so,
    as one act. Raises NotFound, NotWon, NoAfterSales, HasTwin, HasHiddenTwin, FieldsMissing, Refused.
    """
    planned = twins.plan(session, deal_id, title=title)
    draft = _filled(planned.draft, given)
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


def _filled(draft: DealDraft, given: Mapping[str, Any]) -> DealDraft:
    own = {key: value for key, value in given.items() if field_id_of(key) is not None}
    built_in = {f"{key}_id" if key in _POINTING else key: given[key] for key in given if key not in own}
    return replace(draft, **built_in, values={**draft.values, **own})
