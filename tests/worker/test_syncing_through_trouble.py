"""Law 9 when things break: whatever dies, waits or overtakes, every mail is there once in the end."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from structlog.testing import capture_logs

from addon.domain.ports.mailbox import AnswerLost, MailboxTrouble, RefusedForGood
from addon.integrations.gmail import client
from addon.models import Message, Sighting
from addon.worker import syncing
from addon.worker.turn import Turn, Wait
from tests.domain.team_at_work import ANNA, BEN, JANE, mail
from tests.worker.covered import Covered, Killed, an_hour_ago


@pytest.fixture
def known(inbox: Covered, monkeypatch: pytest.MonkeyPatch) -> Covered:
    """Jane has an open deal; pages and slices are small, so that few mails cross many boundaries."""
    monkeypatch.setattr(client, "MOST_A_PAGE", 3)
    monkeypatch.setattr(syncing, "SLICE", 2)
    inbox.team.standard_rule()
    inbox.deal_id = inbox.team.deal(at=an_hour_ago())
    return inbox


class Reaper:
    """Kills the worker at the n-th boundary: before a call to Gmail, or after a commit."""

    def __init__(self, covered: Covered) -> None:
        self.crossed, self.at = 0, -1
        covered.before_call = lambda name: self.cross()
        covered.after_commit = self.cross

    def cross(self) -> None:
        self.crossed += 1
        if self.crossed == self.at:
            raise Killed

    def kill_at(self, number: int) -> None:
        self.crossed, self.at = 0, number


@pytest.mark.parametrize("start", ["first look-back", "history", "expired cursor"])
def test_killed_at_any_boundary_it_goes_on_without_gap_or_doubles(known: Covered, start: str) -> None:
    reaper = Reaper(known)
    if start != "first look-back":
        known.sync()
    expected = {f"Mail {number}" for number in range(1, 6)}
    arrived = {known.arrive(answers="<asked@halyard.example>") for _ in range(5)}
    private = {known.arrive(sender="mum@home.example", subject="Private") for _ in range(2)}
    if start == "expired cursor":
        known.gmail.history.expire(known.gmail.accounts.get("anna@halyard.example"))

    for boundary in range(1, 200):
        reaper.kill_at(boundary)
        try:
            known.sync()
        except Killed:
            continue
        if reaper.crossed < boundary:
            break
    else:
        raise AssertionError("never came to an end")

    assert known.looked_at() == arrived | private
    assert known.kept() == expected
    assert (known.count(Message), known.count(Sighting)) == (5, 7)
    assert known.team.kinds(known.deal_id).count("deal.moved") == 2, "its first stage, and one answer that moved it"


@pytest.mark.parametrize("fault", ["500", "503", "429", "hangup_before", "hangup_after"])
@pytest.mark.parametrize("method", ["history.list", "messages.get"])
def test_a_fault_ends_the_turn_and_the_next_one_misses_nothing(known: Covered, method: str, fault: str) -> None:
    known.sync()
    arrived = {known.arrive() for _ in range(4)}
    known.gmail.faults.add(method=method, kind=fault, nth=2)

    with pytest.raises(syncing.MailboxTrouble):
        known.sync()
    known.gmail.faults.clear()
    known.sync()

    assert known.looked_at() == arrived
    assert known.count(Message) == 4


class TestAMailThatCannotBeRead:
    """It does not keep its mailbox from everything else for ever, sending included."""

    @pytest.fixture
    def bad(self, known: Covered) -> str:
        known.sync()
        return known.arrive()

    def refuse(self, monkeypatch: pytest.MonkeyPatch, bad: str, trouble: MailboxTrouble, *methods: str) -> None:
        for method in methods:
            asked = getattr(client.GmailOverHttp, method)

            def answer(mailbox: Any, gmail_id: str, asked: Any = asked) -> Any:
                if gmail_id == bad:
                    raise trouble
                return asked(mailbox, gmail_id)

            monkeypatch.setattr(client.GmailOverHttp, method, answer)

    def turns_until_done(self, known: Covered, most: int = 20) -> int:
        for number in range(1, most):
            try:
                known.sync()
            except syncing.MailboxTrouble:
                continue
            return number
        raise AssertionError("blocked for good")

    @pytest.mark.parametrize("methods", [("raw",), ("raw", "head")])
    def test_is_passed_over_at_once_where_gmail_refuses_it(
        self, known: Covered, bad: str, monkeypatch: pytest.MonkeyPatch, methods: tuple[str, ...]
    ) -> None:
        good = known.arrive()
        self.refuse(monkeypatch, bad, RefusedForGood("http_400"), *methods)

        with capture_logs() as logs:
            known.sync()

        assert known.looked_at() == {bad, good}
        assert known.kept() == {"Mail 2"}
        said = [entry for entry in logs if entry["event"] == "mail_unreadable"]
        assert [(entry["gmail_id"], entry["code"]) for entry in said] == [(bad, "http_400")]

    @pytest.mark.parametrize(("methods", "turns"), [(("raw",), 3), (("raw", "head"), 12)])
    def test_is_passed_over_after_some_turns_where_its_answer_is_lost(
        self, known: Covered, bad: str, monkeypatch: pytest.MonkeyPatch, methods: tuple[str, ...], turns: int
    ) -> None:
        good = known.arrive()
        self.refuse(monkeypatch, bad, AnswerLost("timeout"), *methods)

        assert self.turns_until_done(known) == turns

        assert known.looked_at() == {bad, good}
        assert known.kept() == {"Mail 2"}

    def test_is_read_where_its_answer_comes_at_last(
        self, known: Covered, bad: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as ill:
            self.refuse(ill, bad, AnswerLost("timeout"), "raw")
            for _ in range(2):
                with pytest.raises(syncing.MailboxTrouble):
                    known.sync()

        known.sync()

        assert known.kept() == {"Mail 1"}


def test_units_that_run_out_in_the_middle_cost_time_and_no_mail(known: Covered) -> None:
    known.settings = known.settings.model_copy(update={"units_per_minute": 220})
    arrived = {known.arrive() for _ in range(12)}

    with pytest.raises(Wait):
        known.sync()
    assert known.looked_at()
    turns = known.sync_to_the_end(turns=20)

    assert turns > 1
    assert known.looked_at() == arrived


def test_a_slice_larger_than_the_minutes_units_still_comes_to_an_end(
    known: Covered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncing, "SLICE", 50)
    known.settings = known.settings.model_copy(update={"units_per_minute": 220})
    arrived = {known.arrive() for _ in range(12)}

    known.sync_to_the_end(turns=20)

    assert known.looked_at() == arrived


def test_a_stop_between_slices_is_heard_and_the_next_turn_goes_on(known: Covered) -> None:
    known.sync()
    arrived = {known.arrive() for _ in range(8)}

    with pytest.raises(syncing.Over):
        known.sync(stopping=lambda: bool(known.looked_at()))
    assert 0 < len(known.looked_at()) < 8
    known.sync()

    assert known.looked_at() == arrived


def test_two_workers_at_once_double_nothing(known: Covered) -> None:
    known.sync()
    arrived = {known.arrive() for _ in range(5)}
    begun: list[bool] = []

    def second_worker(name: str) -> None:
        if name == "raw" and not begun:
            begun.append(True)
            known.sync()

    known.before_call = second_worker
    with pytest.raises(syncing.Over):
        known.sync()

    assert known.looked_at() == arrived
    assert known.count(Message) == 5


def test_colleagues_who_got_the_same_mails_at_once_share_them(known: Covered) -> None:
    raws = [
        mail(message_id=f"<same-{number}@acme.example>", answers="<asked@halyard.example>", subject=f"Same {number}")
        for number in range(8)
    ]
    for raw in raws:
        known.gmail.deliver(raw, [ANNA])
    for raw in reversed(raws):
        known.gmail.deliver(raw, [BEN])
    turns = [known.turn(ANNA), known.turn(BEN)]
    start = threading.Barrier(2)

    def work(turn: Turn) -> None:
        start.wait(10)
        syncing.sync(turn)
        turn.gmail.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(work, turn) for turn in turns]:
            done.result(timeout=60)

    assert (known.count(Message), known.count(Sighting)) == (8, 16)
    assert known.team.kinds(known.deal_id).count("deal.moved") == 2, "its first stage, and one answer that moved it"
    numbers = [entry.number for entry in known.team.diary(known.deal_id)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_one_bad_mail_does_not_hold_up_the_others(known: Covered) -> None:
    broken = [
        b"",
        b"\x00\xff\xfe",
        b"From: " + JANE.encode() + b"\nSubject: =?utf-8?b?!!!?=\nDate: Foo, 99 Bar\nMessage-ID: <>\n\n\x00",
        b"From: " + JANE.encode() + b"\nContent-Type: multipart/mixed\n\n--\n",
        b"From: " + JANE.encode() + b"\nReferences: " + b"<a@b> " * 3000 + b"\n\nHi",
    ]
    arrived = {known.arrive(raw) for raw in broken} | {known.arrive()}

    known.sync()

    assert known.looked_at() == arrived
    assert "Mail 1" in known.kept()
