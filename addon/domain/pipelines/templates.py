"""Pipelines that a team can start from: the stages of common ways to sell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from addon.domain.pipelines.operations import StageDraft
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

LADDER: Sequence[StageTemplate] = (
    StageTemplate("new_opportunity", 10, 7),
    StageTemplate("contacting", 30, 14),
    StageTemplate("working", 60, 30),
    *_won_and_lost(),
)

MARKETING: Sequence[StageTemplate] = (
    StageTemplate("lead_generation", 5, 30),
    StageTemplate("nurture", 10, 90),
    StageTemplate("marketing_qualified", 25, 30),
    StageTemplate("sales_qualified", 50, 21),
    StageTemplate("closing", 80, 14),
    StageTemplate("after_sales", 95, 30),
    *_won_and_lost(),
)
"""From marketing to sales."""

AFTER_SALES: Sequence[StageTemplate] = (
    StageTemplate("onboarding", 60, 30),
    StageTemplate("adoption", 70, 60),
    StageTemplate("renewal", 80, 30),
    StageTemplate("referral", 90, 30),
    *_won_and_lost(),
)

PROPOSAL: Sequence[StageTemplate] = (
    StageTemplate("qualification", 10, 14),
    StageTemplate("contact", 25, 14),
    StageTemplate("demo", 45, 21),
    StageTemplate("proposal", 65, 14),
    StageTemplate("close", 85, 14),
    *_won_and_lost(),
)

READY: Mapping[str, Sequence[StageTemplate]] = {
    "fresh": FRESH,
    "outbound": OUTBOUND,
    "ladder": LADDER,
    "marketing": MARKETING,
    "after_sales": AFTER_SALES,
    "proposal": PROPOSAL,
}
"""All, in the order in which they are offered; each is called `pipelines.template.<key>`."""


def drafts(key: str, say: Callable[[str], str]) -> Sequence[StageDraft]:
    """The stages of a template, named by `say`, which gives the text of a key. Raises KeyError."""
    return [
        StageDraft(say(f"stages.{stage.key}"), stage.probability, stage.age_limit_days, stage.kind)
        for stage in READY[key]
    ]
