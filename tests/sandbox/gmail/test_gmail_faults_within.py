"""Faults that strike no call: late history, a late index, threads and headers that are not kept."""

from __future__ import annotations

import pytest

from tests.sandbox.gmail.conftest import ANNA, BEN, encoded, header, mail

PERSON = "ana@acme.test"


def profile(api):
    return int(api.getProfile(userId="me").execute()["historyId"])


def history(api, since):
    return api.history().list(userId="me", startHistoryId=str(since)).execute()


def create(api, **headers):
    body = {"message": {"raw": encoded(mail(X_Dealthread_Ref="abc.1", **headers))}}
    return api.drafts().create(userId="me", body=body).execute()


def send(api, draft):
    return api.drafts().send(userId="me", body={"id": draft["id"]}).execute()


class TestLateHistory:
    def test_a_record_is_told_only_so_many_seconds_later_and_history_ids_stay_behind(self, gmail, anna, monkeypatch):
        now = 1000.0
        monkeypatch.setattr("addon.sandbox.gmail.mailbox.lateness.time.monotonic", lambda: now)
        before = profile(anna)
        gmail.faults.add(kind="history_late")

        gmail.deliver(mail(to=ANNA), [ANNA])

        assert (profile(anna), history(anna, before)) == (before, {"historyId": str(before)})
        now += 9.9
        assert profile(anna) == before
        now += 0.2
        told = history(anna, before)
        assert len(told["history"]) == 1
        assert int(told["historyId"]) == profile(anna) > before

    def test_what_was_told_before_the_fault_stays_told_and_its_end_tells_the_rest(self, gmail, anna):
        before = profile(anna)
        gmail.deliver(mail(to=ANNA), [ANNA])
        gmail.faults.add(kind="history_late", seconds=600)
        gmail.deliver(mail(to=ANNA, subject="Later"), [ANNA])

        during = history(anna, before)
        gmail.faults.clear()
        after = history(anna, before)

        assert (len(during["history"]), len(after["history"])) == (1, 2)
        assert int(during["historyId"]) < int(after["historyId"])

    def test_a_cursor_ahead_of_what_is_told_is_no_expired_one(self, gmail, anna):
        before = profile(anna)
        gmail.faults.add(kind="history_late", seconds=600)
        [arrived] = gmail.deliver(mail(to=ANNA), [ANNA])
        ahead = anna.messages().get(userId="me", id=arrived.message_id).execute()["historyId"]

        assert history(anna, ahead) == {"historyId": str(before)}

    def test_it_may_be_one_mailboxs_own(self, gmail, anna, ben):
        gmail.faults.add(kind="history_late", seconds=600, mailbox=BEN)
        before = profile(anna), profile(ben)

        gmail.deliver(mail(to=ANNA), [ANNA, BEN])

        assert profile(anna) > before[0]
        assert profile(ben) == before[1]


def test_a_mail_is_found_only_once_the_index_has_it_while_lists_know_it_at_once(gmail, anna):
    gmail.faults.add(kind="search_late", seconds=600)
    gmail.deliver(mail(to=ANNA, subject="Ramp planner"), [ANNA])

    def found(**asked):
        return len(anna.messages().list(userId="me", **asked).execute().get("messages", []))

    assert (found(q="subject:ramp"), found(), found(labelIds=["INBOX"])) == (0, 1, 1)
    gmail.faults.clear()
    assert found(q="subject:ramp") == 1


def test_a_drafts_thread_may_change_on_sending(gmail, anna):
    gmail.faults.add(method="drafts.send", kind="thread_changes")
    draft = create(anna)

    sent = send(anna, draft)

    assert sent["threadId"] not in (draft["message"]["threadId"], None)
    assert sent["threadId"] == sent["id"]
    assert len(gmail.outside.mails(PERSON)) == 1


@pytest.mark.parametrize(("method", "in_draft", "in_sent"), [("drafts.create", 0, 0), ("drafts.send", 1, 0)])
def test_an_x_header_may_be_dropped_when_drafting_or_when_sending(gmail, anna, method, in_draft, in_sent):
    gmail.faults.add(method=method, kind="header_dropped")

    def has_header(message_id):
        shown = anna.messages().get(userId="me", id=message_id, format="metadata").execute()
        return sum(each["name"].lower().startswith("x-") for each in shown["payload"]["headers"])

    draft = create(anna, X_Other="1")
    drafted = has_header(draft["message"]["id"])
    sent = send(anna, draft)

    assert (bool(drafted), bool(has_header(sent["id"]))) == (bool(in_draft), bool(in_sent))
    [got] = gmail.outside.mails(PERSON)
    assert (got.header("X-Dealthread-Ref"), got.header("Subject")) == ("", "Offer 42")


def test_two_faults_within_and_one_without_may_strike_one_call(gmail, anna):
    gmail.faults.add(method="drafts.send", kind="thread_changes")
    gmail.faults.add(method="drafts.send", kind="header_dropped", header="X-Dealthread")
    gmail.faults.add(method="drafts.send", kind="503_after")
    draft = create(anna, X_Other="kept")

    with pytest.raises(Exception, match="503"):
        send(anna, draft)

    [sent] = anna.messages().list(userId="me", labelIds=["SENT"]).execute()["messages"]
    whole = anna.messages().get(userId="me", id=sent["id"]).execute()
    assert sent["threadId"] == sent["id"]
    assert header(whole, "X-Other") == "kept"
    assert "X-Dealthread-Ref" not in [each["name"] for each in whole["payload"]["headers"]]
