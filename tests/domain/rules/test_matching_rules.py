"""Which rule fires is a question about facts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from addon.domain.rules.matching import Candidate, Conditions, Situation, first_fitting, fits

RULE = Candidate(
    rule_id=1,
    version=1,
    from_stage_id=10,
    to_stage_id=20,
    conditions=Conditions(kinds=frozenset({"human"}), not_said=frozenset({"remove_me"}), answer=True),
    may_use=frozenset({"sentence"}),
)
ANSWER = Situation(
    kind="human", said=frozenset({"offer"}), answers=True, stage_id=10, evidence=frozenset({"sentence", "header"})
)


def test_a_persons_answer_fits() -> None:
    assert fits(RULE, ANSWER)


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "bounce"},
        {"kind": "out_of_office"},
        {"said": frozenset({"offer", "remove_me"})},
        {"answers": False},
        {"stage_id": 11},
        {"evidence": frozenset({"header"})},
        {"evidence": frozenset()},
        {"understood": False},
    ],
)
def test_in_doubt_it_does_not(changed: dict) -> None:
    assert not fits(RULE, replace(ANSWER, **changed))


def test_a_rule_may_ask_for_something_said() -> None:
    wants = replace(RULE, conditions=Conditions(said=frozenset({"offer", "price"})))

    assert fits(wants, ANSWER)
    assert not fits(wants, replace(ANSWER, said=frozenset({"later"})))
    assert fits(wants, replace(ANSWER, understood=False)), "what it listens for was found"


def test_the_first_in_the_teams_order_wins_and_none_moves_backwards() -> None:
    later = replace(RULE, rule_id=2, to_stage_id=30)

    assert first_fitting([RULE, later], ANSWER, forward=[20, 30]) == RULE
    assert first_fitting([RULE, later], ANSWER, forward=[30]) == later
    assert first_fitting([RULE, later], ANSWER, forward=[]) is None


def test_conditions_survive_being_stored() -> None:
    assert Conditions.read(RULE.conditions.stored()) == RULE.conditions
