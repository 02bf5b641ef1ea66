"""The vacation responder: who hears that somebody is away, and who never does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from googleapiclient.errors import HttpError

from addon.sandbox.gmail import Gmail
from addon.sandbox.gmail.mailbox.mime import Mail
from tests.sandbox.gmail.conftest import ANNA, BEN, mail

MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
ZOE = "zoe@acme.test"
SETTINGS = "https://www.googleapis.com/auth/gmail.settings.basic"


def away(gmail: Gmail, **settings: Any) -> None:
    words = {"responseSubject": "Away", "responseBodyPlainText": "Back on Friday."}
    gmail.vacation.update(gmail.accounts.get(ANNA), {"enableAutoReply": True, **words, **settings})


def arrives(gmail: Gmail, *, at: datetime = MONDAY, sender: str = f"Zoe <{ZOE}>", **headers: str) -> str:
    [arrived] = gmail.deliver(mail(to=ANNA, sender=sender, **headers), [ANNA], at=at)
    return arrived.thread_id


def answers(gmail: Gmail) -> int:
    return sum(gmail.outside.counts().values())


def test_whoever_writes_is_answered_once_in_four_days_and_in_the_thread(gmail, clock):
    clock.set_world(MONDAY)
    away(gmail)

    thread = arrives(gmail, Message_ID="<1@acme.test>")
    arrives(gmail, at=MONDAY + timedelta(days=3, hours=23))
    assert answers(gmail) == 1
    arrives(gmail, at=MONDAY + timedelta(days=4, minutes=1))

    first, _second = gmail.outside.mails(ZOE)
    shown = {name: first.header(name) for name in ("Subject", "Auto-Submitted", "Precedence", "X-Autoreply", "From")}
    assert shown == {
        "Subject": "Away Re: Offer 42",
        "Auto-Submitted": "auto-replied",
        "Precedence": "bulk",
        "X-Autoreply": "yes",
        "From": f"Anna Kowalczyk <{ANNA}>",
    }
    assert (first.header("In-Reply-To"), first.header("References")) == ("<1@acme.test>",) * 2
    assert b"Back on Friday." in first.raw
    found = gmail.threads.get(gmail.accounts.get(ANNA), int(thread, 16))
    assert [message.labels for message in found] == [("INBOX", "UNREAD"), ("SENT",)]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<news.acme.test>"},
        {"sender": "Mail Delivery Subsystem <mailer-daemon@acme.test>"},
        {"sender": "noreply@acme.test"},
        {"Return_Path": "<>"},
        {"sender": ANNA},
    ],
    ids=["an answering machine", "bulk", "a list", "a mail daemon", "nobody who reads", "a bounce", "oneself"],
)
def test_machines_lists_and_oneself_are_never_answered(gmail, headers):
    away(gmail)

    arrives(gmail, **headers)

    assert answers(gmail) == 0
    assert gmail.messages.totals(gmail.accounts.get(ANNA))[0] == 1


def test_two_who_are_both_away_do_not_write_to_each_other_for_ever(gmail, anna, ben):
    away(gmail)
    gmail.vacation.update(gmail.accounts.get(BEN), {"enableAutoReply": True, "responseBodyPlainText": "Away, too."})

    gmail.sending.send(gmail.accounts.get(BEN), Mail(mail(to=ANNA, sender=BEN)), None)

    totals = [gmail.messages.totals(gmail.accounts.get(email))[0] for email in (ANNA, BEN)]
    assert totals == [2, 2], "the mail and one answer, in either mailbox"
    threads = {message.thread for message in _all(gmail, ANNA)}
    assert len(threads) == 1


def test_it_answers_between_its_times_only_and_never_spam(gmail):
    start, end = (str(int(moment.timestamp() * 1000)) for moment in (MONDAY, MONDAY + timedelta(days=1)))
    away(gmail, startTime=start, endTime=end)

    arrives(gmail, at=MONDAY - timedelta(hours=1))
    arrives(gmail, at=MONDAY + timedelta(days=1))
    gmail.deliver(mail(to=ANNA, sender=ZOE), [ANNA], at=MONDAY, labels=["SPAM"])
    assert answers(gmail) == 0
    arrives(gmail, at=MONDAY + timedelta(hours=23))
    assert answers(gmail) == 1


def test_it_can_be_for_contacts_or_the_own_domain_only(gmail):
    away(gmail, restrictToContacts=True)
    arrives(gmail)
    gmail.sending.send(gmail.accounts.get(ANNA), Mail(mail(to=ZOE)), None)
    sent = answers(gmail)
    arrives(gmail)

    assert (sent, answers(gmail)) == (1, 2)

    away(gmail, restrictToDomain=True, responseSubject="Really away")
    arrives(gmail)
    assert answers(gmail) == 2
    gmail.sending.send(gmail.accounts.get(BEN), Mail(mail(to=ANNA, sender=BEN)), None)
    assert gmail.messages.totals(gmail.accounts.get(BEN))[0] == 2


def test_the_settings_come_back_as_they_were_put_and_new_words_are_news_for_everybody(gmail, client):
    settings = client(ANNA, SETTINGS).users().settings()
    fresh = settings.getVacation(userId="me").execute()
    body = {"enableAutoReply": True, "responseBodyHtml": "<p onclick='x()'>Gone <b>fishing</b></p>", "endTime": "9"}

    put = settings.updateVacation(userId="me", body=body | {"endTime": "99999999999999"}).execute()
    arrives(gmail)
    settings.updateVacation(userId="me", body=body | {"endTime": "99999999999998"}).execute()
    arrives(gmail)
    settings.updateVacation(userId="me", body={"enableAutoReply": True, "responseSubject": "Still away"}).execute()
    arrives(gmail)

    assert fresh == {"enableAutoReply": False, "restrictToContacts": False, "restrictToDomain": False}
    assert put["responseBodyHtml"] == "<p>Gone <b>fishing</b></p>"
    assert put["endTime"] == "99999999999999"
    first, second = gmail.outside.mails(ZOE)
    assert b"multipart/alternative" in first.raw
    assert (first.header("Subject"), second.header("Subject")) == ("Re: Offer 42", "Still away Re: Offer 42")


@pytest.mark.parametrize(
    "wrong",
    [
        {"enableAutoReply": True},
        {"enableAutoReply": "yes"},
        {"responseSubject": "x", "startTime": "2000", "endTime": "1000"},
        {"responseSubject": "x", "startTime": "soon"},
    ],
)
def test_nonsense_is_refused(client, wrong):
    with pytest.raises(HttpError) as refused:
        client(ANNA, SETTINGS).users().settings().updateVacation(userId="me", body=wrong).execute()

    assert refused.value.status_code == 400


def _all(gmail: Gmail, email: str) -> list[Any]:
    account = gmail.accounts.get(email)
    with gmail.store.read() as db:
        rows = db.execute("SELECT id FROM messages WHERE account = ?", (account.number,)).fetchall()
    return [gmail.messages.find(account, row[0]) for row in rows]


@pytest.mark.parametrize("sender", ["", "nobody", "Zoë <zoë@acme.test>", "=?utf-8?q?a=0Ab?= <zoe@acme.test>"])
def test_a_strange_sender_or_subject_never_keeps_a_mail_from_coming_in(gmail, sender):
    away(gmail)

    arrives(gmail, sender=sender, subject="=?utf-8?q?two=0Alines?=", Message_ID="not <an> id")

    assert answers(gmail) == ("zoe@acme.test" in sender)


def test_somebody_whose_day_is_spent_still_gets_mail(gmail):
    away(gmail)
    gmail.quota.limits(daily_sends=0)

    arrives(gmail)

    assert answers(gmail) == 0
    assert gmail.messages.totals(gmail.accounts.get(ANNA))[0] == 1
