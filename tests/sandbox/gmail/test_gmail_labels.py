from __future__ import annotations

import pytest
from googleapiclient.errors import HttpError

from tests.sandbox.gmail.conftest import ANNA, mail


def create(anna, name, **settings):
    return anna.labels().create(userId="me", body={"name": name, **settings}).execute()


def refusal(call):
    with pytest.raises(HttpError) as refused:
        call.execute()
    return refused.value.status_code, refused.value.error_details[0]["reason"]


def test_a_label_keeps_its_id_when_it_is_renamed(anna):
    label = create(anna, "Deals/Open", labelListVisibility="labelShow")

    anna.labels().patch(userId="me", id=label["id"], body={"name": "Deals/Won"}).execute()
    patched = anna.labels().get(userId="me", id=label["id"]).execute()
    anna.labels().update(userId="me", id=label["id"], body={"name": "Deals"}).execute()
    updated = anna.labels().get(userId="me", id=label["id"]).execute()

    assert label["id"].startswith("Label_")
    assert (patched["name"], patched["labelListVisibility"], patched["type"]) == ("Deals/Won", "labelShow", "user")
    assert (updated["name"], "labelListVisibility" in updated) == ("Deals", False)


def test_gmails_own_labels_are_listed_and_cannot_be_changed(anna):
    listed = {label["id"] for label in anna.labels().list(userId="me").execute()["labels"]}

    assert {"INBOX", "SENT", "DRAFT", "TRASH", "SPAM", "UNREAD", "STARRED", "IMPORTANT"} <= listed
    assert refusal(anna.labels().delete(userId="me", id="INBOX")) == (400, "invalidArgument")
    assert refusal(anna.labels().patch(userId="me", id="INBOX", body={"name": "X"})) == (400, "invalidArgument")


def test_a_name_twice_conflicts_and_an_unknown_label_is_not_found(anna):
    create(anna, "Deals")

    assert refusal(anna.labels().create(userId="me", body={"name": "deals"})) == (409, "aborted")
    assert refusal(anna.labels().create(userId="me", body={"name": " "})) == (400, "invalidArgument")
    assert refusal(anna.labels().create(userId="me", body={"name": "Inbox"})) == (400, "invalidArgument")
    assert refusal(anna.labels().get(userId="me", id="Label_99")) == (404, "notFound")


@pytest.mark.parametrize("label", ["SENT", "DRAFT", "Label_99"])
def test_some_labels_cannot_be_put_on_a_mail(gmail, anna, label):
    [one] = gmail.deliver(mail(to=ANNA), [ANNA])

    change = anna.messages().modify(userId="me", id=one.message_id, body={"addLabelIds": ["STARRED", label]})

    assert refusal(change) == (400, "invalidArgument")
    assert "STARRED" not in anna.messages().get(userId="me", id=one.message_id).execute()["labelIds"]


def test_counts_follow_the_mails(gmail, anna):
    gmail.deliver(mail(to=ANNA, Message_ID="<a@x>"), [ANNA])
    [second] = gmail.deliver(mail(to=ANNA, subject="Re: Offer 42", References="<a@x>"), [ANNA])
    anna.messages().modify(userId="me", id=second.message_id, body={"removeLabelIds": ["UNREAD"]}).execute()

    inbox = anna.labels().get(userId="me", id="INBOX").execute()

    assert (inbox["messagesTotal"], inbox["messagesUnread"]) == (2, 1)
    assert (inbox["threadsTotal"], inbox["threadsUnread"]) == (1, 1)


def test_many_mails_are_labelled_at_once_or_none(gmail, anna):
    label = create(anna, "Deals")["id"]
    ids = [gmail.deliver(mail(to=ANNA), [ANNA])[0].message_id for _ in range(3)]

    anna.messages().batchModify(userId="me", body={"ids": ids[:2], "addLabelIds": [label]}).execute()
    wrong = anna.messages().batchModify(userId="me", body={"ids": [ids[2], "18c2f3a9b0d1e2f3"], "addLabelIds": [label]})

    assert refusal(wrong) == (404, "notFound")
    listed = anna.messages().list(userId="me", labelIds=[label, "INBOX"]).execute()["messages"]
    assert {entry["id"] for entry in listed} == set(ids[:2])


def test_a_deleted_label_leaves_its_mails(gmail, anna):
    label = create(anna, "Deals")["id"]
    [one] = gmail.deliver(mail(to=ANNA), [ANNA])
    anna.threads().modify(userId="me", id=one.thread_id, body={"addLabelIds": [label]}).execute()

    anna.labels().delete(userId="me", id=label).execute()

    assert anna.messages().get(userId="me", id=one.message_id).execute()["labelIds"] == ["INBOX", "UNREAD"]
    assert create(anna, "Deals")["id"] != label
