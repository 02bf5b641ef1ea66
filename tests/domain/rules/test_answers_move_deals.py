"""Law 7: a person's answer moves the deal by itself and shows the sentence; everything else leaves it where it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from addon.domain.access import Viewer
from addon.domain.deals import operations as deals
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines.operations import StageDraft
from addon.domain.rules import operations, queries
from addon.domain.rules.matching import Conditions
from addon.domain.threads import operations as threads
from addon.domain.threads import queries as thread_queries
from addon.models import Activity, ActorKind, EvidenceKind, LinkedHow, Sharing, StageKind
from tests.domain.team_at_work import ANNA, BEN, MONDAY, TeamAtWork, bounce, mail

ASKED = "<asked-1@halyard.example>"
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def ruled(team: TeamAtWork) -> TeamAtWork:
    """A team whose pipeline has the standard rule."""
    team.standard_rule()
    return team


def test_a_human_answer_moves_the_deal_and_shows_the_sentence(ruled: TeamAtWork) -> None:
    deal_id = ruled.deal()

    received = ruled.receive(mail("Hi Anna,\n\nyes, please send us the offer.\n\nJane", answers=ASKED))

    assert received.moved
    assert ruled.stage(deal_id) == "Talking"
    move = ruled.diary(deal_id)[-1]
    assert move.actor_kind == ActorKind.RULE
    with ruled.looking() as session:
        why = queries.why(session, session.get_one(Activity, move.id))
    assert why is not None
    assert why.quote == "yes, please send us the offer."
    assert why.rule == "A person answered"
    assert why.position is not None


@pytest.mark.parametrize("text", ["Ok!", "Yes please", "Ja, gerne."])
def test_a_very_short_answer_moves_it_too(ruled: TeamAtWork, text: str) -> None:
    deal_id = ruled.deal()

    ruled.receive(mail(text, answers=ASKED))

    assert ruled.stage(deal_id) == "Talking"


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (mail(), "not an answer to anything"),
        (mail("No thanks, we are not interested.", answers=ASKED), "a refusal"),
        (mail("Please remove me from your list.", answers=ASKED), "a refusal"),
        (mail("You have the wrong person, sorry.", answers=ASKED), "a refusal"),
        (mail("I am away.", answers=ASKED, headers={"Auto-Submitted": "auto-replied"}), "an absence"),
        (mail("News!", answers=ASKED, headers={"List-Id": "<news.acme.example>", "Precedence": "bulk"}), "bulk"),
        (mail("", answers=ASKED), "nothing said"),
        (mail("Bedankt, maar wij hebben al een andere leverancier gekozen.", answers=ASKED), "a language nobody reads"),
        (mail("Joe no longer works at Acme. Please contact mary@acme.example.", answers=ASKED), "somebody left"),
        (mail("Ben here, please send the offer.", sender=BEN, answers=ASKED), "a colleague"),
        (mail("To myself: please send the offer.", sender=ANNA, answers=ASKED), "a mail to oneself"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_in_doubt_nothing_moves(ruled: TeamAtWork, raw: bytes, why: str) -> None:
    deal_id = ruled.deal()

    received = ruled.receive(raw)

    assert not received.moved, why
    assert ruled.stage(deal_id) == "New"


class TestWhoAnswers:
    """By the reply chain alone a mail is linked, whoever wrote it; the deal moves for the customer's side only."""

    def answer(self, team: TeamAtWork, sender: str) -> None:
        team.receive(mail())
        received = team.receive(
            mail("Send it.", sender=sender, message_id="<2@x.example>", answers="<answer-1@acme.example>"), thread="t2"
        )
        assert received.deal_id is not None

    @pytest.mark.parametrize("sender", ["Jane+later@acme.example", "boss@acme.example"])
    def test_a_person_of_the_deal_or_of_their_firm_moves_it(self, ruled: TeamAtWork, sender: str) -> None:
        deal_id = ruled.deal()

        self.answer(ruled, sender)

        assert ruled.stage(deal_id) == "Talking"

    def test_a_stranger_does_not(self, ruled: TeamAtWork) -> None:
        deal_id = ruled.deal()

        self.answer(ruled, "spam@elsewhere.example")

        assert ruled.stage(deal_id) == "New"

    def test_another_user_of_the_same_free_mail_does_not(self, ruled: TeamAtWork) -> None:
        deal_id = ruled.deal(person="jane@gmail.com")
        ruled.receive(mail(sender="jane@gmail.com"))

        received = ruled.receive(
            mail("Send it.", sender="joe@gmail.com", message_id="<2@x.example>", answers="<answer-1@acme.example>"),
            thread="t2",
        )

        assert received.deal_id == deal_id
        assert ruled.stage(deal_id) == "New"

    def test_in_a_thread_that_a_person_linked_everybody_outside_counts(self, ruled: TeamAtWork) -> None:
        deal_id = ruled.deal()
        with ruled.acting() as session:
            thread = threads.ensure_thread(session, ruled.mailboxes[ANNA], "t2", at=MONDAY)
            threads.link(session, thread, deal_id, how=LinkedHow.EXPLICIT, at=MONDAY)

        ruled.receive(mail("Send it.", sender="joe@elsewhere.example", answers=ASKED), thread="t2")

        assert ruled.stage(deal_id) == "Talking"

    @pytest.mark.parametrize("sender", ["boss@halyard.example", "Boss@Halyard.Example"])
    def test_a_colleague_without_a_seat_is_not_outside(self, ruled: TeamAtWork, sender: str) -> None:
        deal_id = ruled.deal()
        with ruled.acting() as session:
            thread = threads.ensure_thread(session, ruled.mailboxes[ANNA], "t2", at=MONDAY)
            threads.link(session, thread, deal_id, how=LinkedHow.EXPLICIT, at=MONDAY)

        received = ruled.receive(
            mail("Anna, do not give them more than five percent.", sender=sender, answers=ASKED), thread="t2"
        )

        assert received.deal_id == deal_id
        assert ruled.stage(deal_id) == "New"


def test_a_bounce_of_a_linked_thread_moves_nothing(ruled: TeamAtWork) -> None:
    deal_id = ruled.deal()
    ruled.receive(mail())

    received = ruled.receive(bounce("jane@acme.example"))

    assert received.deal_id == deal_id
    assert ruled.stage(deal_id) == "New"


def test_one_mail_moves_a_deal_once_though_two_colleagues_have_it(ruled: TeamAtWork) -> None:
    deal_id = ruled.deal()
    raw = mail(answers=ASKED, to=f"{ANNA}, {BEN}")
    ruled.receive(raw)

    ruled.receive(raw, mailbox=BEN, thread="b1")

    assert ruled.kinds(deal_id).count("deal.moved") == 2, "its first stage, and one move"
    assert ruled.kinds(deal_id).count("mail.received") == 1, "logged once"


def test_a_deal_past_its_first_stage_stays(ruled: TeamAtWork) -> None:
    deal_id = ruled.deal()
    ruled.move(deal_id, "Offer")

    ruled.receive(mail(answers=ASKED))

    assert ruled.stage(deal_id) == "Offer"


def test_a_closed_deal_stays_closed(ruled: TeamAtWork) -> None:
    deal_id = ruled.deal()
    ruled.receive(mail())
    ruled.move(deal_id, "Lost")

    received = ruled.receive(mail(answers=ASKED, message_id="<answer-2@acme.example>"))

    assert received.deal_id == deal_id, "still linked"
    assert ruled.stage(deal_id) == "Lost"


def test_a_mail_from_before_the_deal_stood_here_says_nothing_about_it(ruled: TeamAtWork) -> None:
    deal_id = ruled.deal(at=MONDAY + timedelta(days=2))

    ruled.receive(mail(answers=ASKED), at=MONDAY + timedelta(days=1))

    assert ruled.stage(deal_id) == "New"


def test_a_deal_deleted_meanwhile_is_left_alone(ruled: TeamAtWork) -> None:
    deal_id = ruled.deal()
    ruled.receive(mail())
    with ruled.acting() as session:
        deals.delete(session, deal_id, at=LATER)

    received = ruled.receive(mail(answers=ASKED, message_id="<answer-2@acme.example>"))

    assert (received.deal_id, received.moved) == (None, False)


def test_a_rule_that_rests_does_nothing(ruled: TeamAtWork) -> None:
    deal_id = ruled.deal()
    with ruled.acting() as session:
        [rule] = queries.of_pipeline(session, ruled.pipeline_id)
        operations.switch(session, rule.id, False, at=MONDAY)

    ruled.receive(mail(answers=ASKED))

    assert ruled.stage(deal_id) == "New"


def test_of_two_rules_the_first_acts_and_the_second_is_not_set_off_by_it(ruled: TeamAtWork) -> None:
    with ruled.acting() as session:
        operations.create_rule(
            session,
            ruled.pipeline_id,
            "On and on",
            from_stage_id=None,
            to_stage_id=ruled.stages["Offer"],
            conditions=Conditions(),
            evidence_kinds=[EvidenceKind.SENTENCE],
            at=MONDAY,
        )
    deal_id = ruled.deal()

    ruled.receive(mail(answers=ASKED))

    assert ruled.stage(deal_id) == "Talking"


def test_a_rule_that_listens_for_one_thing_quotes_the_sentence_that_said_it(team: TeamAtWork) -> None:
    with team.acting() as session:
        rule = operations.create_rule(
            session,
            team.pipeline_id,
            "Asks for a price",
            from_stage_id=None,
            to_stage_id=team.stages["Offer"],
            conditions=Conditions(said=frozenset({"price"})),
            evidence_kinds=[EvidenceKind.SENTENCE],
            at=MONDAY,
        )
        assert rule.id
    deal_id = team.deal()

    team.receive(mail("Yes, we are interested. What does it cost per seat?", answers=ASKED))

    move = team.diary(deal_id)[-1]
    with team.looking() as session:
        why = queries.why(session, session.get_one(Activity, move.id))
    assert why is not None
    assert why.quote == "What does it cost per seat?"


def test_the_database_refuses_a_rules_move_without_its_evidence(ruled: TeamAtWork) -> None:
    deal_id = ruled.deal()
    ruled.receive(mail(answers=ASKED))
    move = ruled.diary(deal_id)[-1]

    for missing in ("evidence_id", "rule_id", "evidence_kind"):
        with pytest.raises(IntegrityError), ruled.acting() as session:
            session.execute(update(Activity).where(Activity.id == move.id).values({missing: None}))
    with pytest.raises(IntegrityError), ruled.acting() as session:
        session.execute(update(Activity).where(Activity.id == move.id).values(evidence_kind=EvidenceKind.HEADER))


def test_a_colleague_reads_the_sentence_only_where_the_owner_shares_it(ruled: TeamAtWork) -> None:
    deal_id = ruled.deal()
    ruled.receive(mail(answers=ASKED))
    move = ruled.diary(deal_id)[-1]
    with ruled.looking(BEN) as session:
        shown = queries.why(session, session.get_one(Activity, move.id))
    with ruled.acting() as session:
        threads.share(session, thread_queries.of_deal(session, deal_id)[0], Sharing.SUBJECT, at=MONDAY)
    with ruled.looking(BEN) as session:
        hidden = queries.why(session, session.get_one(Activity, move.id))
    with ruled.looking(ANNA) as session:
        own = queries.why(session, session.get_one(Activity, move.id))

    assert shown is not None
    assert hidden is not None
    assert own is not None
    assert shown.quote == own.quote == "Yes, please send us the offer."
    assert (hidden.quote, hidden.shared) == (None, False)


def test_a_move_that_a_person_made_has_no_rule_behind_it(ruled: TeamAtWork) -> None:
    deal_id = ruled.deal()
    move_id = ruled.move(deal_id, "Offer")

    with ruled.looking() as session:
        assert queries.why(session, session.get_one(Activity, move_id)) is None


def test_a_pipeline_with_one_open_stage_has_no_standard_rule(team: TeamAtWork) -> None:
    stages = [
        StageDraft("Open", 50),
        StageDraft("Won", 100, kind=StageKind.WON),
        StageDraft("Lost", 0, kind=StageKind.LOST),
    ]
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        short = pipelines.create(session, "Short", stages, at=MONDAY)
        assert operations.create_standard_rule(session, short.id, "A person answered", at=MONDAY) is None
