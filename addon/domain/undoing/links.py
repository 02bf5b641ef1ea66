"""Taking links between threads and deals back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from addon.domain.threads import operations as threads
from addon.domain.threads import queries
from addon.domain.undoing.moves import CannotUndo
from addon.domain.undoing.scene import Handler, Scene, is_echo
from addon.models import Activity, Deal, LinkedHow, Thread


def _look(scene: Scene, entry: Activity) -> None:
    session = scene.session
    live = queries.live_link(session, entry.after["thread_id"])
    title = session.get_one(Deal, entry.subject_id).title
    if entry.kind == "thread.linked":
        scene.takes_back("undoing.link", title=title)
        unchanged = live is not None and live.id == entry.after["link_id"]
    else:
        scene.takes_back("undoing.unlink", title=title)
        unchanged = live is None
    later = any(_thread_of(other) == _thread_of(entry) and other.id > entry.id for other in scene.preview.entries)
    if not unchanged and not later:
        scene.refuse("undoing.linked_since", title=live.deal.title if live is not None else "", linked=live is not None)
    if (deal_id := entry.before.get("deal_id")) is not None:
        deal = session.get_one(Deal, deal_id)
        if not scene.now(("deal", deal_id), lambda: deal.deleted_at is None):
            scene.refuse("undoing.deal_deleted", title=deal.title)


def _take_back(session: Session, entry: Activity, at: datetime, cause: Activity | None) -> Activity | None:
    thread = session.get_one(Thread, entry.after["thread_id"])
    before = entry.before
    if before.get("deal_id") is None:
        return threads.unlink(session, thread, at=at, cause=cause, undoes=entry)
    how = LinkedHow(before["how"])
    linked = threads.link(
        session, thread, before["deal_id"], how=how, at=at, cause=cause, undoes=entry, sharing=before.get("sharing")
    )
    if linked is None:
        raise CannotUndo(reasons=[("undoing.linked_since", {"title": "", "linked": True})])
    return linked


def _thread_of(entry: Activity) -> int | None:
    thread_id = entry.after.get("thread_id")
    return int(thread_id) if thread_id is not None else None


HANDLERS = {
    "thread.linked": Handler(_look, _take_back),
    "thread.unlinked": Handler(_look, _take_back, offered=lambda entry: not is_echo(entry)),
}
