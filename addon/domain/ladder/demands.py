"""What stages ask of a deal that moves: an allowed way, and where it goes on, fields that hold something.

A stage that names where it leads leads there and nowhere else in its pipeline: back, to Lost and out of Won and Lost
too. An undo goes anywhere, so a mistake can be put right.

Fields are asked for where a deal goes on: to Won, or to an open stage behind the one that is left. Going back and going
to Lost ask for none: a deal is lost whatever is known of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from addon.domain.deals import required
from addon.domain.errors import DomainError
from addon.domain.fields.keys import FieldSpec
from addon.domain.ladder.refusals import FieldsMissing, NotFromHere
from addon.domain.pipelines import queries as pipelines
from addon.models import Deal, Stage, StageKind


def goes_on(left: Stage, target: Stage) -> bool:
    if target.kind == StageKind.WON or left.pipeline_id != target.pipeline_id:
        return target.kind != StageKind.LOST
    return target.kind == StageKind.OPEN and left.kind == StageKind.OPEN and target.position > left.position


def refusal(session: Session, deal: Deal, left: Stage, target: Stage) -> DomainError | None:
    """Why the deal may not go from one stage to the other."""
    if left.pipeline_id != target.pipeline_id:
        return entering(session, deal, target) if goes_on(left, target) else None
    if not leads_to(session, left, target):
        names = [
            stage.name for stage in pipelines.stages(session, left.pipeline_id) if stage.id in (left.now.leads_to or ())
        ]
        return NotFromHere(title=deal.title, stage=left.name, wanted=target.name, leads_to=names)
    if not goes_on(left, target):
        return None
    if empty := required.missing(session, deal, left.now.required_to_leave):
        return _missing(deal, left, empty, leaving=True)
    return entering(session, deal, target)


def entering(session: Session, deal: Deal, target: Stage) -> DomainError | None:
    """Why the deal may not come in."""
    empty = required.missing(session, deal, target.now.required_to_enter, pipeline_id=target.pipeline_id)
    return _missing(deal, target, empty, leaving=False) if empty else None


def leads_to(session: Session, left: Stage, target: Stage) -> bool:
    """Whether a deal may go that way; where no stage that was named is in use any more, any way will do."""
    allowed = left.now.leads_to
    if allowed is None or target.id in allowed:
        return True
    return not any(stage.id in allowed for stage in pipelines.stages(session, left.pipeline_id))


def _missing(deal: Deal, stage: Stage, empty: Sequence[FieldSpec], *, leaving: bool) -> FieldsMissing:
    named = [{"key": spec.key, "name": spec.name} for spec in empty]
    return FieldsMissing(title=deal.title, stage=stage.name, leaving=leaving, fields=named)
