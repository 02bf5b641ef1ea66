"""Two presses at the same moment: one deal, one move, one link."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from addon.models import Deal, ThreadLink
from tests.domain.team_at_work import BEN
from tests.sidebar.beside_gmail import NOON, Answer, BesideGmail


def at_once(*presses: Callable[[], Answer]) -> list[Answer]:
    gate = threading.Barrier(len(presses))

    def run(press: Callable[[], Answer]) -> Answer:
        gate.wait(10)
        return press()

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(run, presses))


def test_a_deal_created_by_a_double_click_is_one_deal(desk: BesideGmail):
    delivered = desk.deliver()
    card = desk.open(delivered)

    answers = at_once(*[lambda: desk.press(card, "Add and create deal", delivered, name="Jane", title="Ramp")] * 2)

    notices = sorted(answer.notice for answer in answers)
    assert notices == ["Created Ramp and linked this thread.", "This thread belongs to Ramp already."]
    with desk.team.looking() as session:
        assert session.scalar(select(func.count(Deal.id))) == 1
        assert session.scalar(select(func.count(ThreadLink.id))) == 1


def test_whoever_moved_it_first_in_another_window_is_told_that_it_was_they(desk: BesideGmail):
    deal_id, delivered = desk.team.deal(), desk.deliver()
    card = desk.press(desk.open(delivered), "Link this thread", delivered)
    desk.team.move(deal_id, "Offer", at=NOON)

    late = desk.press(card, "Move to Talking", delivered)

    assert late.notice == "You moved this deal just now, in another window. Your move to Talking was not made."


def test_two_reps_who_move_a_deal_at_once_have_one_winner(desk: BesideGmail):
    deal_id, delivered = desk.team.deal(), desk.deliver()
    card = desk.press(desk.open(delivered), "Link this thread", delivered)
    stage = str(card.input("stage_")["name"])

    anna, ben = at_once(
        lambda: desk.press(card, "Move to Talking", delivered),
        lambda: desk.press(card, "Move", by=BEN, **{stage: desk.team.stages["Offer"]}),
    )

    assert sorted(["was not made" in anna.notice, "was not made" in ben.notice]) == [False, True]
    assert desk.team.kinds(deal_id).count("deal.moved") == 2, "the deal's birth and one move"
