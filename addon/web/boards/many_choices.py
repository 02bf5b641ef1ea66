"""What the bar of ticked cards offers: stages to move to and people to give to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from addon.domain.pipelines import queries as pipelines
from addon.domain.teams import queries as teams
from addon.models import Stage, StageKind, Subject
from addon.web.views.asked import Asked


@dataclass(frozen=True)
class StageChoice:
    id: int
    name: str
    asks_reason: bool


@dataclass(frozen=True)
class StageGroup:
    """The stages of one pipeline; its name where there are several."""

    name: str
    stages: Sequence[StageChoice]


@dataclass(frozen=True)
class ManyChoices:
    """What the bar of ticked cards offers."""

    moves: bool
    """Whether they can be moved; the stages are asked for when somebody ticks the first one."""
    people: Sequence[tuple[int, str]]


def choices(session: Session, at: Asked) -> ManyChoices:
    return ManyChoices(
        at.ask.subject == Subject.DEAL,
        [(user.id, user.name or user.email) for user in teams.people(session)],
    )


def stages(session: Session, at: Asked) -> list[StageGroup]:
    """Those of the page's pipeline; of all that the viewer sees where the page shows several."""
    if at.ask.subject != Subject.DEAL:
        return []
    if at.ask.pipeline_id is not None:
        return [StageGroup("", _choices(pipelines.stages(session, at.ask.pipeline_id)))]
    return [StageGroup(line.name, _choices(pipelines.stages(session, line.id))) for line in pipelines.live(session)]


def _choices(found: Sequence[Stage]) -> list[StageChoice]:
    return [StageChoice(one.id, one.name, one.kind == StageKind.LOST) for one in found]
