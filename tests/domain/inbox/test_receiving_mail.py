"""Laws 8, 9 and 10 when a mail arrives: what is kept of it, and to which deal it belongs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from addon.domain.access import Viewer
from addon.domain.inbox import operations, storing
from addon.domain.threads import operations as threads
from addon.domain.threads import queries as thread_queries
from addon.domain.verdicts import Kind
from addon.models import (
    LinkedHow,
    Mailbox,
    Message,
    MessageFacts,
    Model,
    Outgoing,
    OutgoingState,
    Sighting,
    Thread,
)
from tests.domain.team_at_work import ANNA, BEN, JANE, MONDAY, TeamAtWork, mail

SECRET = "The diagnosis was a relief to everybody here."


def how(team: TeamAtWork, thread: str = "t1", mailbox: str = ANNA) -> str | None:
    with team.looking() as session:
        row = thread_queries.by_gmail(session, team.mailboxes[mailbox], thread)
        live = thread_queries.live_link(session, row.id) if row else None
        return live.how if live else None


def count(team: TeamAtWork, what: type[Model]) -> int:
    with team.looking() as session:
        return session.scalar(select(func.count()).select_from(what)) or 0


class TestWhatIsKept:
    def test_of_private_mail_no_more_than_its_id(self, team: TeamAtWork) -> None:
        received = team.receive(mail(SECRET, sender="doctor@clinic.example"))

        assert received.message_id is None
        assert (count(team, Sighting), count(team, Message), count(team, Thread)) == (1, 0, 0)

    def test_of_linked_mail_headers_and_facts_but_not_its_text(self, team: TeamAtWork) -> None:
        team.deal()

        team.receive(mail(f"Yes, I am interested.\n\n{SECRET}", answers="<asked-1@halyard.example>"))

        with team.looking() as session:
            message = session.scalars(select(Message)).one()
            facts = session.scalars(select(MessageFacts)).one()
            everything = [str(row) for table in Model.metadata.sorted_tables for row in _rows(team, table.name)]
        assert message.from_email == JANE
        assert message.references == ["<asked-1@halyard.example>"]
        assert message.subject == "Re: Ramp planner"
        assert facts.kind == Kind.HUMAN
        assert not facts.asked_only
        assert any("Yes, I am interested." in row for row in everything), "what was said, with its sentence"
        assert not any(SECRET in row for row in everything)

    def test_receiving_it_again_changes_nothing(self, team: TeamAtWork) -> None:
        deal_id = team.deal()
        first = team.receive(mail(), gmail_id="a1")
        before = len(team.diary(deal_id))

        again = team.receive(mail(), gmail_id="a1")

        assert (again.again, again.message_id) == (True, first.message_id)
        assert len(team.diary(deal_id)) == before

    def test_what_no_database_takes_as_text_is_left_out(self, team: TeamAtWork) -> None:
        team.deal()
        raw = (
            f"From: =?utf-8?q?Ja=00ne?= <{JANE}>\nTo: {ANNA}\nSubject: =?utf-7?q?a+2AA-b?= \x00 =?utf-8?q?c=00d?=\n"
            "Message-ID: <a\x00b@acme.example>\nReferences: <c\x00d@acme.example>\n\nYes, send the offer.\n"
        ).encode()

        received = team.receive(raw)

        assert received.message_id is not None

    def test_a_long_header_does_not_break_it(self, team: TeamAtWork) -> None:
        team.deal()
        ids = " ".join(f"<{number}@{'x' * 150}.example>" for number in range(400))

        received = team.receive(mail(subject="Re: " + "ß" * 3000, message_id=f"<{'m' * 2000}@x>", answers=ids))

        assert received.message_id is not None


class TestTheSameMail:
    def test_in_two_mailboxes_is_one_message_and_two_sightings(self, team: TeamAtWork) -> None:
        team.deal()
        raw = mail(to=f"{ANNA}, {BEN}")

        first = team.receive(raw)
        second = team.receive(raw, mailbox=BEN, thread="b1")

        assert first.message_id == second.message_id
        assert (count(team, Message), count(team, Sighting)) == (1, 2)

    @pytest.mark.parametrize(
        "different",
        [{"sender": "joe@acme.example"}, {"at": MONDAY + timedelta(minutes=1)}, {"subject": "Something else"}],
    )
    def test_with_one_message_id_but_something_else_different_is_two(self, team: TeamAtWork, different: dict) -> None:
        team.deal()
        team.deal("Joe's", person="joe@acme.example")

        team.receive(mail(), thread="t1")
        team.receive(mail(**different), thread="t2")

        assert count(team, Message) == 2

    def test_stored_by_a_colleagues_mailbox_in_this_very_moment_is_shared(
        self, team: TeamAtWork, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        team.deal()
        raw = mail(to=f"{ANNA}, {BEN}")
        team.receive(raw)
        stored, blind = storing.stored, [True, True]
        monkeypatch.setattr(storing, "stored", lambda *given: None if blind and blind.pop() else stored(*given))

        received = team.receive(raw, mailbox=BEN, thread="b1")

        assert received.message_id is not None
        assert (count(team, Message), count(team, Sighting)) == (1, 2)

    def test_without_a_message_id_is_told_by_its_words(self, team: TeamAtWork) -> None:
        team.deal()
        raw = mail("Send the offer.", message_id="")

        team.receive(raw, thread="t1")
        team.receive(raw, mailbox=BEN, thread="b1")
        team.receive(mail("Send the offer soon.", message_id=""), thread="t2")

        assert count(team, Message) == 2


class TestTheLink:
    def test_follows_the_persons_only_open_deal(self, team: TeamAtWork) -> None:
        deal_id = team.deal()

        assert team.receive(mail()).deal_id == deal_id
        assert how(team) == LinkedHow.ONLY_DEAL

    def test_knows_the_person_behind_a_tag(self, team: TeamAtWork) -> None:
        deal_id = team.deal()

        assert team.receive(mail(sender="Jane+sales@Acme.example")).deal_id == deal_id

    def test_does_not_take_joann_for_ann(self, team: TeamAtWork) -> None:
        team.deal(person="ann@acme.example")

        assert team.receive(mail(sender="joann@acme.example")).deal_id is None
        assert team.receive(mail(sender="ann@other.example"), thread="t2").deal_id is None

    def test_asks_where_two_deals_fit(self, team: TeamAtWork) -> None:
        team.deal("First"), team.deal("Second")

        received = team.receive(mail())

        assert (received.deal_id, received.asked) == (None, True)
        with team.looking() as session:
            assert session.scalars(select(MessageFacts.asked_only)).one()

    def test_does_not_count_closed_deals(self, team: TeamAtWork) -> None:
        lost, live = team.deal("Lost"), team.deal("Live")
        team.move(lost, "Lost")

        assert team.receive(mail()).deal_id == live

    def test_an_explicit_link_beats_everything(self, team: TeamAtWork) -> None:
        team.deal("Hers")
        other = team.deal("Other", person="joe@acme.example")
        with team.acting() as session:
            thread = threads.ensure_thread(session, team.mailboxes[ANNA], "t1", at=MONDAY)
            threads.link(session, thread, other, how=LinkedHow.EXPLICIT, at=MONDAY)

        assert team.receive(mail()).deal_id == other

    def test_a_reply_to_a_linked_mail_goes_with_it_whoever_writes(self, team: TeamAtWork) -> None:
        deal_id = team.deal()
        team.receive(mail())

        received = team.receive(
            mail(sender="boss@acme.example", message_id="<boss@acme.example>", answers="<answer-1@acme.example>"),
            thread="t2",
        )

        assert received.deal_id == deal_id
        assert how(team, "t2") == LinkedHow.REFERENCES

    def test_a_colleagues_copy_goes_where_the_first_one_went(self, team: TeamAtWork) -> None:
        team.deal("First"), team.deal("Second")
        team.receive(mail())
        with team.acting() as session:
            thread = thread_queries.by_gmail(session, team.mailboxes[ANNA], "t1")
            assert thread is not None
            question = thread_queries.open_question(session, thread.id)
            assert question is not None
            chosen = question.candidates[0]
            threads.link(session, thread, chosen, how=LinkedHow.EXPLICIT, at=MONDAY)

        assert team.receive(mail(), mailbox=BEN, thread="b1").deal_id == chosen

    def test_the_reps_own_mail_to_a_person_with_a_deal_is_linked_and_moves_nothing(self, team: TeamAtWork) -> None:
        team.standard_rule()
        deal_id = team.deal()

        received = team.receive(
            mail(sender=ANNA, to=JANE, message_id="<a@halyard.example>", answers="<x@acme.example>"), labels=("SENT",)
        )

        assert (received.deal_id, received.moved) == (deal_id, False)
        assert "mail.sent" in team.kinds(deal_id)

    def test_a_newsletter_of_a_known_person_is_nobodys_business(self, team: TeamAtWork) -> None:
        team.deal()

        received = team.receive(mail("News!", headers={"List-Id": "<n.acme.example>", "Precedence": "bulk"}))

        assert received.message_id is None


class TestAnAnswerToOurMail:
    def test_is_found_by_its_thread(self, team: TeamAtWork) -> None:
        row = team.sent(thread="t7")

        received = team.receive(mail(), thread="t7")

        assert _answers(team, received.message_id) == row.id
        assert received.deal_id is None, "kept as campaign mail, though no deal is known"

    def test_belongs_to_the_deal_that_its_recipient_had_at_the_launch(self, team: TeamAtWork) -> None:
        first, _second = team.deal("First"), team.deal("Second")
        team.sent(thread="t7", deal_id=first)

        assert team.receive(mail(), thread="t7").deal_id == first
        assert how(team, "t7") == LinkedHow.CAMPAIGN

    def test_is_found_by_the_message_id_that_gmail_gave_our_mail(self, team: TeamAtWork) -> None:
        row = team.sent(thread="t7")
        with team.acting() as session:
            session.get_one(Outgoing, row.id).rfc_message_id = "<CAF=1@mail.gmail.com>"

        received = team.receive(mail(answers="<CAF=1@mail.gmail.com>"), thread="t8")

        assert _answers(team, received.message_id) == row.id

    def test_two_answers_in_the_diary_share_nothing_but_the_mail_they_answer(self, team: TeamAtWork) -> None:
        team.sent(thread="t7")
        first = team.receive(mail(), thread="t7")
        second = team.receive(mail(message_id="<answer-2@acme.example>"), thread="t7")

        assert first.message_id != second.message_id
        assert _answers(team, first.message_id) == _answers(team, second.message_id)


def test_a_sent_mail_with_our_reference_settles_the_ledger_and_leaves_only_its_id(team: TeamAtWork) -> None:
    row = team.sent()
    with team.acting() as session:
        held = session.get_one(Outgoing, row.id)
        held.state, held.gmail_message_id, held.gmail_thread_id, held.sent_at = OutgoingState.DUE, None, None, None
        ref = held.ref

    received = team.receive(
        mail(sender=ANNA, to=JANE, headers={"X-Dealthread-Ref": f"{ref}.1"}),
        labels=("SENT",),
        gmail_id="77",
        thread="t77",
    )

    assert received.proof
    with team.looking() as session:
        settled = session.get_one(Outgoing, row.id)
    assert (settled.state, settled.gmail_message_id, settled.gmail_thread_id) == (OutgoingState.SENT, "77", "t77")
    assert (count(team, Sighting), count(team, Message)) == (1, 0)


def test_a_forged_reference_from_outside_settles_nothing(team: TeamAtWork) -> None:
    row = team.sent()
    with team.acting() as session:
        held = session.get_one(Outgoing, row.id)
        held.state, held.gmail_message_id, held.gmail_thread_id = OutgoingState.DUE, None, None

    team.receive(mail(headers={"X-Dealthread-Ref": f"{row.ref}.1"}))

    with team.looking() as session:
        assert session.get_one(Outgoing, row.id).state == OutgoingState.DUE


def test_a_mailbox_without_an_active_owner_is_still_received(team: TeamAtWork) -> None:
    deal_id = team.deal()
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        mailbox = session.get_one(Mailbox, team.mailboxes[ANNA])
        operations.pass_over(session, mailbox, "99", at=MONDAY)

    assert team.receive(mail()).deal_id == deal_id


def _rows(team: TeamAtWork, table: str) -> list[object]:
    with team.database.engine.connect() as connection:
        return list(connection.exec_driver_sql(f'SELECT * FROM "{table}"'))


def _answers(team: TeamAtWork, message_id: int | None) -> int | None:
    with team.looking() as session:
        return session.get_one(Message, message_id).answers_id
