from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from googleapiclient.errors import HttpError

from addon.sandbox.gmail.mailbox.mime import Mail
from tests.sandbox.gmail.conftest import ANNA, encoded, header, mail


def create(api, raw=None, **message):
    return api.drafts().create(userId="me", body={"message": {"raw": encoded(raw or mail()), **message}}).execute()


def send(api, draft):
    return api.drafts().send(userId="me", body={"id": draft["id"]}).execute()


def status_of(call):
    with pytest.raises(HttpError) as refused:
        call.execute()
    return refused.value.status_code


def test_a_draft_carries_its_id_through_updates_while_its_message_is_a_new_one_each_time(anna):
    draft = create(anna)

    updated = (
        anna.drafts()
        .update(userId="me", id=draft["id"], body={"message": {"raw": encoded(mail(subject="Offer 43"))}})
        .execute()
    )

    assert draft["id"].startswith("r")
    assert draft["message"]["labelIds"] == ["DRAFT"]
    assert updated["id"] == draft["id"]
    assert updated["message"]["id"] != draft["message"]["id"]
    assert updated["message"]["threadId"] == draft["message"]["threadId"]
    assert status_of(anna.messages().get(userId="me", id=draft["message"]["id"])) == 404
    shown = anna.drafts().get(userId="me", id=draft["id"]).execute()
    assert header(shown["message"], "Subject") == "Offer 43"


def test_sending_uses_the_draft_up_and_makes_a_new_message_in_its_thread(gmail, anna):
    draft = create(anna)

    sent = send(anna, draft)

    assert sent["labelIds"] == ["SENT"]
    assert sent["id"] != draft["message"]["id"]
    assert sent["threadId"] == draft["message"]["threadId"]
    assert status_of(anna.drafts().get(userId="me", id=draft["id"])) == 404
    assert status_of(anna.drafts().send(userId="me", body={"id": draft["id"]})) == 404
    assert status_of(anna.drafts().delete(userId="me", id=draft["id"])) == 404
    assert gmail.outside.counts() == {"ana@acme.test": 1}


def test_eight_senders_of_one_draft_are_one_mail(gmail):
    account = gmail.accounts.get(ANNA)
    numbers = [gmail.drafts.create(account, Mail(mail(to=f"p{n}@acme.test")), None).id for n in range(20)]

    def outcome(number):
        try:
            gmail.drafts.send(account, number)
        except Exception as refused:
            return refused.status
        return 200

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(outcome, [number for number in numbers for _ in range(8)]))

    assert sorted(outcomes) == [200] * 20 + [404] * 140
    assert set(gmail.outside.counts().values()) == {1}


def test_a_draft_sent_with_new_content_goes_out_with_that(gmail, anna):
    draft = create(anna)

    body = {"id": draft["id"], "message": {"raw": encoded(mail(to="zoe@acme.test"))}}
    anna.drafts().send(userId="me", body=body).execute()

    assert gmail.outside.counts() == {"zoe@acme.test": 1}


def test_history_tells_an_update_and_a_send_as_deleted_and_added(anna):
    draft = create(anna)
    start = anna.getProfile(userId="me").execute()["historyId"]

    send(anna, draft)

    records = anna.history().list(userId="me", startHistoryId=start).execute()["history"]
    [gone] = records[0]["messagesDeleted"]
    [new] = records[1]["messagesAdded"]
    assert (gone["message"]["id"], gone["message"]["labelIds"]) == (draft["message"]["id"], ["DRAFT"])
    assert new["message"]["labelIds"] == ["SENT"]


def test_a_draft_that_cannot_be_sent_stays(anna):
    draft = create(anna, mail(to=""))

    assert status_of(anna.drafts().send(userId="me", body={"id": draft["id"]})) == 400
    assert anna.drafts().get(userId="me", id=draft["id"]).execute()["id"] == draft["id"]


def test_drafts_are_listed_and_deleted_for_good(anna):
    drafts = [create(anna, mail(subject=f"Offer {n}")) for n in range(3)]
    anna.drafts().delete(userId="me", id=drafts[1]["id"]).execute()

    listed = anna.drafts().list(userId="me").execute()
    found = anna.drafts().list(userId="me", q="subject:2").execute()

    assert [draft["id"] for draft in listed["drafts"]] == [drafts[2]["id"], drafts[0]["id"]]
    assert [draft["id"] for draft in found["drafts"]] == [drafts[2]["id"]]


def test_a_reply_in_draft_sits_in_its_thread_and_is_sent_there(gmail, anna):
    [arrived] = gmail.deliver(mail(to=ANNA, sender="ana@acme.test", Message_ID="<q1@acme.test>"), [ANNA])
    reply = mail(subject="Re: Offer 42", In_Reply_To="<q1@acme.test>", References="<q1@acme.test>")

    draft = create(anna, reply, threadId=arrived.thread_id)
    sent = send(anna, draft)

    assert draft["message"]["threadId"] == arrived.thread_id == sent["threadId"]


def test_labels_cannot_be_put_on_drafts(anna):
    draft = create(anna)

    change = anna.messages().modify(userId="me", id=draft["message"]["id"], body={"addLabelIds": ["STARRED"]})

    assert status_of(change) == 400
