"""A deal's page says of each linked mail what it was taken for, and by which words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from addon.domain.mailboxes import operations as mailboxes
from addon.domain.threads import operations as threads
from addon.domain.verdicts import Kind, judge, to_json
from addon.i18n import Words
from addon.models import LinkedHow, Message, MessageFacts, Sharing, Sighting
from tests.domain.verdicts.mails import bounce, mail
from tests.web.web_world import MONDAY, World

ASKS = mail("Hi,\n\nhow much are forty <tyres>? Secret words stay here.\n\n> Shall we?\n")
AWAY = mail(
    "I am out of the office. I will be back on Monday, 10 March 2025. In urgent cases ask Eva Nowak <eva@acme.test>.",
    subject="Out of office: Your offer",
    auto_submitted="auto-replied",
)


def linked(made: World, *raws: bytes) -> int:
    """A deal with a thread of these mails."""
    deal = made.deal("Forty tyres")
    with made.database.writing(made.viewer) as session:
        thread = threads.ensure_thread(session, made.mailbox.id, "a1", at=MONDAY)
        threads.link(session, thread, deal, how=LinkedHow.EXPLICIT, at=MONDAY)
        for number, raw in enumerate(raws):
            facts, at = judge(raw).facts, MONDAY - timedelta(hours=9 - number)
            message = Message(
                identity=f"{number:064d}",
                from_email="ana@acme.test",
                from_name="Ana Rossi",
                subject="Re: Your offer",
                received_at=at,
            )
            session.add(message)
            session.flush()
            session.add(
                MessageFacts(
                    message_id=message.id,
                    classifier=facts.classifier,
                    kind=facts.kind,
                    facts=to_json(facts),
                    read_at=at,
                )
            )
            session.add(
                Sighting(
                    mailbox_id=made.mailbox.id,
                    gmail_id=f"b{number}",
                    message_id=message.id,
                    thread_id=thread.id,
                    seen_at=at,
                )
            )
    return deal


def shares(made: World, level: Sharing) -> None:
    with made.database.writing(made.viewer) as session:
        mailboxes.share(session, made.mailbox.id, level, at=MONDAY)


def test_an_answer_shows_the_sentence_that_was_heard(small_world):
    deal = linked(small_world, ASKS)

    page = small_world.client().get(f"/deals/{deal}").text

    assert "Asks for the price" in page
    assert '<mark class="dt-mark">how much are forty &lt;tyres&gt;?</mark>' in page
    assert f"Classifier version {judge(ASKS).facts.classifier}" in page
    assert "Secret words stay here" not in page


def test_an_absence_shows_when_they_are_back_and_who_stands_in(small_world):
    page = small_world.client().get(f"/deals/{linked(small_world, AWAY)}").text

    assert "Out of office" in page
    assert "Header Auto-Submitted" in page
    assert "10 Mar 2025" in page
    assert "Eva Nowak · eva@acme.test" in page


def test_a_bounce_shows_whom_it_did_not_reach_and_how_bad_that_is(small_world):
    page = small_world.client().get(f"/deals/{linked(small_world, bounce())}").text

    assert "Bounced" in page
    assert "cid@gone.test · this address is dead · 5.1.1" in page


COMMENTED = mail(
    "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:meet-1@dealer.test\nDTSTART:20250311T140000Z\n"
    "ATTENDEE;PARTSTAT=DECLINED:mailto:ana@acme.test\nCOMMENT:How much are forty tyres?\n"
    "END:VEVENT\nEND:VCALENDAR\n",
    subject="Declined: Your offer",
    content_type="text/calendar; method=REPLY; charset=utf-8",
)
SES = mail(
    '{"notificationType": "Bounce", "bounce": {"bounceType": "Permanent", "bouncedRecipients": '
    '[{"emailAddress": "cid@gone.test", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown"}]}, '
    '"mail": {"messageId": "1"}}',
    subject="AWS Notification Message",
)


def test_an_answer_to_an_invitation_shows_who_when_and_what_they_wrote_beside_it(small_world):
    page = small_world.client().get(f"/deals/{linked(small_world, COMMENTED)}").text

    assert Words()("verdict.kind.calendar_declined") in page
    assert "ana@acme.test" in page
    assert "11 Mar" in page
    assert '<mark class="dt-mark">How much are forty tyres?</mark>' in page


def test_a_notice_of_amazon_shows_whom_it_did_not_reach(small_world):
    page = small_world.client().get(f"/deals/{linked(small_world, SES)}").text

    assert "cid@gone.test · this address is dead · 5.1.1" in page
    assert "notificationType" in page


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_its_words(kind):
    say = Words()

    assert say(f"verdict.kind.{kind}") != f"verdict.kind.{kind}"
    assert say(f"verdict.because.{kind}") != f"verdict.because.{kind}"


def test_the_newest_mail_of_a_thread_comes_first(small_world):
    page = small_world.client().get(f"/deals/{linked(small_world, ASKS, bounce())}").text

    assert page.index("Bounced") < page.index("Asks for the price")


@pytest.mark.parametrize(
    ("level", "seen", "unseen"),
    [
        (Sharing.HAPPENED, [], ["dt-verdict", "how much", "Auto-Submitted", "cid@gone.test", "Eva Nowak"]),
        (
            Sharing.SUBJECT,
            ["Bounced", "Header Auto-Submitted", "shares no sentences of this mail"],
            ["how much", "Asks for the price", "cid@gone.test", "Eva Nowak", "I am out of the office"],
        ),
        (Sharing.QUOTE, ["how much", "cid@gone.test", "Eva Nowak"], ["shares no sentences"]),
    ],
)
def test_a_colleague_sees_no_more_than_the_owner_shares(small_world, level, seen, unseen):
    deal = linked(small_world, ASKS, AWAY, bounce())
    shares(small_world, level)

    page = small_world.client(small_world.dimas).get(f"/deals/{deal}").text

    assert [words for words in seen if words not in page] == []
    assert [words for words in unseen if words in page] == []


def test_a_mail_without_facts_has_no_verdict(small_world):
    deal = small_world.deal("Bursztyn")
    small_world.answer_moves(deal, "Proposal", "Yes.", at=MONDAY)

    assert "dt-verdict" not in small_world.client().get(f"/deals/{deal}").text
