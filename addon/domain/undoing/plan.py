"""What taking an act back would do, and why it cannot. Reads only: an entrance may ask before anybody decides."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.activity import queries as activity
from addon.domain.errors import NotYet
from addon.domain.undoing import bulks, imported
from addon.domain.undoing.registry import HANDLERS
from addon.domain.undoing.scene import NOTES, Line, Preview, Scene, is_echo, who
from addon.models import Activity

__all__ = ["NOTES", "Line", "Preview", "can_be_offered", "of"]

_STAYS = {"suppression.added": "undoing.stays.suppression", "address.bounced": "undoing.stays.bounce"}


def can_be_offered(entry: Activity) -> bool:
    """Whether this kind of entry can be taken back at all; cheap, for a diary's buttons."""
    handler = HANDLERS.get(entry.kind)
    return handler is not None and handler.offered(entry)


def of(session: Session, activity_id: int) -> Preview:
    """What taking back this entry means: with what it caused where it began a chain, and an undo with all it did.

    Raises NotFound.
    """
    asked = _meant(session, activity.get(session, activity_id))
    preview = Preview()
    if not can_be_offered(asked):
        preview.refused.append((NotYet.code, {"kind": asked.kind}))
    elif (undo := activity.undone_by(session, asked)) is not None:
        preview.refused.append(("undoing.already", {"at": undo.at, "who": who(session, undo)}))
    elif asked.kind in imported.KINDS:
        preview.entries.append(asked)
        HANDLERS[asked.kind].look(Scene(session, preview, {asked.id}), asked)
    elif asked.kind in bulks.KINDS and bulks.is_large(session, asked):
        preview.entries.append(asked)
        bulks.look_at_large(Scene(session, preview, {asked.id}), asked)
    else:
        _look_at_each(session, asked, preview)
    return preview


def _look_at_each(session: Session, asked: Activity, preview: Preview) -> None:
    """All that began with it, in the order in which it is taken back."""
    for entry in _chain(session, asked):
        if can_be_offered(entry):
            preview.entries.append(entry)
        elif entry.kind not in NOTES and not is_echo(entry):
            preview.stays.append((_STAYS.get(entry.kind, "undoing.stays.other"), {"at": entry.at}))
    preview.entries.sort(key=lambda entry: not HANDLERS[entry.kind].brings_back)
    scene = Scene(session, preview, {entry.id for entry in preview.entries})
    for entry in preview.entries:
        _look(scene, entry, lenient=asked.kind in bulks.KINDS and entry is not asked)
    preview.entries = [entry for entry in preview.entries if entry.id in scene.together]


def _look(scene: Scene, entry: Activity, *, lenient: bool) -> None:
    """Of an act on many things, what somebody changed since stays and is told; the others go on."""
    preview = scene.preview
    told, refused = len(preview.takes_back), len(preview.refused)
    HANDLERS[entry.kind].look(scene, entry)
    if lenient and len(preview.refused) > refused:
        scene.together.discard(entry.id)
        preview.stays += preview.refused[refused:]
        del preview.takes_back[told:], preview.refused[refused:]


def _meant(session: Session, entry: Activity) -> Activity:
    """An echo stands for the act that it belongs to."""
    by = entry.after.get("by") if entry.kind == "thread.unlinked" else None
    return activity.get(session, by) if by is not None else entry


def _chain(session: Session, asked: Activity) -> Sequence[Activity]:
    """What goes together, newest first, without what was taken back before."""
    whole = asked.cause_id is None or asked.undoes_id is not None
    if not whole:
        return [asked]
    entries = activity.caused_by(session, asked)
    ids = [entry.id for entry in entries]
    undone: set[int | None] = set()
    for start in range(0, len(ids), 500):
        query = select(Activity.undoes_id).where(Activity.undoes_id.in_(ids[start : start + 500]))
        undone.update(session.scalars(query))
    return [entry for entry in reversed(entries) if entry.id not in undone]
