from __future__ import annotations

import json
from contextlib import closing
from http.client import HTTPConnection, RemoteDisconnected

import pytest
from googleapiclient.errors import HttpError

from addon.sandbox.gmail.faults import BadFault
from tests.sandbox.gmail.conftest import ANNA, BEN, EVERYTHING, encoded, mail


@pytest.fixture
def impatient(client):
    """A client that gives up soon."""
    return client(ANNA, timeout=0.3).users()


@pytest.fixture
def draft(anna):
    return anna.drafts().create(userId="me", body={"message": {"raw": encoded(mail())}}).execute()


def send(api, draft):
    return api.drafts().send(userId="me", body={"id": draft["id"]})


def refusal(call):
    with pytest.raises(HttpError) as refused:
        call.execute()
    return refused.value


def sent(gmail):
    return gmail.outside.counts().get("ana@acme.test", 0)


@pytest.mark.parametrize(
    ("asked", "status", "reason"),
    [
        ({"kind": "401"}, 401, "authError"),
        ({"kind": "400"}, 400, "badRequest"),
        ({"kind": "error", "reason": "failedPrecondition"}, 400, "failedPrecondition"),
        ({"kind": "413"}, 413, "uploadTooLarge"),
        ({"kind": "500"}, 500, "backendError"),
        ({"kind": "502"}, 502, "badGateway"),
        ({"kind": "503"}, 503, "unavailable"),
        *(
            ({"kind": "403", "reason": reason}, 403, reason)
            for reason in (
                *("rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded"),
                *("quotaExceeded", "insufficientPermissions", "domainPolicy"),
            )
        ),
    ],
)
def test_a_refusal_before_the_effect_is_worded_as_google_does(gmail, anna, draft, asked, status, reason):
    gmail.faults.add(method="drafts.send", **asked)

    refused = refusal(send(anna, draft))
    error = json.loads(refused.content)["error"]

    assert (refused.status_code, error["code"], error["errors"][0]["reason"]) == (status, status, reason)
    assert sent(gmail) == 0
    send(anna, draft).execute()
    assert sent(gmail) == 1


def test_too_many_requests_say_when_to_come_back(gmail, anna, draft):
    gmail.faults.add(method="drafts.send", kind="429", retry_after=7)

    refused = refusal(send(anna, draft))

    assert (refused.status_code, refused.resp["retry-after"]) == (429, "7")
    assert refused.error_details[0]["reason"] == "rateLimitExceeded"


def test_an_error_after_the_effect_hides_a_mail_that_left(gmail, anna, draft):
    gmail.faults.add(method="drafts.send", kind="503_after")

    assert refusal(send(anna, draft)).status_code == 503
    assert sent(gmail) == 1
    assert refusal(send(anna, draft)).status_code == 404


@pytest.mark.parametrize(("kind", "mails"), [("hangup_before", 0), ("hangup_after", 1)])
def test_a_hang_up_gives_no_answer_at_all(gmail, server, draft, kind, mails):
    """By http.client: httplib2 would send the POST a second time by itself."""
    gmail.faults.add(method="drafts.send", kind=kind)
    headers = {"Authorization": f"Bearer {gmail.access_token(ANNA, [EVERYTHING])}"}

    with closing(HTTPConnection("127.0.0.1", server.port, timeout=5)) as connection:
        connection.request("POST", "/gmail/v1/users/me/drafts/send", json.dumps({"id": draft["id"]}), headers)
        with pytest.raises(RemoteDisconnected):
            connection.getresponse()

    assert sent(gmail) == mails
    assert gmail.calls["drafts.send"] == 1


@pytest.mark.parametrize(("kind", "mails"), [("timeout_before", 0), ("timeout_after", 1)])
def test_a_time_out_comes_before_or_after_the_effect(gmail, impatient, draft, kind, mails):
    gmail.faults.add(method="drafts.send", kind=kind)

    with pytest.raises(TimeoutError):
        send(impatient, draft).execute()

    assert sent(gmail) == mails


def test_an_effect_may_come_after_its_caller_gave_up(gmail, impatient, draft):
    gmail.faults.add(method="drafts.send", kind="timeout_late", seconds=0.2)

    with pytest.raises(TimeoutError):
        send(impatient, draft).execute()
    during = (sent(gmail), gmail.faults.late)

    assert during == (0, 1)
    assert gmail.faults.settle(5)
    assert sent(gmail) == 1


def test_an_expired_history_is_one_fault_among_others(gmail, anna):
    gmail.faults.add(method="history.list", kind="history_expired")

    assert refusal(anna.history().list(userId="me", startHistoryId="1")).status_code == 404


def test_a_fault_strikes_as_often_as_it_was_told(gmail, anna):
    gmail.faults.add(method="getProfile", kind="500", nth=3)
    gmail.faults.add(method="labels.list", kind="500", times=2)

    def statuses(make, many):
        found = []
        for _ in range(many):
            try:
                make().execute()
                found.append(200)
            except HttpError as refused:
                found.append(refused.status_code)
        return found

    assert statuses(lambda: anna.getProfile(userId="me"), 5) == [200, 200, 500, 200, 200]
    assert statuses(lambda: anna.labels().list(userId="me"), 4) == [500, 500, 200, 200]
    assert (gmail.calls["getProfile"], gmail.calls["labels.list"]) == (5, 4)


def test_chance_is_seeded_and_goes_on_until_the_fault_ends(gmail):
    def strikes():
        gmail.faults.clear()
        gmail.faults.add(kind="500", probability=0.3, seed=7)
        return [gmail.faults.draw("drafts.send", ANNA) is not None for _ in range(200)]

    first = strikes()

    assert first == strikes()
    assert 30 < sum(first) < 90
    gmail.faults.clear()
    assert gmail.faults.draw("drafts.send", ANNA) is None


def test_a_fault_may_be_one_mailboxs_own(gmail, anna, ben):
    gmail.faults.add(method="*", kind="503", times=100, mailbox=BEN)

    assert anna.getProfile(userId="me").execute()
    assert refusal(ben.getProfile(userId="me")).status_code == 503


@pytest.mark.parametrize(
    "asked",
    [{"kind": "earthquake"}, {"kind": "403", "reason": "mood"}, {"kind": "500", "probability": 2}, {"kind": "418"}],
)
def test_a_fault_that_makes_no_sense_is_refused(gmail, asked):
    with pytest.raises(BadFault):
        gmail.faults.add(**asked)
