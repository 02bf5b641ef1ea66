"""Linking a conversation to a deal, moving it to another, taking it away; being asked, and answering."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from addon.domain.errors import NotAllowed, NotFound
from addon.domain.threads import forgetting, operations, queries
from addon.models import LinkedHow, Message, MessageFacts, Sharing, Sighting, ThreadLink
from tests.domain.team_at_work import ANNA, BEN, MONDAY, TeamAtWork, mail


def link(team: TeamAtWork, deal_id: int, *, by: str = ANNA, thread: str = "t1") -> int | None:
    with team.acting(by) as session:
        row = operations.ensure_thread(session, team.mailboxes[ANNA], thread, at=MONDAY)
        entry = operations.link(session, row, deal_id, how=LinkedHow.EXPLICIT, at=MONDAY)
        return entry.id if entry else None


def linked_to(team: TeamAtWork, thread: str = "t1") -> int | None:
    with team.looking() as session:
        row = queries.by_gmail(session, team.mailboxes[ANNA], thread)
        live = queries.live_link(session, row.id) if row else None
        return live.deal_id if live else None


def test_a_link_is_noted_in_the_deals_diary(team: TeamAtWork) -> None:
    deal_id = team.deal()

    link(team, deal_id)

    assert linked_to(team) == deal_id
    assert team.kinds(deal_id)[-1] == "thread.linked"


def test_linking_again_changes_nothing(team: TeamAtWork) -> None:
    deal_id = team.deal()
    link(team, deal_id)

    assert link(team, deal_id) is None
    assert team.kinds(deal_id).count("thread.linked") == 1


def test_a_thread_belongs_to_one_deal_and_both_diaries_tell_of_the_change(team: TeamAtWork) -> None:
    first, second = team.deal("First"), team.deal("Second")
    link(team, first)

    link(team, second)

    assert linked_to(team) == second
    assert team.kinds(first)[-1] == "thread.unlinked"
    assert team.kinds(second)[-1] == "thread.linked"
    gone, come = team.diary(first)[-1], team.diary(second)[-1]
    assert gone.cause_id == come.id, "one click, one cause"


def test_a_deleted_deal_takes_no_thread(team: TeamAtWork) -> None:
    with pytest.raises(NotFound):
        link(team, 4711)


def test_a_colleague_may_correct_a_link_but_not_reach_into_unlinked_mail(team: TeamAtWork) -> None:
    first, second = team.deal("First"), team.deal("Second")

    with pytest.raises(NotAllowed):
        link(team, first, by=BEN)

    link(team, first)
    link(team, second, by=BEN)
    assert linked_to(team) == second


def test_only_the_owner_says_what_colleagues_see(team: TeamAtWork) -> None:
    deal_id = team.deal()
    link(team, deal_id)
    with team.acting() as session:
        [live] = queries.of_deal(session, deal_id)
        assert operations.share(session, live, Sharing.HAPPENED, at=MONDAY) is not None

    with team.looking(BEN) as session:
        assert queries.level_of_link(session, queries.of_deal(session, deal_id)[0]) is Sharing.HAPPENED
    with team.looking(ANNA) as session:
        assert queries.level_of_link(session, queries.of_deal(session, deal_id)[0]) is Sharing.ALL
    with team.acting(BEN) as session, pytest.raises(NotAllowed):
        operations.share(session, queries.of_deal(session, deal_id)[0], Sharing.ALL, at=MONDAY)


class TestAQuestion:
    @pytest.fixture
    def deals(self, team: TeamAtWork) -> tuple[int, int]:
        """Jane has two open deals, and writes."""
        both = team.deal("First"), team.deal("Second")
        received = team.receive(mail())
        assert received.asked
        return both

    def test_only_the_mailboxs_owner_is_asked(self, team: TeamAtWork, deals: tuple[int, int]) -> None:
        with team.looking(ANNA) as session:
            [question] = queries.open_questions(session)
            assert question.candidates == sorted(deals)
        with team.looking(BEN) as session:
            assert queries.open_questions(session) == []

    def test_an_answer_is_remembered_and_the_next_mail_links_itself(
        self, team: TeamAtWork, deals: tuple[int, int]
    ) -> None:
        link(team, deals[1])

        received = team.receive(mail(message_id="<answer-2@acme.example>"))

        assert received.deal_id == deals[1]
        with team.looking() as session:
            assert queries.open_questions(session) == []
            assert not any(session.scalars(select(MessageFacts.asked_only)))

    def test_a_dismissed_question_leaves_no_trace_but_the_ids_and_is_not_asked_again(
        self, team: TeamAtWork, deals: tuple[int, int]
    ) -> None:
        with team.acting() as session:
            thread = queries.by_gmail(session, team.mailboxes[ANNA], "t1")
            assert thread is not None
            operations.dismiss_question(session, thread, at=MONDAY)

        again = team.receive(mail(message_id="<answer-2@acme.example>"))

        assert not again.asked
        with team.looking() as session:
            assert session.scalar(select(func.count(Message.id))) == 0
            assert session.scalar(select(func.count(MessageFacts.id))) == 0
            assert session.scalar(select(func.count(Sighting.id))) == 2
            assert session.scalar(select(func.count(ThreadLink.id))) == 0

    def test_a_question_that_nobody_answers_in_thirty_days_is_forgotten(
        self, team: TeamAtWork, deals: tuple[int, int]
    ) -> None:
        for days, forgotten in ((29, 0), (32, 1)):
            with team.acting() as session:
                found = forgetting.forget_unanswered(session, team.mailboxes[ANNA], at=MONDAY + timedelta(days=days))
                assert found == forgotten
        with team.looking() as session:
            assert session.scalar(select(func.count(MessageFacts.id))) == 0

    def test_what_a_colleagues_linked_thread_holds_is_kept(self, team: TeamAtWork, deals: tuple[int, int]) -> None:
        with team.acting(BEN) as session:
            his = operations.ensure_thread(session, team.mailboxes[BEN], "b1", at=MONDAY)
            operations.link(session, his, deals[0], how=LinkedHow.EXPLICIT, at=MONDAY)
        team.receive(mail(), mailbox=BEN, thread="b1")
        with team.acting() as session:
            thread = queries.by_gmail(session, team.mailboxes[ANNA], "t1")
            assert thread is not None
            operations.dismiss_question(session, thread, at=MONDAY)

        with team.looking() as session:
            assert session.scalar(select(func.count(MessageFacts.id))) == 1
