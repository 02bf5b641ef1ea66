"""What came back to a campaign: its sender sees the sentences, colleagues what the sender shares."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from addon.domain.campaigns import answers, importing
from addon.domain.deals.draft import DealDraft
from addon.domain.ladder import operations as ladder
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.threads import operations as threads
from addon.domain.verdicts import storing
from addon.domain.verdicts.facts import Evidence, EvidenceKind, Kind, Said, What
from addon.domain.verdicts.facts import MessageFacts as Facts
from addon.models import LinkedHow, Message, MessageFacts, Outgoing, Sharing, Sighting
from tests.domain.campaigns.conftest import MONDAY

SENTENCE = "Tuesday suits me."


@pytest.fixture
def answered(office):
    """A campaign to which Bo answered, in a thread that is linked to a deal."""
    campaign = office.campaign("email,first_name\nbo@x.test,Bo\n")
    importing.launch_campaign(office.writing, campaign, at=MONDAY)
    facts = Facts(
        kind=Kind.HUMAN,
        evidence=(
            Evidence(kind=EvidenceKind.HEADER, name="From", text="bo@x.test"),
            Evidence(kind=EvidenceKind.SENTENCE, name="", text=SENTENCE, position=0),
        ),
    )
    with office.writing() as session:
        mail = session.scalars(select(Outgoing)).one()
        deal = ladder.open_deal(session, DealDraft(title="Bo", owner_id=office.ana.user_id), at=MONDAY)
        thread = threads.ensure_thread(session, office.mailbox_id, "1f", at=MONDAY)
        threads.link(session, thread, deal.id, how=LinkedHow.CAMPAIGN, at=MONDAY)
        message = Message(
            identity="i",
            from_email="bo@x.test",
            from_name="Bo",
            subject="Re: Hi",
            received_at=MONDAY,
            answers_id=mail.id,
        )
        session.add(message)
        session.flush()
        session.add(
            MessageFacts(
                message_id=message.id, classifier=1, kind="human", facts=storing.to_json(facts), read_at=MONDAY
            )
        )
        session.add(
            Sighting(
                mailbox_id=office.mailbox_id, gmail_id="1f", message_id=message.id, thread_id=thread.id, seen_at=MONDAY
            )
        )
    return campaign


def test_the_sender_sees_who_answered_and_the_sentence_that_tells(office, answered):
    with office.reading() as session:
        [answer] = answers.of_campaign(session, answered)
        assert answers.counts(session, answered) == {Kind.HUMAN: 1}

    assert (answer.kind, answer.email, answer.from_name, answer.subject) == ("human", "bo@x.test", "Bo", "Re: Hi")
    assert answer.quote == SENTENCE


@pytest.mark.parametrize(
    ("level", "subject", "quote"),
    [(Sharing.HAPPENED, "", ""), (Sharing.SUBJECT, "Re: Hi", ""), (Sharing.QUOTE, "Re: Hi", SENTENCE)],
)
def test_a_colleague_sees_what_the_sender_shares(office, answered, level, subject, quote):
    with office.writing() as session:
        mailboxes.share(session, office.mailbox_id, level, at=MONDAY)

    with office.database.reading(office.ben) as session:
        [answer] = answers.of_campaign(session, answered)

    assert (answer.subject, answer.quote) == (subject, quote)


@pytest.mark.parametrize(("what", "wants_out"), [(What.REMOVE_ME, True), (What.INTERESTED, False)])
def test_who_asks_in_words_to_be_left_out_is_told_from_who_answers(office, answered, what, wants_out):
    heard = Facts(kind=Kind.HUMAN, said=(Said(what=what, phrase="suits", sentence=SENTENCE, position=0),))
    with office.writing() as session:
        session.scalars(select(MessageFacts)).one().facts = storing.to_json(heard)

    with office.reading() as session:
        [answer] = answers.of_campaign(session, answered)

    assert answer.wants_out is wants_out
