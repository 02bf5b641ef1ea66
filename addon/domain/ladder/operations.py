"""Opening a deal and moving it.

A move leaves the old stage (its exit hooks), enters the new one (its entry hooks) and writes one entry, all in one
transaction. Two movers who saw the same deal have one winner: the second is refused and told who was first.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.activity import operations as activity
from addon.domain.activity.operations import ByRule
from addon.domain.contacts import queries as contacts
from addon.domain.deals import moving
from addon.domain.deals.draft import DealDraft
from addon.domain.deals.operations import NoTitle, check_value
from addon.domain.errors import DomainError
from addon.domain.ladder import hooks
from addon.domain.pipelines import queries as pipelines
from addon.domain.teams import queries as teams
from addon.models import Activity, ActorKind, Deal, Stage, StageKind


class StageOfAnotherPipeline(DomainError):
    code = "ladder.stage_of_another_pipeline"


class StageGone(DomainError):
    code = "ladder.stage_gone"


class LostRace(DomainError):
    """Somebody moved this deal after the mover looked. Params: who, at (datetime), stage (where it is now).

    `own` says that it was the mover's own act, in another window.
    """

    code = "ladder.lost_race"


def open_deal(
    session: Session,
    draft: DealDraft,
    *,
    at: datetime,
    pipeline_id: int | None = None,
    stage_id: int | None = None,
    cause: Activity | None = None,
) -> Deal:
    """Make a deal in the first stage of a pipeline (the team's first unless named), or in an open stage of it.

    Entry hooks run. Raises NoTitle, BelowNothing, NotFound, NoPipeline.
    """
    if not draft.title.strip():
        raise NoTitle
    check_value(draft.value)
    teams.get_user(session, draft.owner_id)
    if draft.contact_id is not None:
        contacts.get(session, draft.contact_id)
    if stage_id is not None:
        stage = _live_stage(session, stage_id)
    else:
        stage = pipelines.entry_stage(session, pipeline_id or pipelines.first(session).id)
    deal = moving.insert(session, draft, stage, at=at)
    created = activity.record(
        session, "deal.created", ("deal", deal.id), at=at, cause=cause, texts={"title": deal.title}
    )
    entry = _note(session, deal, None, stage, at=at, cause=cause or created)
    moving.put(session, deal, stage, number=entry.number, at=at)
    _run(session, hooks.ENTRY, hooks.Step(deal, stage, entry, at))
    return deal


def move(
    session: Session,
    deal_id: int,
    stage_id: int,
    *,
    seen: int | None,
    at: datetime,
    rule: ByRule | None = None,
    cause: Activity | None = None,
    undoes: Activity | None = None,
    quietly: bool = False,
    entered_at: datetime | None = None,
) -> Activity | None:
    """Move a deal to another stage of its pipeline; None where it is there already.

    `seen` is the deal's `last_move` that the mover looked at; None for a mover that holds the deal itself, such as a
    rule. `quietly` runs no hooks, and the diary says so. `entered_at`, for undoing only, is since when the deal
    stands there, where that is not now. Raises NotFound, LostRace, StageOfAnotherPipeline, StageGone.
    """
    deal = moving.lock(session, deal_id)
    target = _live_stage(session, stage_id)
    if target.pipeline_id != deal.pipeline_id:
        raise StageOfAnotherPipeline(deal=deal.title, stage=target.name)
    if seen is not None and seen != deal.last_move:
        raise _lost(session, deal, target)
    if target.id == deal.stage_id:
        return None

    left = pipelines.get_stage(session, deal.stage_id)
    entry = _note(session, deal, left, target, at=at, cause=cause, undoes=undoes, rule=rule, quietly=quietly)
    if not quietly:
        _run(session, hooks.EXIT, hooks.Step(deal, left, entry, at))
    moving.put(session, deal, target, number=entry.number, at=entered_at or at)
    if not quietly:
        _run(session, hooks.ENTRY, hooks.Step(deal, target, entry, at))
    return entry


def is_forward(deal: Deal, current: Stage, target: Stage) -> bool:
    """Whether a move goes on from an open stage: what automation keeps to unless told otherwise."""
    return current.kind == StageKind.OPEN and target.position > current.position and deal.closed_at is None


def _live_stage(session: Session, stage_id: int) -> Stage:
    stage = pipelines.get_stage(session, stage_id)
    if stage.archived_at is not None:
        raise StageGone(stage=stage.name)
    return stage


def _note(
    session: Session,
    deal: Deal,
    left: Stage | None,
    entered: Stage,
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
    rule: ByRule | None = None,
    quietly: bool = False,
) -> Activity:
    return activity.record(
        session,
        "deal.moved",
        ("deal", deal.id),
        at=at,
        before={"stage_id": left.id if left else None, "entered_at": deal.entered_stage_at.isoformat()},
        after={"stage_id": entered.id, "quietly": quietly},
        texts={"left": left.name if left else "", "entered": entered.name},
        cause=cause,
        undoes=undoes,
        rule=rule,
    )


def _run(session: Session, joined: list[hooks.Hook], step: hooks.Step) -> None:
    for hook in joined:
        hook(session, step)
    session.flush()


def _lost(session: Session, deal: Deal, wanted: Stage) -> LostRace:
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
