"""A rep opens a mail and sees who wrote, which deal it is, and what to do."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType

import pytest
from sqlalchemy import func, select

from addon.domain.access import Viewer
from addon.domain.deals import operations as deals
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines.operations import StageDraft
from addon.models import Activity, Sharing, StageKind, Thread
from addon.sandbox.gmail import Delivered
from tests.domain.team_at_work import ANNA, BEN, JANE, mail
from tests.sidebar.beside_gmail import NOON, PUBLIC_URL, BesideGmail, unfolded


def linked(desk: BesideGmail, *, title: str = "Ramp for Acme") -> tuple[int, Delivered]:
    deal_id, delivered = desk.team.deal(title), desk.deliver()
    desk.press(desk.open(delivered), "Link this thread", delivered)
    return deal_id, delivered


def test_a_stranger_can_be_added_with_a_deal(desk: BesideGmail):
    card = desk.open(desk.deliver('"Doe, Jane" <j@x.test>', subject="Re: Offer <b>now</b>"))

    assert "<b>Doe, Jane</b>" in card.words
    assert card.primary == ["Add and create deal"]
    assert card.input("name")["value"] == "Doe, Jane"
    assert card.input("title")["value"] == "Doe, Jane: Offer <b>now</b>"
    assert unfolded(card.card) <= 12


@pytest.mark.parametrize(
    ("sender", "more", "told"),
    [
        ("Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "", "A delivery report: a mail server wrote it, no"),
        (
            "postmaster@x.test",
            "X-Failed-Recipients: gone@y.test\r\n",
            "A delivery report: a mail server wrote it, about a mail to gone@y.test.",
        ),
        ("Shop <noreply@x.test>", "Auto-Submitted: auto-generated\r\n", "An automatic mail: a machine wrote it"),
    ],
)
def test_a_machine_that_writes_is_named_and_nobody_is_added(desk: BesideGmail, sender: str, more: str, told: str):
    card = desk.open(desk.deliver(sender, subject="Returned", more=more))

    assert told in card.words
    assert "Add" not in card.words
    assert card.primary == []


def test_a_delivery_report_shows_the_person_of_ours_whom_it_is_about(desk: BesideGmail):
    desk.team.deal()

    card = desk.open(desk.deliver("mailer-daemon@x.test", subject="Returned", more=f"X-Failed-Recipients: {JANE}\r\n"))

    assert f"about a mail to {JANE}." in card.words
    assert card.primary == ["Link this thread"]


def test_what_people_write_stays_text(desk: BesideGmail):
    card = desk.open(desk.deliver('"<script>alert(1)</script> & <a href=x>Co</a>" <x@x.test>', subject="<i>Hi"))
    created = desk.press(card, "Add and create deal", name="<u>Ann</u>", title="<i>Hi & bye")

    assert "<b>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;a href=x&gt;Co&lt;/a&gt;</b>" in card.words
    assert "&lt;u&gt;Ann&lt;/u&gt;" in created.words
    assert "&lt;i&gt;Hi &amp; bye" in created.words
    assert created.notice == "Created <i>Hi & bye and linked this thread."


def test_a_person_without_a_deal_gets_one(desk: BesideGmail):
    deal_id = desk.team.deal()
    desk.team.move(deal_id, "Lost")

    card = desk.open(desk.deliver())

    assert card.primary == ["Create deal"]
    assert "Earlier deals" in card.words
    assert "Ramp for Acme" in card.words


def test_one_open_deal_is_shown_and_linked_with_one_press(desk: BesideGmail):
    desk.team.deal()
    delivered = desk.deliver()

    card = desk.open(delivered)
    after = desk.press(card, "Link this thread", delivered)

    assert card.primary == ["Link this thread"]
    assert after.notice == "Linked to Ramp for Acme."
    assert after.primary == ["Move to Talking"]
    assert after.json["stateChanged"] is True


def test_several_deals_are_asked_about_and_the_answer_is_remembered(desk: BesideGmail):
    desk.team.deal("First")
    second = desk.team.deal("Second")
    delivered = desk.deliver()

    card = desk.open(delivered)
    answered = desk.press(card, "Link to this deal", delivered, deal=second)

    assert "2 deals fit." in card.words
    assert answered.notice == "Linked to Second."
    assert desk.open(delivered).primary == ["Move to Talking"]


def test_a_dismissed_question_is_not_asked_again(desk: BesideGmail):
    desk.team.deal("First"), desk.team.deal("Second")
    delivered = desk.deliver()

    after = desk.press(desk.open(delivered), "None of them", delivered)

    assert "We won’t ask" in after.notice
    assert "belongs to no deal" in desk.open(delivered).words
    assert desk.press(desk.open(delivered), "Link to this deal", delivered, deal=1).notice == "Linked to First."


def test_person_deal_stage_and_one_primary_button_stand_first(desk: BesideGmail):
    _, delivered = linked(desk)

    card = desk.open(delivered)
    happened, facts, *_ = card.card["sections"]

    assert happened["widgets"][0]["decoratedText"]["text"] == "<b>Thread linked</b>"
    texts = [each["decoratedText"]["text"] for each in facts["widgets"][:4]]
    assert texts == ["<b>jane</b>", "Ramp for Acme", "New", "None yet"]
    assert facts["widgets"][2]["decoratedText"]["bottomLabel"] == "1 of 3 · since today"
    assert card.primary == ["Move to Talking"]
    assert unfolded(card.card) <= 12


def test_a_mail_that_moved_its_deal_shows_the_sentence_and_the_rule(desk: BesideGmail):
    desk.team.standard_rule()
    deal_id, delivered = linked(desk)
    desk.receive(delivered, answers="<first@halyard.example>")

    card = desk.open(delivered)

    assert desk.team.stage(deal_id) == "Talking"
    assert "<b>Moved to Talking</b>" in card.words
    assert "4 minutes ago, by their mail" in card.words
    assert "<i>“Yes, please send us the offer.”</i>" in card.words
    assert "Rule ‘A person answered’, version 1" in card.words
    assert "Last touches (1)" in card.words


def test_where_not_all_touches_are_shown_the_rest_is_one_press_away(desk: BesideGmail):
    deal_id, delivered = linked(desk)
    for number in range(7):
        raw = mail(message_id=f"<answer-{number}@acme.example>")
        desk.team.receive(raw, thread=delivered.thread_id, gmail_id=f"a{number}", at=NOON - timedelta(minutes=number))

    card = desk.open(delivered)

    assert "Last touches (5 of 7)" in card.words
    assert card.press("All of them, on the deal’s page")["openLink"]["url"] == f"{PUBLIC_URL}/deals/{deal_id}"


def test_a_campaigns_mail_is_a_touch_beside_the_answer_to_it(desk: BesideGmail):
    deal_id, delivered = linked(desk)
    desk.receive(delivered, answers="<first@halyard.example>")
    desk.team.sent(deal_id=deal_id)

    card = desk.open(delivered)

    assert "Last touches (2)" in card.words
    assert card.words.count("Campaign mail ‘Spring’ sent to somebody") == 1


def test_a_colleague_sees_of_a_mail_what_its_owner_shares(desk: BesideGmail):
    desk.team.standard_rule()
    _, delivered = linked(desk)
    desk.receive(delivered, answers="<first@halyard.example>")
    with desk.team.acting() as session:
        mailboxes.share(session, desk.team.mailboxes[ANNA], Sharing.HAPPENED, at=NOON)
    bens = desk.deliver(box=BEN)

    card = desk.press(desk.open(bens, by=BEN), "Link this thread", bens, by=BEN)

    assert "A mail that its owner keeps private" in card.words
    assert "send us the offer" not in card.words
    assert "does not share the sentence" in card.words
    assert "send us the offer" in desk.open(delivered).words


def test_a_mail_to_oneself_is_no_customer(desk: BesideGmail):
    card = desk.open(desk.deliver(f"Anna <{ANNA}>", to=f"anna+notes@halyard.example, {BEN}"))

    assert "Only you and your colleagues" in card.words
    assert card.primary == []


def test_what_one_sent_is_about_its_first_recipient_outside(desk: BesideGmail):
    desk.team.deal()

    card = desk.open(desk.deliver(f"Anna <{ANNA}>", to=f"{BEN}, Jane <{JANE}>"))

    assert "Ramp for Acme" in card.words


def test_a_thread_of_two_hundred_mails_costs_one_call(desk: BesideGmail):
    first = desk.deliver(subject="Long talk")
    for _ in range(199):
        last = desk.deliver(subject="Re: Long talk", more=f"References: {desk.message_ids[0]}\r\n")
    desk.home()  # certificates are fetched once, not for each card
    before = desk.gmail.calls.all()

    card = desk.open(last)

    after = desk.gmail.calls.all()
    assert last.thread_id == first.thread_id
    assert card.primary == ["Add and create deal"]
    assert {name: n - before.get(name, 0) for name, n in after.items() if n != before.get(name, 0)} == {
        "messages.get": 1
    }


def test_a_deal_deleted_in_another_tab_is_said_and_lost_to_nobody(desk: BesideGmail):
    deal_id, delivered = linked(desk)
    card = desk.open(delivered)
    with desk.team.acting() as session:
        deals.delete(session, deal_id, at=NOON)

    pressed = desk.press(card, "Move to Talking", delivered)
    opened = desk.open(delivered)

    assert "deleted in another tab" in pressed.notice
    assert "was deleted" in opened.words
    assert opened.primary == ["Create deal"]


def test_an_unconnected_mailbox_says_connect(desk: BesideGmail):
    cara = desk.hire_cara()
    desk.team.deal()
    delivered = desk.deliver(box=cara)

    card = desk.open(delivered, by=cara)

    assert card.primary == ["Connect Gmail"]
    assert card.press("Connect Gmail")["openLink"]["url"] == f"{PUBLIC_URL}/mailboxes"
    assert "Ramp for Acme" in card.words


def test_a_lost_grant_says_reconnect_and_the_deal_stays_in_hand(desk: BesideGmail):
    _, delivered = linked(desk)
    with desk.team.acting() as session:
        mailboxes.lose_grant(session, desk.team.mailboxes[ANNA], "invalid_grant", at=NOON)

    card = desk.open(delivered)

    assert "no longer lets us into anna@halyard.example" in card.words
    assert card.press("Reconnect Gmail")["openLink"]["url"] == f"{PUBLIC_URL}/mailboxes"
    assert card.primary == ["Move to Talking"]


def test_an_expired_message_token_asks_to_open_the_mail_again(desk: BesideGmail):
    delivered = desk.deliver()
    made = desk.event("/addon/message", delivered)
    made["gmail"]["accessToken"] = desk.gmail.access_token(
        ANNA, desk.granted or (), -5, message_id=delivered.message_id
    )

    card = desk.post("/addon/message", made)

    assert card.status == 200
    assert "Open this mail again." in card.words


@pytest.mark.parametrize("gmail", [None, {}, {"accessToken": "x"}, "odd", {"messageId": None}])
def test_an_event_without_a_message_says_open_one(desk: BesideGmail, gmail: object):
    made = desk.event("/addon/message")
    made["gmail"] = gmail

    assert "No mail is open." in desk.post("/addon/message", made).words


@pytest.mark.parametrize("fault", ["500", "429", "hangup_before"])
def test_where_gmail_is_silent_one_can_try_again(desk: BesideGmail, fault: str):
    delivered = desk.deliver()
    desk.gmail.faults.add(method="messages.get", kind=fault)

    card = desk.open(delivered)
    again = desk.press(card, "Try again", delivered)

    assert "Gmail did not answer." in card.words
    assert again.primary == ["Add and create deal"]


def test_beyond_its_limit_a_deal_says_so(desk: BesideGmail, clock: ModuleType):
    with desk.team.database.writing(Viewer.operator(desk.team.team_id)) as session:
        stages = [
            StageDraft("Demo", 10, 10),
            StageDraft("Won", kind=StageKind.WON),
            StageDraft("Lost", kind=StageKind.LOST),
        ]
        desk.team.pipeline_id = pipelines.create(session, "Demos", stages, at=NOON).id
    _, delivered = linked(desk)

    fresh = desk.open(delivered)
    clock.set_world(NOON + timedelta(days=12))
    stale = desk.open(delivered)

    assert "1 of 1 · since today · limit 10 days" in fresh.words
    assert "over its limit of 10 days" in stale.words
    assert stale.primary == ["Move to Won"]


def test_opening_a_message_changes_nothing(desk: BesideGmail):
    desk.team.deal("First"), desk.team.deal("Second")
    with desk.team.looking() as session:
        before = session.scalar(select(func.count(Activity.id)))

    desk.open(desk.deliver()), desk.home()

    with desk.team.looking() as session:
        assert session.scalar(select(func.count(Activity.id))) == before
        assert session.scalar(select(func.count(Thread.id))) == 0
