"""Writing the diary of many new things at once: an import makes thousands, and each has its own first entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.models import Activity, ActivityDetail, ActorKind


def record_births(
    session: Session,
    kind: str,
    subject_kind: str,
    born: Sequence[tuple[int, Mapping[str, Any]]],
    *,
    at: datetime,
    cause: Activity | None = None,
) -> None:
    """The first entry of things made in this transaction: (id, texts) each, such as `contact.created`."""
    if not born:
        return
    viewer = viewer_of(session)
    shared = {
        "team_id": viewer.team_id,
        "subject_kind": subject_kind,
        "number": 1,
        "at": at,
        "actor_kind": ActorKind(viewer.kind),
        "actor_id": viewer.user_id,
        "mailbox_id": viewer.mailbox_id,
        "kind": kind,
        "cause_id": (cause.cause_id or cause.id) if cause else None,
    }
    entries = session.scalars(
        insert(Activity).returning(Activity.id, sort_by_parameter_order=True),
        [{**shared, "subject_id": subject_id} for subject_id, _ in born],
    ).all()
    session.execute(
        insert(ActivityDetail),
        [
            {"team_id": viewer.team_id, "activity_id": entry, "texts": dict(texts)}
            for entry, (_, texts) in zip(entries, born, strict=True)
        ],
    )
