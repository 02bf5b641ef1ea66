"""Filters: what they ask of a mail that comes in, what they do with it, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from googleapiclient.errors import HttpError

from addon.sandbox.gmail import Gmail
from tests.sandbox.gmail.conftest import ANNA, mail
from tests.sandbox.gmail.test_gmail_reading import MIXED

SETTINGS = ("https://www.googleapis.com/auth/gmail.settings.basic", "https://www.googleapis.com/auth/gmail.labels")


@pytest.fixture
def settings(client) -> Any:
    return client(ANNA, *SETTINGS).users().settings().filters()


def refusal(call: Any) -> tuple[int, str]:
    with pytest.raises(HttpError) as refused:
        call.execute()
    error = json.loads(refused.value.content)["error"]
    return error["code"], error["errors"][0]["reason"]


def labels_of(gmail: Gmail, raw: bytes, **options: Any) -> tuple[str, ...]:
    [arrived] = gmail.deliver(raw, [ANNA], **options)
    return gmail.messages.find(gmail.accounts.get(ANNA), int(arrived.message_id, 16)).labels


PLAIN = mail(to="Anna <anna@halyard.example>", sender="Zoë Łaska <zoe@acme.test>", subject="Your  Offer", body="Price?")
LISTED = mail(to=ANNA, sender="news@acme.test", List_Id="<news.acme.test>")


@pytest.mark.parametrize(
    ("criteria", "fitting", "other"),
    [
        ({"from": "zoe@acme.test"}, PLAIN, LISTED),
        ({"from": "laska"}, PLAIN, LISTED),
        ({"to": "anna"}, PLAIN, mail(to="ben@halyard.example")),
        ({"to": "carl@acme.test"}, mail(to=ANNA, Cc="carl@acme.test"), PLAIN),
        ({"subject": "your offer"}, PLAIN, mail(to=ANNA, subject="Your best offer")),
        ({"query": "price OR cost"}, PLAIN, LISTED),
        ({"query": "list:news.acme.test"}, LISTED, PLAIN),
        ({"query": "-{from:news to:carl}"}, PLAIN, LISTED),
        ({"negatedQuery": "price", "from": "acme.test"}, LISTED, PLAIN),
        ({"hasAttachment": True}, MIXED, PLAIN),
        ({"query": "filename:offer.pdf"}, MIXED, PLAIN),
        ({"size": 5000, "sizeComparison": "larger"}, mail(to=ANNA, body="x" * 6000), PLAIN),
        ({"size": 5000, "sizeComparison": "smaller"}, PLAIN, mail(to=ANNA, body="x" * 6000)),
        ({"query": "newer_than:1d is:unread in:inbox smaller:1M"}, PLAIN, mail(to=ANNA, body="x" * 1_100_000)),
        ({"query": "to:me from:zoe"}, PLAIN, LISTED),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)
def test_a_filter_applies_to_what_its_criteria_fit(gmail, criteria, fitting, other):
    gmail.filters.create(gmail.accounts.get(ANNA), criteria, {"addLabelIds": ["STARRED"]})

    assert "STARRED" in labels_of(gmail, fitting)
    assert "STARRED" not in labels_of(gmail, other)


def test_all_filters_that_fit_apply_before_the_mail_is_seen(gmail, settings):
    account = gmail.accounts.get(ANNA)
    label = gmail.labels.create(account, {"name": "Deals"})["id"]
    for action in ({"addLabelIds": [label]}, {"removeLabelIds": ["INBOX", "UNREAD"]}):
        settings.create(userId="me", body={"criteria": {"from": "acme.test"}, "action": action}).execute()
    start = gmail.history.latest(account)

    assert labels_of(gmail, PLAIN) == (label,)
    [record] = gmail.history.list(account, start)["history"]
    assert record["messagesAdded"][0]["message"]["labelIds"] == [label]


def test_the_trash_and_never_spam_are_places_too(gmail):
    account = gmail.accounts.get(ANNA)
    gmail.filters.create(account, {"from": "news@acme.test"}, {"addLabelIds": ["TRASH"]})
    gmail.filters.create(account, {"from": "zoe@acme.test"}, {"removeLabelIds": ["SPAM"]})

    assert set(labels_of(gmail, LISTED)) == {"UNREAD", "TRASH"}
    assert set(labels_of(gmail, PLAIN, labels=("SPAM", "UNREAD"))) == {"UNREAD", "INBOX"}


def test_a_filter_forwards_to_a_confirmed_address_only(gmail, settings):
    account = gmail.accounts.get(ANNA)
    body = {"criteria": {"from": "zoe@acme.test"}, "action": {"forward": "anna@home.example"}}
    early = refusal(settings.create(userId="me", body=body))
    gmail.forwarding.create(account, {"forwardingEmail": "anna@home.example"})
    gmail.forwarding.accept(account, "anna@home.example")

    settings.create(userId="me", body=body).execute()
    labels_of(gmail, PLAIN)
    labels_of(gmail, LISTED)

    assert early == (400, "failedPrecondition")
    assert gmail.outside.counts()["anna@home.example"] == 2, "Gmail's question, and one mail"


def test_filters_are_listed_found_and_deleted(gmail, settings):
    body = {"criteria": {"from": "  zoe@acme.test "}, "action": {"addLabelIds": ["STARRED"]}}
    assert settings.list(userId="me").execute() == {}

    made = settings.create(userId="me", body=body).execute()

    assert made["criteria"] == {"from": "zoe@acme.test"}
    assert settings.list(userId="me").execute() == {"filter": [made]}
    assert settings.get(userId="me", id=made["id"]).execute() == made
    assert refusal(settings.create(userId="me", body=body)) == (400, "failedPrecondition")
    settings.delete(userId="me", id=made["id"]).execute()
    assert refusal(settings.get(userId="me", id=made["id"])) == (404, "notFound")
    assert refusal(settings.delete(userId="me", id=made["id"])) == (404, "notFound")
    assert "STARRED" not in labels_of(gmail, PLAIN)


@pytest.mark.parametrize(
    ("criteria", "action"),
    [
        ({}, {"addLabelIds": ["STARRED"]}),
        ({"excludeChats": True}, {"addLabelIds": ["STARRED"]}),
        ({"from": "x"}, {}),
        ({"from": "x"}, {"addLabelIds": ["Label_99"]}),
        ({"from": "x"}, {"addLabelIds": ["SENT"]}),
        ({"from": "x"}, {"addLabelIds": ["Label_1", "Label_2"]}),
        ({"from": "x"}, {"removeLabelIds": ["Label_1"]}),
        ({"size": 5}, {"addLabelIds": ["STARRED"]}),
        ({"sizeComparison": "larger"}, {"addLabelIds": ["STARRED"]}),
    ],
)
def test_nonsense_is_refused(gmail, settings, criteria, action):
    for name in ("One", "Two"):
        gmail.labels.create(gmail.accounts.get(ANNA), {"name": name})

    refused = refusal(settings.create(userId="me", body={"criteria": criteria, "action": action}))

    assert refused == (400, "invalidArgument")
