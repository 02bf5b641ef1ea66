"""Answers that come late, cut, garbled or not at all, and refusals that last."""

from __future__ import annotations

import json
import threading
import time
from contextlib import closing
from datetime import datetime
from http.client import BadStatusLine, HTTPConnection, IncompleteRead

import pytest
import requests

from addon import clock
from addon.integrations.google.consent import SCOPES
from tests.sandbox.gmail.conftest import ANNA, EVERYTHING, encoded, mail

PERSON = "ana@acme.test"


@pytest.fixture
def draft(anna):
    return anna.drafts().create(userId="me", body={"message": {"raw": encoded(mail())}}).execute()


@pytest.fixture
def call(gmail, server):
    """`call(verb, path, body)`: an answer as it came, by http.client, which repeats nothing."""
    headers = {"Authorization": f"Bearer {gmail.access_token(ANNA, [EVERYTHING])}"}

    def make(verb, path, body=None, timeout=5):
        with closing(HTTPConnection("127.0.0.1", server.port, timeout=timeout)) as connection:
            connection.request(verb, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer, answer.read()

    return make


def sent(gmail):
    return len(gmail.outside.mails(PERSON))


@pytest.mark.parametrize(("kind", "at_once"), [("slow_before", 0), ("slow_after", 1)])
def test_a_slow_answer_comes_with_its_effect_before_or_after_the_wait(gmail, call, draft, kind, at_once):
    gmail.faults.add(method="drafts.send", kind=kind, seconds=0.3)
    seen = []
    watching = threading.Timer(0.15, lambda: seen.append(sent(gmail)))
    watching.start()

    begun = time.monotonic()
    answer, _ = call("POST", "/gmail/v1/users/me/drafts/send", {"id": draft["id"]})
    watching.join()

    assert (answer.status, sent(gmail), seen) == (200, 1, [at_once])
    assert time.monotonic() - begun >= 0.3


def test_a_slow_call_has_its_effect_though_its_caller_gave_up(gmail, call, draft):
    gmail.faults.add(method="drafts.send", kind="slow_before", seconds=1)

    with pytest.raises(TimeoutError):
        call("POST", "/gmail/v1/users/me/drafts/send", {"id": draft["id"]}, timeout=0.05)
    during = (sent(gmail), gmail.faults.late)

    assert during == (0, 1)
    assert gmail.faults.settle(5)
    assert sent(gmail) == 1


@pytest.mark.parametrize("kind", ["slow_before", "slow_after"])
def test_a_server_that_closes_waits_for_no_slow_answer(gmail, server, call, kind):
    gmail.faults.add(method="getProfile", kind=kind, seconds=600)
    problems = []

    def ask():
        try:
            call("GET", "/gmail/v1/users/me/profile")
        except OSError as gone:
            problems.append(gone)

    asking = threading.Thread(target=ask)
    asking.start()
    while not gmail.faults.all()[0].fired:
        time.sleep(0.005)
    begun = time.monotonic()
    server.close()
    asking.join()

    assert problems
    assert time.monotonic() - begun < 2


def test_a_truncated_answer_breaks_off_in_its_body_after_the_effect(gmail, call, draft):
    gmail.faults.add(method="drafts.send", kind="truncated")

    with pytest.raises(IncompleteRead):
        call("POST", "/gmail/v1/users/me/drafts/send", {"id": draft["id"]})

    assert sent(gmail) == 1


def test_a_truncated_answer_without_a_body_breaks_off_in_its_status(gmail, call, draft):
    gmail.faults.add(method="drafts.delete", kind="truncated")

    with pytest.raises(BadStatusLine):
        call("DELETE", f"/gmail/v1/users/me/drafts/{draft['id']}")

    assert call("GET", f"/gmail/v1/users/me/drafts/{draft['id']}")[0].status == 404


def test_a_garbled_answer_is_a_200_that_no_json_reader_takes(gmail, call, draft):
    gmail.faults.add(method="drafts.send", kind="garbled")

    answer, body = call("POST", "/gmail/v1/users/me/drafts/send", {"id": draft["id"]})

    assert (answer.status, sent(gmail)) == (200, 1)
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(body)


@pytest.mark.parametrize(("kind", "mails"), [("html_before", 0), ("html_after", 1)])
def test_a_front_end_may_answer_502_in_html(gmail, call, draft, kind, mails):
    gmail.faults.add(method="drafts.send", kind=kind)

    answer, body = call("POST", "/gmail/v1/users/me/drafts/send", {"id": draft["id"]})

    assert (answer.status, answer.getheader("Content-Type").partition(";")[0]) == (502, "text/html")
    assert b"Error 502" in body
    assert sent(gmail) == mails


@pytest.mark.parametrize(
    ("retry_in", "header", "in_text"), [("header", "30", False), ("text", None, True), ("both", "30", True)]
)
def test_when_to_come_back_stands_in_the_header_or_in_the_text(gmail, call, retry_in, header, in_text):
    gmail.faults.add(method="getProfile", kind="429", retry_after=30, retry_in=retry_in)

    answer, body = call("GET", "/gmail/v1/users/me/profile")

    message = json.loads(body)["error"]["message"]
    assert (answer.status, answer.getheader("Retry-After")) == (429, header)
    assert ("Retry after " in message) is in_text
    if in_text:
        until = datetime.fromisoformat(message.partition("Retry after ")[2])
        assert 25 < (until - clock.real_now()).total_seconds() <= 30


def test_the_days_limit_of_mails_holds_for_hours_and_for_sending_only(gmail, call, draft):
    gmail.faults.add(kind="daily_limit", lasts=3 * 3600)

    for _ in range(3):
        answer, body = call("POST", "/gmail/v1/users/me/drafts/send", {"id": draft["id"]})
        error = json.loads(body)["error"]
        assert (answer.status, error["errors"][0]["reason"]) == (429, "userRateLimitExceeded")
        assert "(Mail sending)" in error["message"]
        assert 3 * 3600 - 60 < int(answer.getheader("Retry-After")) <= 3 * 3600
    assert call("GET", "/gmail/v1/users/me/profile")[0].status == 200
    assert sent(gmail) == 0
    gmail.faults.clear()
    assert call("POST", "/gmail/v1/users/me/drafts/send", {"id": draft["id"]})[0].status == 200


def test_a_mail_over_the_limit_is_answered_with_200_and_bounces(gmail, anna, draft):
    gmail.faults.add(kind="limit_bounce")
    left = []
    gmail.on_sent(left.append)

    answer = anna.drafts().send(userId="me", body={"id": draft["id"]}).execute()

    thread = anna.threads().get(userId="me", id=answer["threadId"]).execute()
    assert (sent(gmail), left) == (0, [])
    assert [message["labelIds"] for message in thread["messages"]] == [["SENT"], ["INBOX", "UNREAD"]]
    assert "reached a limit for sending mail" in thread["messages"][1]["snippet"]


def test_an_access_token_may_die_early_and_a_fresh_one_is_good(gmail, call, server):
    gmail.faults.add(kind="token_expired", method="getProfile")

    statuses = [call("GET", "/gmail/v1/users/me/profile")[0].status for _ in range(2)]

    assert statuses == [401, 401]
    fresh = {"Authorization": f"Bearer {gmail.access_token(ANNA, [EVERYTHING])}"}
    assert requests.get(f"{server.url}/gmail/v1/users/me/profile", headers=fresh, timeout=5).status_code == 200


def test_a_refresh_token_may_be_called_revoked_for_a_while(gmail, server):
    gmail.clients.add("client", "secret", [])
    form = {
        "grant_type": "refresh_token",
        "client_id": "client",
        "client_secret": "secret",
        "refresh_token": gmail.grants.issue(ANNA, SCOPES),
    }
    gmail.faults.add(kind="token_revoked", mailbox=ANNA)

    refused = requests.post(f"{server.url}/token", form, timeout=5)

    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert requests.post(f"{server.url}/token", form, timeout=5).json()["access_token"]


def test_attachment_ids_change_between_reads_and_stay_good(gmail, anna):
    raw = (
        b"From: a@acme.test\r\nTo: x@halyard.example\r\nSubject: Plan\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b\r\n'
        b"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=plan.pdf\r\n\r\nPDF\r\n--b--\r\n"
    )
    [arrived] = gmail.deliver(raw, [ANNA])

    def attachment_id():
        message = anna.messages().get(userId="me", id=arrived.message_id).execute()
        return message["payload"]["parts"][1]["body"]["attachmentId"]

    first, second = attachment_id(), attachment_id()

    assert first != second
    for each in (first, second):
        got = anna.messages().attachments().get(userId="me", messageId=arrived.message_id, id=each).execute()
        assert got["size"] == 3
