"""Pipelines that a team can start from: the stages of common ways to sell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from addon.models import StageKind


@dataclass(frozen=True)
class StageTemplate:
    key: str
    """The stage's name is the text `stages.<key>`, said by the entrance that asks for the pipeline."""
    probability: int = 0
    age_limit_days: int | None = None
    kind: StageKind = StageKind.OPEN


def _won_and_lost() -> Sequence[StageTemplate]:
    return (StageTemplate("won", 100, kind=StageKind.WON), StageTemplate("lost", 0, kind=StageKind.LOST))


FRESH: Sequence[StageTemplate] = (
    StageTemplate("new", 10, 14),
    StageTemplate("presentation", 40, 21),
    StageTemplate("negotiation", 70, 14),
    *_won_and_lost(),
)
"""What a fresh team has."""

OUTBOUND: Sequence[StageTemplate] = (
    StageTemplate("prospecting", 10, 14),
    StageTemplate("lead_qualification", 20, 14),
    StageTemplate("meeting", 40, 21),
    StageTemplate("proposal", 60, 10),
    StageTemplate("negotiation", 80, 14),
    *_won_and_lost(),
)

AFTER_SALES: Sequence[StageTemplate] = (
    StageTemplate("onboarding", 60, 30),
    StageTemplate("adoption", 70, 60),
    StageTemplate("renewal", 80, 30),
    *_won_and_lost(),
)
