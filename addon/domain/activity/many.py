"""Writing the diary of many new things at once: an import makes thousands, and each has its own first entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.models import Activity, ActivityDetail, ActorKind


@dataclass(frozen=True, kw_only=True)
class Line:
    """An entry that is to be written; `number` is its place in the subject's diary, which the caller knows."""

    subject_id: int
    number: int = 1
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, Any] = field(default_factory=dict)


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
    lines = [Line(subject_id=subject_id, texts=texts) for subject_id, texts in born]
    record_lines(session, kind, subject_kind, lines, at=at, cause=cause)


def record_lines(
    session: Session,
    kind: str,
    subject_kind: str,
    lines: Sequence[Line],
    *,
    at: datetime,
    cause: Activity | None = None,
) -> None:
    """One entry each, of one kind, about things made in this transaction, whose diaries nobody else writes in."""
    if not lines:
        return
    viewer = viewer_of(session)
    shared = {
        "team_id": viewer.team_id,
        "subject_kind": subject_kind,
        "at": at,
        "actor_kind": ActorKind(viewer.kind),
        "actor_id": viewer.user_id,
        "mailbox_id": viewer.mailbox_id,
        "kind": kind,
        "cause_id": (cause.cause_id or cause.id) if cause else None,
    }
    # By subject, not by order: rows that must come back in order are inserted one by one on SQLite.
    made = session.execute(
        insert(Activity).returning(Activity.subject_id, Activity.id),
        [
            {
                **shared,
                "subject_id": line.subject_id,
                "number": line.number,
                "before": dict(line.before),
                "after": dict(line.after),
            }
            for line in lines
        ],
    )
    entries = {subject_id: entry for subject_id, entry in made}
    texts = [
        {"team_id": viewer.team_id, "activity_id": entries[line.subject_id], "texts": dict(line.texts)}
        for line in lines
        if line.texts
    ]
    if texts:
        session.execute(insert(ActivityDetail), texts)
