"""The diary of a slice: one entry for each thing that was changed, in a handful of statements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from addon.domain.access import WHOLE_TEAM, viewer_of
from addon.domain.fields.noting import Noted
from addon.models import Activity, ActivityDetail, ActorKind, Subject


def record(
    session: Session,
    subject: Subject,
    what: str,
    noted: Mapping[int, Noted],
    *,
    at: datetime,
    cause: Activity,
    undoes: Mapping[int, int] | None = None,
) -> dict[int, int]:
    """Note `<subject>.<what>` of each of these ids, at most some hundreds; returns the entries' numbers.

    `undoes`: by subject, the entry that each takes back.
    """
    if not noted:
        return {}
    viewer, ids = viewer_of(session), sorted(noted)
    last = _last_numbers(session, subject, ids)
    numbers = {each: last.get(each, 0) + 1 for each in ids}
    shared = {
        "team_id": viewer.team_id,
        "subject_kind": subject,
        "at": at,
        "actor_kind": ActorKind(viewer.kind),
        "actor_id": viewer.user_id,
        "mailbox_id": viewer.mailbox_id,
        "kind": f"{subject}.{what}",
        "cause_id": cause.cause_id or cause.id,
    }
    # By subject, not by order: rows that must come back in order are inserted one by one on SQLite.
    made = session.execute(
        insert(Activity).returning(Activity.subject_id, Activity.id),
        [
            {
                **shared,
                "subject_id": each,
                "number": numbers[each],
                "before": noted[each].before,
                "after": noted[each].after,
                "undoes_id": (undoes or {}).get(each),
            }
            for each in ids
        ],
    )
    texts = [
        {"team_id": viewer.team_id, "activity_id": entry, "texts": noted[each].texts}
        for each, entry in made
        if noted[each].texts
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
        .execution_options(**WHOLE_TEAM)  # a number is taken, whoever sees the entry
    )
    return {each: number for each, number in rows}
