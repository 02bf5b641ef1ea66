"""Law 3: of two who saw the same deal one moves it; the other is told who and when. Mail and links refuse nobody."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from addon.domain.deals import operations as deals
from addon.domain.inbox import operations as inbox
from addon.domain.inbox import queries as inbox_queries
from addon.domain.inbox.arrival import arrived
from addon.domain.ladder import operations as ladder
from addon.domain.ladder.operations import LostRace
from addon.domain.ports.mailbox import RawMail
from addon.domain.threads import operations as threads
from addon.domain.undoing import operations as undoing
from addon.models import Deal, LinkedHow, Mailbox
from tests.domain.team_at_work import ANNA, BEN, MONDAY, TeamAtWork, mail

LATER = MONDAY + timedelta(hours=1)
PATIENCE = 120
"""Seconds after which somebody waits for ever."""


class Together:
    """People who act at the same time, each in a thread; what went wrong for whom."""

    def __init__(self) -> None:
        self.troubles: list[BaseException] = []
        self._threads: list[threading.Thread] = []

    def start(self, act: Callable[[], object]) -> None:
        def run() -> None:
            try:
                act()
            except BaseException as trouble:
                self.troubles.append(trouble)

        self._threads.append(threading.Thread(target=run))
        self._threads[-1].start()

    def wait(self) -> None:
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive(), "waits for ever"


@contextmanager
def together() -> Iterator[Together]:
    made = Together()
    yield made
    made.wait()


def seen(team: TeamAtWork, deal_id: int) -> int:
    with team.looking() as session:
        return session.get_one(Deal, deal_id).last_move


def move(team: TeamAtWork, deal_id: int, stage: str, *, saw: int, by: str = ANNA) -> None:
    with team.acting(by) as session:
        ladder.move(session, deal_id, team.stages[stage], seen=saw, at=LATER)


def receive(team: TeamAtWork, number: int, *, mailbox: str = ANNA) -> None:
    """An answer of Jane's arrives; the mailbox's rows are opened and closed as a worker does."""
    raw = mail(message_id=f"<{number}.{mailbox}>", answers="<asked@halyard.example>", at=LATER)
    labels = frozenset({"INBOX"})
    whole = RawMail(f"{number:x}", f"{mailbox[0]}{number}", labels, raw, int(LATER.timestamp() * 1000))
    with team.looking() as session:
        own = inbox_queries.own_addresses(session)
    with team.database.writing(team.machine(mailbox)) as session:
        inbox.receive(session, session.get_one(Mailbox, team.mailboxes[mailbox]), arrived(whole, own=own), at=LATER)


def test_the_second_is_refused_and_told_who_was_first_and_when(team: TeamAtWork) -> None:
    deal_id = team.deal()
    both_saw = seen(team, deal_id)
    move(team, deal_id, "Talking", saw=both_saw, by=BEN)

    with pytest.raises(LostRace) as refused:
        move(team, deal_id, "Offer", saw=both_saw)

    told = refused.value.params
    assert (told["who"], told["at"], told["stage"], told["wanted"]) == ("Ben", LATER, "Talking", "Offer")
    assert team.stage(deal_id) == "Talking"


def test_even_where_both_want_the_same_stage(team: TeamAtWork) -> None:
    deal_id = team.deal()
    both_saw = seen(team, deal_id)
    move(team, deal_id, "Talking", saw=both_saw, by=BEN)

    with pytest.raises(LostRace):
        move(team, deal_id, "Talking", saw=both_saw)


def test_a_deal_that_went_away_and_came_back_was_moved_all_the_same(team: TeamAtWork) -> None:
    deal_id = team.deal()
    saw = seen(team, deal_id)
    team.move(deal_id, "Talking")
    team.move(deal_id, "New")

    with pytest.raises(LostRace):
        move(team, deal_id, "Offer", saw=saw)


def test_who_moves_while_another_move_is_being_made_waits_and_is_refused(team: TeamAtWork) -> None:
    deal_id = team.deal()
    both_saw = seen(team, deal_id)
    about_to = threading.Event()

    def second() -> None:
        about_to.set()
        move(team, deal_id, "Offer", saw=both_saw)

    with together() as people, team.acting(BEN) as session:
        ladder.move(session, deal_id, team.stages["Talking"], seen=both_saw, at=LATER)
        people.start(second)
        assert about_to.wait(PATIENCE)

    [refused] = people.troubles
    assert isinstance(refused, LostRace)
    assert (refused.params["who"], refused.params["stage"]) == ("Ben", "Talking")
    assert team.stage(deal_id) == "Talking"


def test_of_six_at_once_one_wins(team: TeamAtWork) -> None:
    deal_id = team.deal()
    all_saw = seen(team, deal_id)
    gate = threading.Barrier(6)

    def act(stage: str, by: str) -> None:
        gate.wait(PATIENCE)
        move(team, deal_id, stage, saw=all_saw, by=by)

    with together() as people:
        for stage in ("Talking", "Offer", "Won"):
            for by in (ANNA, BEN):
                people.start(lambda stage=stage, by=by: act(stage, by))

    assert [type(trouble) for trouble in people.troubles] == [LostRace] * 5
    assert team.kinds(deal_id).count("deal.moved") == 2, "its first stage, and the winner's"


@pytest.mark.parametrize("news", ["a mail", "a link", "an edit"])
def test_what_came_meanwhile_and_is_no_move_refuses_nobody(news: str, team: TeamAtWork) -> None:
    deal_id = team.deal()
    saw = seen(team, deal_id)
    before = len(team.diary(deal_id))
    if news == "a mail":
        receive(team, 1)
    else:
        with team.acting(BEN) as session:
            if news == "an edit":
                deals.edit(session, deal_id, {"title": "Another"}, at=LATER)
            else:
                thread = threads.ensure_thread(session, team.mailboxes[BEN], "b1", at=MONDAY)
                threads.link(session, thread, deal_id, how=LinkedHow.EXPLICIT, at=LATER)

    move(team, deal_id, "Offer", saw=saw)

    assert team.stage(deal_id) == "Offer"
    assert len(team.diary(deal_id)) > before + 1


@pytest.mark.parametrize("first", ["the mail", "the move"])
def test_a_mail_that_arrives_in_the_very_moment_refuses_nobody(first: str, team: TeamAtWork) -> None:
    team.standard_rule()
    deal_id = team.deal()
    receive(team, 1)
    saw = seen(team, deal_id)
    assert team.stage(deal_id) == "Talking", "the mail moved it"

    with together() as people, team.acting(BEN) as session:
        if first == "the move":
            ladder.move(session, deal_id, team.stages["Offer"], seen=saw, at=LATER)
            people.start(lambda: receive(team, 2))
        else:
            thread = threads.ensure_thread(session, team.mailboxes[BEN], "b1", at=MONDAY)
            threads.link(session, thread, deal_id, how=LinkedHow.EXPLICIT, at=LATER)
            people.start(lambda: move(team, deal_id, "Offer", saw=saw))

    assert people.troubles == []
    assert team.stage(deal_id) == "Offer"


def six_mails(team: TeamAtWork, mailbox: str) -> None:
    for number in range(6):
        receive(team, number, mailbox=mailbox)


def six_moves(team: TeamAtWork, deal_id: int) -> None:
    for stage in ("Offer", "Talking") * 3:
        with team.acting() as session:
            ladder.move(session, deal_id, team.stages[stage], seen=None, at=LATER)


def six_moves_taken_back(team: TeamAtWork, deal_id: int) -> None:
    for _ in range(6):
        with team.acting(BEN) as session:
            entry = ladder.move(session, deal_id, team.stages["Lost"], seen=None, at=LATER)
            assert entry is not None
            undoing.undo(session, entry.id, at=LATER)


def six_links(team: TeamAtWork, deal_ids: list[int]) -> None:
    for number in range(6):
        with team.acting(BEN) as session:
            thread = threads.ensure_thread(session, team.mailboxes[BEN], "b-own", at=MONDAY)
            threads.link(session, thread, deal_ids[number % 2], how=LinkedHow.EXPLICIT, at=LATER)


def test_people_mails_and_undos_on_one_deal_at_once_all_come_through(team: TeamAtWork) -> None:
    """Nobody stands in another's way: no deadlock, no number given twice, whoever is first."""
    team.standard_rule()
    deal_id, other_id = team.deal(), team.deal("Other", person="joe@beta.example")

    with together() as people:
        people.start(lambda: six_mails(team, ANNA))
        people.start(lambda: six_mails(team, BEN))
        people.start(lambda: six_moves(team, deal_id))
        people.start(lambda: six_moves_taken_back(team, deal_id))
        people.start(lambda: six_links(team, [deal_id, other_id]))

    assert [repr(trouble)[:300] for trouble in people.troubles] == []
    for each in (deal_id, other_id):
        numbers = [entry.number for entry in team.diary(each)]
        assert numbers == list(range(1, len(numbers) + 1))
    with team.looking() as session:
        stage_id = session.get_one(Deal, deal_id).stage_id
    last = [entry for entry in team.diary(deal_id) if entry.kind == "deal.moved"][-1]
    assert last.after["stage_id"] == stage_id
