from __future__ import annotations

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from google.auth.transport.requests import Request
from google.oauth2 import id_token
from googleapiclient.errors import HttpError

from tests.sandbox.gmail.conftest import ANNA, mail

TOPIC = {"topicName": "projects/p/topics/t", "labelIds": ["INBOX"]}


class Subscriber:
    """A push endpoint that answers with the given statuses, then 204."""

    def __init__(self):
        self.got, self.statuses = [], []
        self.changed = threading.Condition()
        subscriber = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with subscriber.changed:
                    subscriber.got.append((self.headers["Authorization"], body))
                    status = subscriber.statuses.pop(0) if subscriber.statuses else 204
                    subscriber.changed.notify_all()
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/google/push"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def wait_for(self, many):
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.got) >= many, 5), f"{len(self.got)} of {many} pushes came"
            return self.got[:many]

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def subscriber(gmail):
    subscriber = Subscriber()
    gmail.pushes.url, gmail.pushes.interval, gmail.pushes.backoff = subscriber.url, 0.0, (0.01, 0.01)
    yield subscriber
    gmail.pushes.close()
    subscriber.close()


def told(push):
    return json.loads(base64.b64decode(push[1]["message"]["data"]))


def test_a_watch_lasts_seven_days_and_a_bad_topic_is_refused(anna):
    answer = anna.watch(userId="me", body=TOPIC).execute()

    assert abs(int(answer["expiration"]) / 1000 - time.time() - 7 * 86400) < 60
    assert answer["historyId"] == anna.getProfile(userId="me").execute()["historyId"]
    with pytest.raises(HttpError) as refused:
        anna.watch(userId="me", body={"topicName": "t"}).execute()
    assert refused.value.status_code == 400


def test_a_mail_is_pushed_with_a_token_that_googles_library_accepts(gmail, server, anna, subscriber):
    anna.watch(userId="me", body=TOPIC).execute()

    gmail.deliver(mail(to=ANNA), [ANNA])
    [push] = subscriber.wait_for(1)

    kind, _, token = push[0].partition(" ")
    claims = id_token.verify_token(token, Request(), subscriber.url, certs_url=f"{server.url}/oauth2/v1/certs")
    assert kind == "Bearer"
    assert (claims["email"], claims["email_verified"]) == (gmail.pushes.service_account, True)
    assert told(push) == {"emailAddress": ANNA, "historyId": gmail.history.latest(gmail.accounts.get(ANNA))}
    assert push[1]["message"]["messageId"] == push[1]["message"]["message_id"]


def test_only_watched_labels_are_told_and_nothing_after_stop(gmail, anna, ben, subscriber):
    anna.watch(userId="me", body=TOPIC).execute()

    gmail.insert(ANNA, mail(), ["SENT"])
    [one] = gmail.deliver(mail(to=ANNA), [ANNA])
    subscriber.wait_for(1)
    anna.stop(userId="me").execute()
    gmail.deliver(mail(to=ANNA), [ANNA])
    ben.watch(userId="me", body={**TOPIC, "labelFilterBehavior": "exclude"}).execute()
    gmail.deliver(mail(to="ben@halyard.example"), ["ben@halyard.example"])
    gmail.insert("ben@halyard.example", mail(), ["STARRED"])

    pushes = subscriber.wait_for(2)
    assert one.email == ANNA
    assert [told(push)["emailAddress"] for push in pushes] == [ANNA, "ben@halyard.example"]
    assert len(subscriber.got) == 2


def test_what_is_not_acknowledged_comes_again_with_the_same_id(gmail, anna, subscriber):
    subscriber.statuses = [500, 503]
    anna.watch(userId="me", body=TOPIC).execute()

    gmail.deliver(mail(to=ANNA), [ANNA])

    assert len({push[1]["message"]["messageId"] for push in subscriber.wait_for(3)}) == 1


def test_a_burst_becomes_one_push_with_the_latest_state(gmail, anna, subscriber):
    gmail.pushes.interval = 0.3
    anna.watch(userId="me", body=TOPIC).execute()

    gmail.deliver(mail(to=ANNA), [ANNA])
    subscriber.wait_for(1)
    with gmail.store.write():  # all at one moment, however busy the machine is
        for _ in range(20):
            gmail.deliver(mail(to=ANNA), [ANNA])
    first, last = subscriber.wait_for(2)

    assert told(first)["historyId"] < told(last)["historyId"] == gmail.history.latest(gmail.accounts.get(ANNA))
    assert len(subscriber.got) == 2


def test_a_push_may_be_lost_or_come_twice(gmail, anna, subscriber):
    anna.watch(userId="me", body=TOPIC).execute()
    gmail.faults.add(kind="push_lost")
    lost = gmail.faults.add(kind="push_doubled", nth=1)

    gmail.deliver(mail(to=ANNA), [ANNA])
    deadline = time.monotonic() + 5
    while not gmail.faults.all()[0].fired and time.monotonic() < deadline:
        time.sleep(0.005)
    gmail.deliver(mail(to=ANNA), [ANNA])
    pushes = subscriber.wait_for(2)

    assert lost.fired == 1
    assert len({push[1]["message"]["messageId"] for push in pushes}) == 1
