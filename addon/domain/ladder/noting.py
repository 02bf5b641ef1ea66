"""The diary's entry of a move: complete enough to take the move back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.activity import operations as activity
from addon.domain.activity.operations import ByRule
from addon.domain.ladder.refusals import LostRace
from addon.domain.teams import queries as teams
from addon.models import Activity, ActorKind, Deal, Stage


@dataclass(frozen=True, kw_only=True)
class How:
    """What is said of a move besides where it goes."""

    at: datetime
    cause: Activity | None = None
    undoes: Activity | None = None
    rule: ByRule | None = None
    quietly: bool = False
    """No hooks, and nothing asked of the deal."""
    entered_at: datetime | None = None
    """For undoing: since when the deal stands there, where that is not now."""
    lost_reason: str | None = None
    asks_reason: bool = False


def note(session: Session, deal: Deal, left: Stage | None, entered: Stage, how: How, reason: str = "") -> Activity:
    """Write the move down; the deal still stands where it did."""
    said = entry_of(deal, left, entered, quietly=how.quietly, reason=reason)
    return activity.record(
        session,
        "deal.moved",
        ("deal", deal.id),
        at=how.at,
        cause=how.cause,
        undoes=how.undoes,
        rule=how.rule,
        before=said["before"],
        after=said["after"],
        texts=said["texts"],
    )


def entry_of(deal: Deal, left: Stage | None, entered: Stage, *, quietly: bool, reason: str = "") -> dict[str, Any]:
    """What the entry holds: before and after in ids, the names and reasons in its texts."""
    texts = {"left": left.name if left else "", "entered": entered.name}
    if reason:
        texts["lost_reason"] = reason
    if deal.lost_reason:
        texts["lost_reason_before"] = deal.lost_reason
    return {
        "before": {
            "stage_id": left.id if left else None,
            "pipeline_id": left.pipeline_id if left else None,
            "entered_at": deal.entered_stage_at.isoformat(),
        },
        "after": {"stage_id": entered.id, "pipeline_id": entered.pipeline_id, "quietly": quietly},
        "texts": texts,
    }


def reason_put_back(undoes: Activity | None) -> str:
    """Why the deal was lost, where a move out of Lost is taken back."""
    texts = undoes.detail.texts if undoes is not None and undoes.detail is not None else {}
    return str(texts.get("lost_reason_before", ""))


def lost_race(session: Session, deal: Deal, wanted: Stage) -> LostRace:
    """Who was first."""
    last = session.scalar(
        select(Activity).where(
            Activity.subject_kind == "deal", Activity.subject_id == deal.id, Activity.number == deal.last_move
        )
    )
    # A rule acts for the mailbox's owner, who is not the one that moved it.
    mover = last.actor_id if last and last.actor_kind == ActorKind.USER else None
    who = teams.get_user(session, mover).name if mover is not None else ""
    return LostRace(
        who=who,
        at=last.at if last else deal.entered_stage_at,
        stage=deal.stage.name,
        wanted=wanted.name,
        title=deal.title,
        own=mover is not None and mover == viewer_of(session).user_id,
    )
