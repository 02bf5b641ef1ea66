"""Opening many deals at once, quietly: what an import makes. Few statements, however many deals.

They come out as if each had been opened by `operations.open_deal` with the same cause; a test compares them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from addon.domain.activity import many as activity
from addon.domain.activity.many import Line
from addon.domain.deals import many, moving
from addon.domain.deals.draft import DealDraft
from addon.domain.fields import stored
from addon.domain.ladder import noting
from addon.domain.ladder.operations import held_stage
from addon.domain.pipelines import queries as pipelines
from addon.models import Activity, Deal, Subject

MOVED = 2
"""Where a new deal's diary holds its first move: behind the entry of its making. It is the deal's `last_move`."""


@dataclass(frozen=True)
class Wanted:
    draft: DealDraft
    stage_id: int | None = None
    """Where it begins; the pipeline's first stage unless named."""


def open_many(
    session: Session, wanted: Sequence[Wanted], *, at: datetime, pipeline_id: int | None, cause: Activity
) -> Sequence[int]:
    """Make deals without hooks and without asking for fields; their ids, in the same order.

    Where one of them is refused none is made. Raises what `operations.open_deal` raises.
    """
    if not wanted:
        return []
    many.check_drafts(session, [each.draft for each in wanted])
    entry = next((each for each in wanted if each.stage_id is None), None)
    first = pipelines.entry_stage(session, pipeline_id or pipelines.first(session).id).id if entry else 0
    placed = [each.stage_id or first for each in wanted]
    stages = {stage_id: held_stage(session, stage_id) for stage_id in sorted(set(placed))}
    drafts = [each.draft for each in wanted]
    into = [stages[stage_id] for stage_id in placed]
    with session.begin_nested():  # a value that its field refuses leaves no deal behind
        ids = moving.insert_many(session, list(zip(drafts, into, strict=True)), number=MOVED, at=at)
        values = {each: draft.values for each, draft in zip(ids, drafts, strict=True) if draft.values}
        if values:
            stored.set_many(session, Subject.DEAL, values)
        born = [(each, {"title": draft.title[:300]}) for each, draft in zip(ids, drafts, strict=True)]
        activity.record_births(session, "deal.created", "deal", born, at=at, cause=cause)
        said = {
            each: noting.entry_of(Deal(entered_stage_at=at, lost_reason=""), None, stage, quietly=True)
            for each, stage in stages.items()
        }
        moves = [Line(subject_id=each, number=MOVED, **said[stage.id]) for each, stage in zip(ids, into, strict=True)]
        activity.record_lines(session, "deal.moved", "deal", moves, at=at, cause=cause)
    return ids
