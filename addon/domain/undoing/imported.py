"""Taking imports back, which goes on in the worker; taking that back goes by slices too, as for any act on many."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from addon.domain.imports import queries, undo
from addon.domain.undoing import bulks
from addon.domain.undoing.scene import Handler, Scene, said
from addon.models import Activity, ImportState

BEGUN, UNDONE = "import.begun", "import.undone"
KINDS = frozenset({BEGUN, UNDONE})
"""Looked at as a whole: nobody waits for a look at 50,000 rows."""


def _look(scene: Scene, entry: Activity) -> None:
    found = undo.undoable(scene.session, entry.subject_id, limit=0)
    file = said(entry, "file")
    scene.takes_back("undoing.import", file=file, n=found.count)
    if found.kept_count:
        scene.preview.stays.append(("undoing.import_stays", {"n": found.kept_count}))
    if not found.count:
        scene.refuse("undoing.import_nothing", file=file)


def _take_back(session: Session, entry: Activity, at: datetime, _cause: Activity | None) -> Activity | None:
    return undo.begin(session, entry.subject_id, at=at)


def _look_at_undone(scene: Scene, entry: Activity) -> None:
    if queries.get(scene.session, entry.subject_id).state == ImportState.UNDOING:
        scene.refuse("undoing.bulk_under_way")
    bulks.look_at_large(scene, entry)


def _bring_back(session: Session, entry: Activity, at: datetime, _cause: Activity | None) -> Activity | None:
    return bulks.begin(session, entry, at)


HANDLERS: Mapping[str, Handler] = {BEGUN: Handler(_look, _take_back), UNDONE: Handler(_look_at_undone, _bring_back)}
