"""Bounces, delays and notices as mail systems of many makes write them, and what only looks like one."""

from __future__ import annotations

import json

import pytest

from addon.domain.verdicts import Kind, Severity, judge
from tests.domain.verdicts.mails import bounce, mail, multipart

DAEMON = {"from": "MAILER-DAEMON@mx.gone.test", "in_reply_to": None, "message_id": "<d1@mx.gone.test>"}
RETURNED = "From: bob@dealer.test\r\nTo: cid@gone.test\r\nMessage-ID: <sent7@dealer.test>\r\n\r\nShall we?\r\n"


def facts(raw):
    return judge(raw).facts


def named(raw):
    return {one.address: one.severity for one in facts(raw).recipients}


@pytest.mark.parametrize(
    ("subject", "text", "severity"),
    [
        (
            "Mail delivery failed: returning message to sender",
            "This message was created automatically by mail delivery software.\n\nA message that you sent could not be "
            "delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:"
            "\n\n  cid@gone.test\n    Unrouteable address\n",
            Severity.HARD,
        ),
        (
            "failure notice",
            "Hi. This is the qmail-send program at mx.gone.test.\nI'm afraid I wasn't able to deliver your message to "
            "the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
            "<cid@gone.test>:\nUser is over the quota. You can try again later.\n\n"
            "--- Below this line is a copy of the message.\n\n" + RETURNED,
            Severity.SOFT,
        ),
        (
            "Returned mail: User unknown",
            "   ----- Transcript of session follows -----\nWhile talking to mx.test:\n>>> RCPT To:<cid@gone.test>\n"
            "<<< 550 No such user here\n550 <cid@gone.test>... User unknown\n\n"
            "   ----- Unsent message follows -----\n" + RETURNED,
            Severity.HARD,
        ),
        (
            "Undeliverable: Your offer",
            "Your message did not reach some or all of the intended recipients.\n\n      Subject:\tYour offer\n\n"
            "The following recipient(s) could not be reached:\n\n      cid@gone.test on 3/3/2025 10:00 AM\n"
            "            The e-mail account does not exist at the organization this message was sent to.\n",
            Severity.HARD,
        ),
        (
            "DELIVERY FAILURE: User cid (cid@gone.test) not listed in Domino Directory",
            "Your message\n\n  Subject: Your offer\n\nwas not delivered to:\n\n  cid@gone.test\n\nbecause:\n\n"
            "  User cid (cid@gone.test) not listed in Domino Directory\n",
            Severity.HARD,
        ),
        (
            "Delivery Status Notification (Failure)",
            "The following message to <cid@gone.test> was undeliverable.\nThe reason for the problem:\n"
            "5.3.0 - Other mail system problem 554-'5.7.1 listed by Spamhaus'\n",
            Severity.BLOCKED,
        ),
        (
            "Unzustellbar: Ihr Angebot",
            "Ihre Nachricht an cid@gone.test konnte nicht zugestellt werden.\nDas Postfach ist voll.\n",
            Severity.SOFT,
        ),
        (
            "Mancato recapito: Offerta",
            "Il messaggio per cid@gone.test non è stato consegnato.\nUtente sconosciuto.\n",
            Severity.HARD,
        ),
    ],
)
def test_prose_of_mail_systems_is_a_bounce_and_says_who_and_how_bad(subject, text, severity):
    raw = mail(text, subject=subject, **DAEMON)

    assert facts(raw).kind is Kind.BOUNCE
    assert named(raw) == {"cid@gone.test": severity}


def test_each_recipient_has_a_fate_of_its_own():
    text = (
        "The following address(es) failed:\n\n  cid@gone.test\n    user unknown\n\n  dora@gone.test\n"
        "    mailbox is full\n"
    )

    assert named(mail(text, subject="Mail delivery failed", **DAEMON)) == {
        "cid@gone.test": Severity.HARD,
        "dora@gone.test": Severity.SOFT,
    }


def test_recipients_of_a_report_may_stand_without_a_blank_line_between():
    report = "Reporting-MTA: dns; mx.test\r\n\r\n" + "".join(
        f"Final-Recipient: rfc822; {who}@gone.test\r\nAction: failed\r\nStatus: {status}\r\n"
        for who, status in (("cid", "5.1.1"), ("dora", "5.2.2"))
    )
    raw = multipart(
        ("text/plain", "Failed."),
        ("message/delivery-status", report),
        kind="report; report-type=delivery-status",
        **{**DAEMON, "subject": "Undelivered"},
    )

    assert named(raw) == {"cid@gone.test": Severity.HARD, "dora@gone.test": Severity.SOFT}


def test_a_report_that_lost_its_form_is_read_from_the_text():
    text = (
        "Your message cannot be delivered.\n\nReporting-MTA: dns; mx.test\n\nFinal-Recipient: rfc822; cid@gone.test\n"
        "Action: failed\nStatus: 5.1.1\n"
    )

    assert named(mail(text, subject="Delivery failure", **DAEMON)) == {"cid@gone.test": Severity.HARD}


@pytest.mark.parametrize(
    "text", ["Undelivered: nobody here.", "Hello. Undelivered: nobody here.", "Hi,\n\nUndelivered."]
)
def test_the_sentence_of_a_bounce_in_prose_is_quoted_from_its_beginning(text):
    daemon = {"from": "Mailer <mailer-daemon@gone.test>", "subject": "Undelivered mail", "in_reply_to": None}
    [told] = [one for one in judge(mail(text, **daemon)).facts.evidence if one.position is not None]

    assert told.text.startswith("Undelivered")
    assert text[told.position :].startswith("Undelivered")


def test_the_mail_beneath_lends_nobody_to_the_bounce():
    text = (
        "A message that you sent could not be delivered to one or more of its recipients.\n\n"
        "cid@gone.test Invalid Address, ERROR_CODE :550, User Unknown\n\n\nReceived:from mx.dealer.test by mx.test\n"
        "Message-ID:<sent7@dealer.test>\nFrom: Bob <bob@dealer.test>\nTo:<cid@gone.test>\n"
    )

    assert named(mail(text, subject="Undelivered Mail Returned to Sender", **DAEMON)) == {
        "cid@gone.test": Severity.HARD
    }


class TestDelays:
    @pytest.mark.parametrize(
        ("subject", "text"),
        [
            (
                "Warning: message 1a2b delayed 24 hours",
                "A message that you sent has not yet been delivered to one or more of its recipients after more than "
                "24 hours on the queue.\n\n  cid@gone.test\n\nDelivery attempts will continue.",
            ),
            (
                "Delivery Status Notification (Delay)",
                "This is an automatically generated Notification.\n\nTHIS IS A WARNING MESSAGE ONLY.\n\n"
                "YOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\nDelivery to the following recipient has been delayed:\n\n"
                "     cid@gone.test\n",
            ),
        ],
    )
    def test_while_a_server_still_tries_it_is_a_delay_and_nobody_is_dead(self, subject, text):
        raw = mail(text, subject=subject, **DAEMON)

        assert facts(raw).kind is Kind.DELAY
        assert named(raw) == {"cid@gone.test": Severity.SOFT}


class TestNotices:
    def notice(self, **told):
        return mail(json.dumps({**told, "mail": {"messageId": "1"}}), **{"from": "no-reply@sns.amazonaws.test"})

    @pytest.mark.parametrize(
        ("told", "kind", "severity"),
        [
            (
                {
                    "notificationType": "Bounce",
                    "bounce": {
                        "bounceType": "Permanent",
                        "bouncedRecipients": [
                            {
                                "emailAddress": "Cid@gone.test",
                                "status": "5.1.1",
                                "diagnosticCode": "smtp; 550 5.1.1 unknown",
                            }
                        ],
                    },
                },
                Kind.BOUNCE,
                Severity.HARD,
            ),
            (
                {
                    "notificationType": "Complaint",
                    "complaint": {"complainedRecipients": [{"emailAddress": "cid@gone.test"}]},
                },
                Kind.COMPLAINT,
                None,
            ),
            ({"eventType": "Delivery", "delivery": {"recipients": ["cid@gone.test"]}}, Kind.DELIVERED, None),
            (
                {
                    "eventType": "DeliveryDelay",
                    "deliveryDelay": {"delayedRecipients": [{"emailAddress": "cid@gone.test", "status": "4.4.1"}]},
                },
                Kind.DELAY,
                Severity.SOFT,
            ),
        ],
    )
    def test_a_notice_in_json_says_what_happened_to_whom(self, told, kind, severity):
        raw = self.notice(**told)

        assert facts(raw).kind is kind
        assert named(raw) == {"cid@gone.test": severity}

    def test_a_notice_names_the_mail_it_speaks_of(self):
        original = {
            "messageId": "0100018f",
            "headers": [
                {"name": "Message-ID", "value": "<sent7@dealer.test>"},
                {"name": "X-Dealthread-Ref", "value": "6f1c.2"},
            ],
        }
        bounced = {"bouncedRecipients": [{"emailAddress": "cid@gone.test"}]}
        found = facts(mail(json.dumps({"eventType": "Bounce", "bounce": bounced, "mail": original})))

        assert found.original_ids == ("<sent7@dealer.test>", "<0100018f@email.amazonses.com>")
        assert found.original_ref == "6f1c.2"

    @pytest.mark.parametrize("text", ["{", '{"notificationType": "Bounce"}', "[" * 5_000, '{"Message": "{"}'])
    def test_json_that_is_no_notice_is_none(self, text):
        assert facts(mail(text)).kind is Kind.HUMAN


class TestWhatIsNoBounce:
    def test_who_asks_for_a_proof_of_the_sender_is_not_dead(self):
        report = "Final-Recipient: rfc822; ana@acme.test\r\nAction: failed\r\nStatus: 4.7.0\r\n"
        raw = multipart(
            ("text/plain", "Your message has been waitlisted. Click the link below to be added to my guest list."),
            ("message/delivery-status", report),
            kind="report; report-type=delivery-status",
            **{"from": "noreply@guests.test", "reply_to": "ana@acme.test", "in_reply_to": None},
        )

        assert facts(raw).kind is Kind.AUTO_REPLY

    def test_a_person_who_sends_from_the_machine_and_comes_to_the_point_late_wrote_an_answer(self):
        text = (
            "I was writing you this long mail about the ramps.\nBy the way, when I wrote to cid@gone.test it was "
            "rejected as the mailbox is full, and could not be delivered."
        )

        assert facts(mail(text, **{"from": "Ana <postmaster@acme.test>", "subject": "Re: Your offer"})).kind not in (
            Kind.BOUNCE,
            Kind.DELAY,
        )

    @pytest.mark.parametrize(
        "sender", ["Root <root@kernel.test>", "Joe SMTP <smtp-fan@lists.test>", "Administrator <administrator@x.test>"]
    )
    def test_a_post_to_a_list_about_a_failure_is_no_bounce(self, sender):
        raw = mail(
            "Hi all,\n\nsince the update our server says 550 user unknown, delivery failed. Any idea?\n",
            subject="[users] delivery failure since the update",
            headers=[("List-Post", "<mailto:users@lists.test>"), ("List-Id", "<users.lists.test>")],
            **{"from": sender, "in_reply_to": None},
        )

        assert facts(raw).kind not in (Kind.BOUNCE, Kind.DELAY)

    @pytest.mark.parametrize(
        ("subject", "text"),
        [
            ("Delivery notification: your parcel", "We could not deliver your parcel. Write to help@parcels.test."),
            ("Payment failure", "Your payment failed: the card has expired. Ask billing@shop.test."),
            ("Your order was rejected", "The order was rejected. Please do not reply to this message."),
        ],
    )
    def test_shops_and_carriers_write_of_failures_too(self, subject, text):
        raw = mail(text, subject=subject, **{"from": "Shop <no-reply@shop.test>", "in_reply_to": None})

        assert facts(raw).kind is Kind.AUTO_REPLY

    def test_a_person_who_forwards_a_bounce_is_a_person(self):
        text = (
            "Look what came back.\n\nBegin forwarded message:\n\n> From: Mail Delivery Subsystem <MAILER-DAEMON>\n"
            "> Subject: Returned mail\n>\n> Final-Recipient: rfc822; cid@gone.test\n> Action: failed\n> Status: 5.1.1\n"
        )

        assert facts(mail(text, subject="Fwd: Returned mail: see transcript for details")).kind is Kind.HUMAN

    def test_a_part_that_is_called_report_makes_no_report(self):
        raw = mail(
            "--report\r\nContent-Type: text/plain\r\n\r\nThe delivery failed, said our driver.\r\n--report--\r\n",
            subject="Re: delivery failed",
            content_type="multipart/mixed; boundary=report",
        )

        assert facts(raw).kind is Kind.HUMAN


def test_a_receipt_by_which_a_server_threw_the_mail_away_is_a_bounce():
    receipt = (
        "Final-Recipient: rfc822; cid@gone.test\r\nDisposition: automatic-action/MDN-sent-automatically; deleted\r\n"
    )
    parts = (
        ("text/plain", "Your message to <cid@gone.test> was automatically rejected:\r\nQuota exceeded"),
        ("message/disposition-notification", receipt),
    )
    kind = "report; report-type=disposition-notification"

    raw = multipart(*parts, kind=kind, **{**DAEMON, "subject": "Automatically rejected mail"})
    assert facts(raw).kind is Kind.BOUNCE
    assert named(raw) == {"cid@gone.test": Severity.SOFT}

    by_a_person = multipart(("text/plain", "Not read"), parts[1], kind=kind, subject="Not read: Your offer")
    assert facts(by_a_person).kind is Kind.AUTO_REPLY


def test_a_report_about_somebody_elses_mail_says_whose_it_is():
    foreign = (
        bounce()
        .replace(b"<sent7@dealer.test>", b"<other1@elsewhere.test>")
        .replace(b"X-Dealthread-Ref: 6f1c.2", b"X: y")
    )
    told = facts(foreign)

    assert told.kind is Kind.BOUNCE
    assert (told.original_ids, told.original_ref) == (("<other1@elsewhere.test>",), "")
