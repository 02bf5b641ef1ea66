"""Writing the diary: each change is one entry, in the transaction that makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon.domain.access import WHOLE_TEAM, ViewerKind, viewer_of
from addon.models import Activity, ActivityDetail, ActorKind, Evidence

_ACTORS = {
    ViewerKind.USER: ActorKind.USER,
    ViewerKind.MACHINE: ActorKind.MACHINE,
    ViewerKind.OPERATOR: ActorKind.OPERATOR,
    ViewerKind.GUEST: ActorKind.GUEST,
}


@dataclass(frozen=True)
class ByRule:
    """The rule that acts instead of a person, with what proves it right."""

    rule_id: int
    version: int
    evidence: Evidence


def record(
    session: Session,
    kind: str,
    subject: tuple[str, int],
    *,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    texts: Mapping[str, Any] | None = None,
    cause: Activity | None = None,
    undoes: Activity | None = None,
    rule: ByRule | None = None,
) -> Activity:
    """Write one entry and return it, flushed, with its number within the subject.

    `before` and `after` hold ids and codes; names, quotes and other words go into `texts`, which privacy may erase.
    `cause` is the act that started this one; the root of a chain is taken, so that one click shares one cause.
    """
    viewer = viewer_of(session)
    subject_kind, subject_id = subject
    entry = Activity(
        team_id=viewer.team_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        number=_next_number(session, subject_kind, subject_id),
        at=at,
        actor_kind=ActorKind.RULE if rule else _ACTORS[viewer.kind],
        actor_id=viewer.user_id,
        mailbox_id=viewer.mailbox_id,
        kind=kind,
        before=dict(before or {}),
        after=dict(after or {}),
        cause_id=(cause.cause_id or cause.id) if cause else None,
        undoes_id=undoes.id if undoes else None,
        rule_id=rule.rule_id if rule else None,
        rule_version=rule.version if rule else None,
        evidence_id=rule.evidence.id if rule else None,
        evidence_kind=rule.evidence.kind if rule else None,
    )
    session.add(entry)
    session.flush()
    if texts:
        session.add(ActivityDetail(team_id=viewer.team_id, activity_id=entry.id, texts=dict(texts)))
        session.flush()
    return entry


def erase_detail(session: Session, entry: Activity, *, at: datetime) -> None:
    """Erase the words of an entry for privacy. The entry stays and says that its words are gone."""
    detail = session.scalar(select(ActivityDetail).where(ActivityDetail.activity_id == entry.id))
    if detail is not None and detail.erased_at is None:
        detail.texts, detail.erased_at = {}, at
        session.flush()


def _next_number(session: Session, subject_kind: str, subject_id: int) -> int:
    """One writer a subject at a time: on SQLite whoever writes is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(subject_kind), subject_id)))
    last = session.scalar(
        select(func.max(Activity.number))
        .where(Activity.subject_kind == subject_kind, Activity.subject_id == subject_id)
        .execution_options(**WHOLE_TEAM)  # who gives a deal away writes that down, and no longer sees its diary
    )
    return (last or 0) + 1
