"""The one open deal that a person has a part in: what an answer may be linked to without asking (law 8)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from addon.models import Deal, DealContact, Pipeline, Stage, StageKind


def of_contacts(session: Session, contact_ids: Collection[int]) -> dict[int, int]:
    """Deal ids by contact id, of those people who have a part in exactly one open deal."""
    found: dict[int, set[int]] = {}
    ordered = sorted(contact_ids)
    for start in range(0, len(ordered), 500):
        some = ordered[start : start + 500]
        for query in (
            _open(select(Deal.contact_id, Deal.id)).where(Deal.contact_id.in_(some)),
            _open(select(DealContact.contact_id, Deal.id).join(Deal, Deal.id == DealContact.deal_id)).where(
                DealContact.contact_id.in_(some)
            ),
        ):
            for contact_id, deal_id in session.execute(query):
                found.setdefault(contact_id, set()).add(deal_id)
    return {contact_id: next(iter(deals)) for contact_id, deals in found.items() if len(deals) == 1}


def _open(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        query.join(Stage, Stage.id == Deal.stage_id)
        .join(Pipeline, Pipeline.id == Deal.pipeline_id)
        .where(Stage.kind == StageKind.OPEN, Deal.deleted_at.is_(None), Pipeline.archived_at.is_(None))
    )
