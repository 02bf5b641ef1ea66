"""Real bounces, automatic replies and human answers, judged as their collectors judged them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from addon.domain.verdicts import Kind
from tests.domain.verdicts.corpus.scoring import Score, score, share, table

BESIDE = Path(__file__).resolve().parents[4].parent / "shared" / "corpora"


@pytest.fixture(scope="module")
def scored() -> Score:
    return score(Path(os.environ.get("DEALTHREAD_CORPUS") or BESIDE))


def test_bounces_and_delays_are_found(scored):
    assert scored.share_found() >= 0.97, table(scored)


def test_the_right_recipients_are_named(scored):
    assert share(scored.recipients) >= 0.93, table(scored)


def test_no_robot_is_taken_for_a_person(scored):
    robots = ("auto_reply", "auto_generated", "not_human", "complaint", "dsn_delivered")

    assert not [pair for pair in scored.kinds if pair[0] in robots and pair[1] == Kind.HUMAN], table(scored)
    assert scored.kinds["bounce", "human"] + scored.kinds["delay", "human"] <= 5, table(scored)


def test_people_are_heard(scored):
    taken = [pair for pair in scored.kinds.elements() if pair[0] in ("reply", "not_auto") and pair[1] != Kind.HUMAN]

    assert len(taken) <= 1, table(scored)


def test_the_new_text_is_cut_out_exactly(scored):
    assert share(scored.replies) >= 0.80, table(scored)
