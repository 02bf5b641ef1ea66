"""Which rule fires is a question about facts. Pure: no session, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What a mail must be. An empty set asks for nothing."""

    kinds: frozenset[str] = frozenset()
    """It is one of these."""
    said: frozenset[str] = frozenset()
    """It says at least one of these."""
    not_said: frozenset[str] = frozenset()
    """It says none of these."""
    answer: bool = False
    """Somebody of the customer's side answers: a mail of ours, or another mail of the conversation."""

    @staticmethod
    def read(stored: Mapping[str, Any]) -> Conditions:
        return Conditions(
            kinds=frozenset(stored.get("kinds", ())),
            said=frozenset(stored.get("said", ())),
            not_said=frozenset(stored.get("not_said", ())),
            answer=bool(stored.get("answer", False)),
        )

    def stored(self) -> dict[str, Any]:
        return {
            "kinds": sorted(self.kinds),
            "said": sorted(self.said),
            "not_said": sorted(self.not_said),
            "answer": self.answer,
        }


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A mail as it was judged, and the stage in which its deal stands."""

    kind: str
    said: frozenset[str]
    answers: bool
    stage_id: int
    evidence: frozenset[str]
    """Kinds of evidence that the mail offers."""
    understood: bool = True
    """Whether what it does not say can be told."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A rule's version in force."""

    rule_id: int
    version: int
    from_stage_id: int | None
    to_stage_id: int
    conditions: Conditions
    may_use: frozenset[str]
    """Kinds of evidence that it may go by."""


def fits(rule: Candidate, situation: Situation) -> bool:
    """Whether a rule wants to act. Without evidence of a kind that it may use, no rule does (law 7)."""
    wanted = rule.conditions
    return (
        rule.from_stage_id in (None, situation.stage_id)
        and (not wanted.kinds or situation.kind in wanted.kinds)
        and (not wanted.said or bool(wanted.said & situation.said))
        and not wanted.not_said & situation.said
        and (situation.understood or _needs_no_understanding(wanted))
        and (situation.answers or not wanted.answer)
        and bool(rule.may_use & situation.evidence)
    )


def _needs_no_understanding(wanted: Conditions) -> bool:
    """What was found said was said; that nothing else was can only be told of words that are understood."""
    return bool(wanted.said) and not wanted.not_said


def first_fitting(rules: Iterable[Candidate], situation: Situation, forward: Iterable[int]) -> Candidate | None:
    """The rules are in the team's order; the first that fits wins. `forward`: stages a rule may move the deal to."""
    reachable = frozenset(forward)
    return next((rule for rule in rules if rule.to_stage_id in reachable and fits(rule, situation)), None)
