"""Taking back that a won deal went on as its twin: the twin itself goes with what opened it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from addon.domain.activity import operations as activity
from addon.domain.undoing.scene import Handler, Scene
from addon.models import Activity, Deal

_OPPOSITE = {"deal.twin_opened": "deal.twin_closed", "deal.twin_closed": "deal.twin_opened"}


def _look(scene: Scene, entry: Activity) -> None:
    deal = scene.session.get_one(Deal, entry.subject_id)
    scene.takes_back(f"undoing.{entry.kind.removeprefix('deal.')}", title=deal.title)


def _take_back(session: Session, entry: Activity, at: datetime, cause: Activity | None) -> Activity | None:
    about = (entry.subject_kind, entry.subject_id)
    texts = entry.detail.texts if entry.detail else {}
    kind = _OPPOSITE[entry.kind]
    return activity.record(session, kind, about, at=at, after=entry.after, texts=texts, cause=cause, undoes=entry)


HANDLERS = {kind: Handler(_look, _take_back) for kind in _OPPOSITE}
