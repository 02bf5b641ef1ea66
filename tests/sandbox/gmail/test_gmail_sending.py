from __future__ import annotations

import pytest
from googleapiclient.errors import HttpError

from tests.sandbox.gmail.conftest import ANNA, BEN, decoded, encoded, header, mail


def send(api, raw, thread=None):
    body = {"raw": encoded(raw), **({"threadId": thread} if thread else {})}
    return api.messages().send(userId="me", body=body).execute()


def everything(api, number):
    return api.messages().get(userId="me", id=number).execute()


def raw_of(api, number):
    return decoded(api.messages().get(userId="me", id=number, format="raw").execute()["raw"])


def inbox(api):
    listed = api.messages().list(userId="me", labelIds=["INBOX"]).execute()
    return [everything(api, entry["id"]) for entry in listed.get("messages", [])]


def test_a_sent_mail_begins_a_thread_of_its_own_with_its_own_id(anna):
    sent = send(anna, mail())

    assert len(sent["id"]) == 16
    assert int(sent["id"], 16) > 0
    assert sent["threadId"] == sent["id"]
    assert sent["labelIds"] == ["SENT"]


def test_gmail_puts_its_own_message_id_but_keeps_our_headers(anna):
    sent = everything(anna, send(anna, mail(Message_ID="<mine@dealthread>", X_Dealthread_Ref="r.1"))["id"])

    assert header(sent, "Message-ID").endswith("@mail.gmail.com>")
    assert header(sent, "X-Dealthread-Ref") == "r.1"


def test_everybody_gets_one_copy_and_only_the_sender_sees_bcc(gmail, anna, ben):
    sent = send(anna, mail("ana@acme.test, Ana <ANA@acme.test>", Cc=BEN, Bcc="boss@halyard.example"))

    [outside] = gmail.outside.mails("ana@acme.test")
    [arrived] = inbox(ben)
    assert gmail.outside.counts() == {"ana@acme.test": 1, "boss@halyard.example": 1}
    assert b"Bcc: boss@halyard.example" in raw_of(anna, sent["id"])
    assert b"Bcc" not in outside.raw
    assert b"Bcc" not in raw_of(ben, arrived["id"])
    assert arrived["labelIds"] == ["INBOX", "UNREAD"]
    assert header(arrived, "Delivered-To") == BEN
    assert outside.message_id == sent["id"]


def test_a_strange_from_becomes_the_accounts_own_but_a_send_as_address_stays(gmail, anna):
    gmail.send_as.add(gmail.accounts.get(ANNA), "sales@halyard.example", name="Sales")

    strange = everything(anna, send(anna, mail(sender="The Queen <queen@palace.test>"))["id"])
    alias = everything(anna, send(anna, mail(sender="Sales <sales@halyard.example>"))["id"])

    assert header(strange, "From") == f"Anna Kowalczyk <{ANNA}>"
    assert header(alias, "From") == "Sales <sales@halyard.example>"
    assert [entry["sendAsEmail"] for entry in anna.settings().sendAs().list(userId="me").execute()["sendAs"]] == [
        ANNA,
        "sales@halyard.example",
    ]


def test_a_mail_to_oneself_is_one_message_both_sent_and_received(anna):
    sent = send(anna, mail(to=ANNA))

    assert set(sent["labelIds"]) == {"SENT", "INBOX", "UNREAD"}
    assert anna.getProfile(userId="me").execute()["messagesTotal"] == 1


def test_a_plus_tag_and_an_alias_reach_the_mailbox(gmail, anna, ben):
    gmail.send_as.add(gmail.accounts.get(BEN), "support@halyard.example")

    send(anna, mail(to="ben+deal@halyard.example"))
    send(anna, mail(to="support@halyard.example"))

    assert len(inbox(ben)) == 2
    assert gmail.outside.counts() == {}


@pytest.mark.parametrize(
    ("raw", "status", "reason"),
    [
        (mail(to=""), 400, "Recipient address required"),
        (mail(to="nonsense"), 400, "Invalid To header"),
        (mail(body="x" * 36_700_160), 413, "Request Entity Too Large"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_leaves_nothing(gmail, anna, raw, status, reason):
    with pytest.raises(HttpError) as refused:
        send(anna, raw)

    assert (refused.value.status_code, refused.value.reason) == (status, reason)
    assert anna.getProfile(userId="me").execute()["messagesTotal"] == 0
    assert gmail.outside.counts() == {}


def test_listeners_hear_of_a_mail_after_it_left_and_may_use_the_mailbox(gmail, anna):
    heard = []
    gmail.on_sent(lambda sent: heard.append((sent, gmail.outside.counts())))

    sent = send(anna, mail())

    [(told, counts)] = heard
    assert (told.sender, told.recipients, told.message_id) == (ANNA, ("ana@acme.test",), sent["id"])
    assert counts == {"ana@acme.test": 1}


def test_a_listener_that_fails_does_not_take_the_mail_back(gmail, anna, caplog):
    gmail.on_sent(lambda _: 1 / 0)

    assert send(anna, mail())["labelIds"] == ["SENT"]
    assert "ZeroDivisionError" in caplog.text


class TestThreading:
    def test_a_follow_up_joins_its_thread_when_id_references_and_subject_agree(self, anna):
        first = send(anna, mail())
        parent = header(everything(anna, first["id"]), "Message-ID")

        second = send(anna, mail(subject="Re: Offer 42", In_Reply_To=parent, References=parent), first["threadId"])

        assert second["threadId"] == first["threadId"]

    @pytest.mark.parametrize("missing", ["references", "subject"])
    def test_a_thread_id_that_headers_do_not_bear_out_is_not_honoured(self, anna, missing):
        first = send(anna, mail())
        parent = header(everything(anna, first["id"]), "Message-ID") if missing != "references" else ""
        subject = "Something else" if missing == "subject" else "Re: Offer 42"

        second = send(anna, mail(subject=subject, In_Reply_To=parent, References=parent), first["threadId"])

        assert second["threadId"] == second["id"] != first["threadId"]

    def test_an_unknown_thread_is_not_found_and_an_event_id_is_no_thread_id(self, anna):
        with pytest.raises(HttpError) as unknown:
            send(anna, mail(), "18c2f3a9b0d1e2f3")
        with pytest.raises(HttpError) as event:
            send(anna, mail(), "thread-f:1784256312533705459")

        assert (unknown.value.status_code, event.value.status_code) == (404, 400)

    def test_an_answer_from_outside_joins_the_thread_of_what_it_answers(self, gmail, anna):
        sent = send(anna, mail())
        rfc_id = gmail.outside.mails("ana@acme.test")[0].rfc_id

        [answer] = gmail.deliver(
            mail(to=ANNA, sender="ana@acme.test", subject="RE: offer 42", References=rfc_id), [ANNA]
        )
        [other] = gmail.deliver(mail(to=ANNA, sender="ana@acme.test", subject="New topic", References=rfc_id), [ANNA])

        assert answer.thread_id == sent["threadId"]
        assert other.thread_id == other.message_id

    def test_a_bounce_joins_the_thread_under_its_own_subject(self, gmail, anna):
        sent = send(anna, mail())
        rfc_id = gmail.outside.mails("ana@acme.test")[0].rfc_id
        report = mail(
            to=ANNA,
            sender="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
            subject="Delivery Status Notification (Failure)",
            In_Reply_To=rfc_id,
            References=rfc_id,
            Content_Type='multipart/report; boundary="b"; report-type=delivery-status',
            body="--b\r\nContent-Type: text/plain\r\n\r\nNo such user\r\n--b--",
        )

        [bounce] = gmail.deliver(report, [ANNA])

        assert bounce.thread_id == sent["threadId"]

    def test_two_colleagues_see_one_mail_in_threads_of_their_own(self, anna, ben):
        sent = send(anna, mail(to=BEN))
        [arrived] = inbox(ben)
        rfc_id = header(arrived, "Message-ID")

        answer = send(
            ben,
            mail(to=ANNA, sender=BEN, subject="Re: Offer 42", In_Reply_To=rfc_id, References=rfc_id),
            arrived["threadId"],
        )
        [returned] = inbox(anna)

        assert arrived["threadId"] != sent["threadId"]
        assert answer["threadId"] == arrived["threadId"]
        assert returned["threadId"] == sent["threadId"]
        thread = anna.threads().get(userId="me", id=sent["threadId"]).execute()
        assert [message["id"] for message in thread["messages"]] == [sent["id"], returned["id"]]
