"""The diary of a slice: one entry for each thing that was changed, in a handful of statements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.fields.noting import Noted
from addon.models import Activity, ActivityDetail, ActorKind, Subject


def record_edits(
    session: Session, subject: Subject, edits: Mapping[int, Noted], *, at: datetime, cause: Activity
) -> dict[int, int]:
    """Note `<subject>.edited` of each of these ids, at most some hundreds; returns the entries' numbers."""
    if not edits:
        return {}
    viewer, ids = viewer_of(session), sorted(edits)
    last = _last_numbers(session, subject, ids)
    numbers = {each: last.get(each, 0) + 1 for each in ids}
    shared = {
        "team_id": viewer.team_id,
        "subject_kind": subject,
        "at": at,
        "actor_kind": ActorKind(viewer.kind),
        "actor_id": viewer.user_id,
        "mailbox_id": viewer.mailbox_id,
        "kind": f"{subject}.edited",
        "cause_id": cause.cause_id or cause.id,
    }
    entries = session.scalars(
        insert(Activity).returning(Activity.id, sort_by_parameter_order=True),
        [
            {
                **shared,
                "subject_id": each,
                "number": numbers[each],
                "before": edits[each].before,
                "after": edits[each].after,
            }
            for each in ids
        ],
    ).all()
    texts = [
        {"team_id": viewer.team_id, "activity_id": entry, "texts": edits[each].texts}
        for entry, each in zip(entries, ids, strict=True)
        if edits[each].texts
    ]
    if texts:
        session.execute(insert(ActivityDetail), texts)
    return numbers


def _last_numbers(session: Session, subject: Subject, ids: list[int]) -> dict[int, int]:
    """One writer a subject at a time, as `activity.record` has it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(*(func.pg_advisory_xact_lock(func.hashtext(str(subject)), each) for each in ids)))
    rows = session.execute(
        select(Activity.subject_id, func.max(Activity.number))
        .where(Activity.subject_kind == subject, Activity.subject_id.in_(ids))
        .group_by(Activity.subject_id)
    )
    return {each: number for each, number in rows}
