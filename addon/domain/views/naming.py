"""What ids are called: people, companies, contacts, stages and pipelines that a page of rows points at."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon.domain.fields.keys import Kind
from addon.models import Company, Contact, Pipeline, StageDefinition, User

Names = Mapping[tuple[Kind, int], str]
_SLICE = 500

NAMED = frozenset({Kind.PERSON, Kind.COMPANY, Kind.CONTACT, Kind.PIPELINE, Kind.STAGE})


def names(session: Session, wanted: Collection[tuple[Kind, int]]) -> dict[tuple[Kind, int], str]:
    """Of those that the viewer may see; the others are not there."""
    found: dict[tuple[Kind, int], str] = {}
    for kind in sorted({kind for kind, _ in wanted}):
        ids = sorted({number for other, number in wanted if other == kind})
        for start in range(0, len(ids), _SLICE):
            rows = session.execute(_query(kind, ids[start : start + _SLICE]))
            found.update({(kind, number): name for number, name in rows})
    return found


def _query(kind: Kind, ids: Collection[int]) -> Any:
    if kind == Kind.STAGE:
        current = select(StageDefinition.stage_id, StageDefinition.name).where(StageDefinition.until.is_(None))
        return current.where(StageDefinition.stage_id.in_(ids))
    if kind == Kind.PERSON:
        return select(User.id, func.coalesce(func.nullif(User.name, ""), User.email)).where(User.id.in_(ids))
    model: Any = {Kind.COMPANY: Company, Kind.CONTACT: Contact, Kind.PIPELINE: Pipeline}[kind]
    return select(model.id, model.name).where(model.id.in_(ids))
