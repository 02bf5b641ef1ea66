"""Real bounces, automatic replies and human answers, judged as their collectors judged them."""

from __future__ import annotations

import pytest

from addon.domain.verdicts import Kind
from bench import scoring
from bench.rewriting import rewritten
from bench.scoring import Score, share


@pytest.fixture(scope="module")
def mails():
    place = scoring.folder()
    assert place is not None
    return list(scoring.labelled(place))


@pytest.fixture(scope="module")
def scored(mails) -> Score:
    return scoring.score(mails)


def wrong(scored: Score, *about: str) -> str:
    return "\n".join(
        f"{one.file}: {one.expected}, not {one.told} ({one.why})" for one in scored.mistakes if one.about in about
    )


def test_every_mail_is_judged(scored, mails):
    assert scored.judged == len(mails)
    assert not scored.count("exception"), wrong(scored, "exception")


def test_bounces_and_delays_are_found(scored):
    assert share(scored.found) >= 0.97, wrong(scored, "not found")


def test_the_right_recipients_are_named(scored):
    assert share(scored.recipients) >= 0.97, wrong(scored, "recipients")


def test_dead_addresses_are_told_from_those_that_live(scored):
    assert share(scored.severities) >= 0.85, wrong(scored, "severity")


def test_nothing_else_is_taken_for_a_bounce(scored):
    assert scored.count("false alarm") <= 1, wrong(scored, "false alarm")


def test_those_who_answer_by_themselves_are_known(scored):
    assert not scored.count("auto-reply missed"), wrong(scored, "auto-reply missed")


def test_no_robot_is_taken_for_a_person(scored):
    robots = ("auto_reply", "auto_generated", "not_human", "complaint", "dsn_delivered")

    assert not [pair for pair in scored.kinds if pair[0] in robots and pair[1] == Kind.HUMAN]


def test_people_are_heard(scored):
    assert scored.count("human taken for a robot") <= 1, wrong(scored, "human taken for a robot")


def test_the_new_text_is_cut_out_and_never_emptied(scored):
    assert share(scored.replies) >= 0.78, wrong(scored, "reply text")
    assert scored.overlap >= 0.90
    assert not scored.count("reply emptied"), wrong(scored, "reply emptied")


def test_a_copy_with_other_boundaries_ids_and_dates_is_judged_alike(scored, mails):
    copy = scoring.score((row, rewritten(raw)) for row, raw in mails)

    for theirs, ours in zip(shares(copy), shares(scored), strict=True):
        assert theirs == pytest.approx(ours, abs=0.005)
    assert copy.count("false alarm") == scored.count("false alarm"), wrong(copy, "false alarm")
    assert copy.count("exception") == 0


def shares(scored: Score) -> list[float]:
    counters = (scored.found, scored.recipients, scored.severities, scored.replies)
    return [*map(share, counters), scored.overlap]
