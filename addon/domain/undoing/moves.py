"""Taking moves back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from addon.domain.errors import DomainError
from addon.domain.ladder import operations as ladder
from addon.domain.pipelines import queries as pipelines
from addon.domain.rules import operations as rules
from addon.domain.undoing.scene import Handler, Scene, who
from addon.models import Activity, Deal

_MOVES = frozenset({"deal.moved"})
_DELETED = frozenset({"deal.deleted", "deal.restored"})
"""Since the move. A deal that was deleted before went along when its stage was taken away, and goes back with it."""


class CannotUndo(DomainError):
    """Something that it would restore has changed since, or it was taken back before. Nothing was changed.

    Params: reasons, a list of (code, params).
    """

    code = "undoing.refused"


def _look(scene: Scene, entry: Activity) -> None:
    session = scene.session
    deal = session.get_one(Deal, entry.subject_id)
    back = pipelines.get_stage(session, entry.before["stage_id"])
    scene.takes_back("undoing.move", **{"title": deal.title, "stage": back.name, "from": _stage_name(session, entry)})
    if not scene.now(("deal", deal.id), lambda: deal.deleted_at is None) and scene.later(entry, _DELETED):
        scene.refuse("undoing.deal_deleted", title=deal.title)
    elif not scene.now(("stage", back.id), lambda: back.archived_at is None):
        scene.refuse("undoing.stage_gone", stage=back.name)
    else:
        for later in scene.later(entry, _MOVES):
            params = {"who": who(session, later), "at": later.at, "stage": _stage_name(session, later)}
            scene.refuse("undoing.moved_since", title=deal.title, **params)


def _take_back(session: Session, entry: Activity, at: datetime, cause: Activity | None) -> Activity | None:
    # The stage's clock runs on as if the deal had never left: else an undo would clear a warning that it is late.
    since = entry.before.get("entered_at")
    move = ladder.move(
        session,
        entry.subject_id,
        entry.before["stage_id"],
        seen=None,
        at=at,
        cause=cause,
        undoes=entry,
        quietly=True,
        entered_at=datetime.fromisoformat(since) if since else None,
    )
    if move is None:
        raise CannotUndo(reasons=[("undoing.moved_since", {"title": "", "who": "", "at": at, "stage": ""})])
    rules.bar(session, entry, at=at)
    return move


def _stage_name(session: Session, move: Activity) -> str:
    return pipelines.get_stage(session, move.after["stage_id"]).name


HANDLERS = {
    "deal.moved": Handler(_look, _take_back, offered=lambda entry: entry.before.get("stage_id") is not None),
}
