"""Pushes that are late, out of order, under one id, or written otherwise."""

from __future__ import annotations

import base64
import json

import pytest

from tests.sandbox.gmail.conftest import ANNA
from tests.sandbox.gmail.test_gmail_pushes import Subscriber


@pytest.fixture
def subscriber(gmail):
    subscriber = Subscriber()
    gmail.pushes.url, gmail.pushes.interval, gmail.pushes.backoff = subscriber.url, 0.0, (0.01, 0.01)
    yield subscriber
    gmail.pushes.close()
    subscriber.close()


def told(push):
    return json.loads(base64.b64decode(push[1]["message"]["data"]))["historyId"]


def message_id(push):
    return push[1]["message"]["messageId"]


def push(gmail, subscriber, *history):
    """Push one after the other, each only once the one before has been drawn."""
    for number in history:
        seen = sum(fault.seen for fault in gmail.faults.all()[:1])
        gmail.pushes.push(ANNA, number)
        while sum(fault.seen for fault in gmail.faults.all()[:1]) == seen:
            subscriber.wait_for(0)


def test_a_push_out_of_order_comes_after_the_next_one(gmail, subscriber):
    gmail.faults.add(kind="push_out_of_order", nth=1, seconds=600)

    push(gmail, subscriber, 10, 20, 30)

    assert [told(each) for each in subscriber.wait_for(3)] == [20, 10, 30]


def test_a_late_push_comes_all_the_same(gmail, subscriber):
    gmail.faults.add(kind="push_late", nth=1, seconds=0.1)

    push(gmail, subscriber, 10, 20)

    assert [told(each) for each in subscriber.wait_for(2)] == [20, 10]


def test_two_pushes_may_carry_one_message_id(gmail, subscriber):
    gmail.faults.add(kind="push_same_id", nth=2)

    push(gmail, subscriber, 10, 20, 30)

    got = subscriber.wait_for(3)
    assert [told(each) for each in got] == [10, 20, 30]
    assert message_id(got[0]) == message_id(got[1]) != message_id(got[2])


def test_a_history_id_may_come_as_a_text(gmail, subscriber):
    gmail.faults.add(kind="push_text_id", nth=2)

    push(gmail, subscriber, 10, 20)

    assert [told(each) for each in subscriber.wait_for(2)] == [10, "20"]
