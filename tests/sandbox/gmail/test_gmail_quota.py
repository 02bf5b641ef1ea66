"""Google's quota: what methods cost, what a minute and a day hold, and how a refusal looks."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httplib2
import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import BatchHttpRequest

from addon.sandbox.gmail.api.routes import ROUTES
from addon.sandbox.gmail.errors import ApiError
from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.gmail.quota import Quota, units_of
from tests.sandbox.gmail.conftest import ANNA, BEN, encoded, mail

MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = MONDAY.timestamp()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def quota() -> Quota:
    quota = Quota()
    quota.seconds = Clock()
    return quota


def refused(quota: Quota, method: str, mailbox: str = ANNA) -> ApiError:
    with pytest.raises(ApiError) as refusal:
        quota.charge(method, mailbox)
    return refusal.value


def test_every_method_has_its_price():
    prices = {route.method: units_of(route.method) for route in ROUTES}

    assert [prices[name] for name in ("getProfile", "history.list", "messages.list", "messages.get")] == [1, 2, 5, 20]
    assert [prices[name] for name in ("threads.get", "messages.send", "drafts.create", "watch")] == [40, 100, 10, 100]
    assert [prices[name] for name in ("settings.filters.list", "settings.updateVacation")] == [1, 5]
    assert [prices[name] for name in ("messages.batchModify", "messages.import", "stop")] == [50, 25, 50]


def test_a_minute_slides_and_the_refusal_says_when_to_come_back(quota):
    quota.limits(per_user=200)
    quota.charge("messages.send", ANNA)
    quota.seconds.now += 20
    quota.charge("messages.send", ANNA)

    spent = refused(quota, "messages.send")
    quota.charge("messages.send", BEN)
    quota.seconds.now += 40
    quota.charge("messages.send", ANNA)
    again = refused(quota, "getProfile")

    assert (spent.status, spent.reason, spent.headers["Retry-After"]) == (429, "rateLimitExceeded", "40")
    assert spent.message.endswith("Retry after 2027-03-01T09:01:00.000Z")
    assert (again.status, again.reason, again.headers["Retry-After"]) == (403, "userRateLimitExceeded", "20")
    assert quota.shown()["spent"] == {ANNA: 200, BEN: 100}


def test_a_project_has_one_minute_for_all_and_a_refusal_costs_nothing(quota):
    quota.limits(per_project=240, answer="403")
    quota.charge("messages.send", ANNA)
    quota.charge("messages.send", BEN)

    assert {refused(quota, "messages.send", who).status for who in (ANNA, BEN)} == {403}
    quota.charge("threads.get", ANNA)
    assert quota.shown()["spent_by_project"] == 240
    assert quota.shown()["units_today"] == 240


def test_nothing_is_limited_until_somebody_says_so(quota):
    assert quota.shown()["per_user"] is None
    quota.as_google()
    assert (quota.per_user, quota.per_project, quota.allowance.daily) == (6_000, 1_200_000, 2_000)
    quota.limits()
    for _ in range(100):
        with quota.call("messages.send", ANNA):
            pass
    for nonsense in ({"per_user": 0}, {"daily_sends": -1}, {"answer": "500"}):
        with pytest.raises(ValueError, match=next(iter(nonsense))):
            quota.limits(**nonsense)


def test_sixty_sends_a_minute_and_every_call_of_a_batch_costs_its_own(gmail, anna, client):
    gmail.quota.limits(per_user=6_000, answer="429")
    for _ in range(58):
        anna.messages().send(userId="me", body={"raw": encoded(mail())}).execute()
    outcomes: list[int] = []

    def note(_id, _answer, refusal):
        outcomes.append(refusal.status_code if refusal else 200)

    batch: BatchHttpRequest = client(ANNA).new_batch_http_request(callback=note)
    for _ in range(4):
        batch.add(anna.messages().send(userId="me", body={"raw": encoded(mail())}))
    batch.execute()
    with pytest.raises(HttpError) as spent:
        anna.getProfile(userId="me").execute()

    error = json.loads(spent.value.content)["error"]
    assert outcomes == [200, 200, 429, 429]
    assert (error["code"], error["status"], error["errors"][0]["domain"]) == (429, "RESOURCE_EXHAUSTED", "usageLimits")
    assert 0 < int(spent.value.resp["retry-after"]) <= 60
    assert sum(gmail.outside.counts().values()) == 60


def test_too_many_calls_at_once_are_refused(gmail, client):
    gmail.quota.limits(concurrent=1)
    gmail.faults.add(method="messages.list", kind="timeout_before", times=1)
    slow, quick = client(ANNA, timeout=0.3).users(), client(ANNA).users()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(slow.messages().list(userId="me").execute)
        while not gmail.faults.all()[0].fired:
            pass
        with pytest.raises(HttpError) as refused_call:
            quick.getProfile(userId="me").execute()
        assert running.exception() is not None

    assert refused_call.value.status_code == 429
    assert refused_call.value.reason == "Too many concurrent requests for user"


def test_a_day_holds_so_many_mails_by_the_worlds_clock(gmail, anna, clock):
    clock.set_world(MONDAY)
    gmail.quota.limits(daily_sends=2)
    account = gmail.accounts.get(ANNA)
    for hours in (0, 1):
        clock.set_world(MONDAY + timedelta(hours=hours))
        gmail.sending.send(account, Mail(mail()), None)

    with pytest.raises(HttpError) as spent:
        anna.messages().send(userId="me", body={"raw": encoded(mail())}).execute()
    gmail.sending.send(gmail.accounts.get(BEN), Mail(mail(sender=BEN)), None)
    clock.set_world(MONDAY + timedelta(days=1, minutes=1))
    gmail.sending.send(account, Mail(mail()), None)

    error = json.loads(spent.value.content)["error"]
    assert (error["code"], error["errors"][0]["reason"]) == (429, "rateLimitExceeded")
    assert "Retry after 2027-03-02T09:00:00" in error["message"]
    assert error["message"].endswith("(Mail sending)")
    assert gmail.outside.counts() == {"ana@acme.test": 4}


def test_whoever_has_no_token_spends_nobodys_quota(gmail, anna, server):
    gmail.quota.limits(per_user=1, per_project=1)
    http = httplib2.Http(timeout=10)

    statuses = {http.request(f"{server.url}/gmail/v1/users/me/profile")[0].status for _ in range(3)}
    http.close()

    assert statuses == {401}
    assert anna.getProfile(userId="me").execute()["emailAddress"] == ANNA
