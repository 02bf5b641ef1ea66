"""Gmail's answers, complete or not, in the port's shapes."""

from __future__ import annotations

import base64
import doctest
import os

import pytest

from addon.integrations.gmail import history, mime


def test_the_examples_in_the_code_hold():
    assert doctest.testmod(mime).failed == 0


@pytest.mark.parametrize("length", range(0, 9))
def test_any_bytes_survive_the_way_to_gmail_and_back(length):
    raw = os.urandom(length)

    assert mime.decoded(mime.encoded(raw)) == raw
    assert mime.decoded(mime.encoded(raw).rstrip("=")) == raw
    assert mime.decoded(base64.encodebytes(raw).decode()) == raw


@pytest.mark.parametrize("broken", ["=", "a", "abcde", "ab cd", "äöü", "====", "YQ==YQ=="])
def test_broken_base64_raises_nothing(broken):
    assert isinstance(mime.decoded(broken), bytes)


def test_headers_keep_their_order_and_their_doubles_under_lower_case_names():
    message = {
        "payload": {
            "headers": [
                {"name": "Received", "value": "by b"},
                {"name": "SUBJECT", "value": "Hello"},
                {"name": "received", "value": "by a"},
                {"name": "X-Empty"},
            ]
        }
    }

    head = mime.head(message)

    assert head.headers == {"received": ["by b", "by a"], "subject": ["Hello"], "x-empty": [""]}
    assert (head.header("Subject"), head.header("received"), head.header("to")) == ("Hello", "by b", "")


@pytest.mark.parametrize("odd", [{}, {"payload": None}, {"payload": {"headers": None}}, {"labelIds": None, "id": None}])
def test_a_message_with_nothing_in_it_is_read(odd):
    head = mime.head(odd)

    assert (head.gmail_id, head.labels, head.headers, head.received_ms) == ("", frozenset(), {}, 0)


@pytest.mark.parametrize(("written", "read"), [("12", 12), (12, 12), (None, 7), ("soon", 7), ([], 7)])
def test_numbers_are_read_in_both_their_forms(written, read):
    assert mime.number({"historyId": written}, "historyId", 7) == read


def test_a_quiet_history_has_no_records_at_all():
    page = history.page({"historyId": "42"}, since=41)

    assert (list(page.added), list(page.gone), page.history_id, page.next_page) == ([], [], 42, None)


def test_history_gives_each_mail_once_with_its_labels_drafts_included():
    def added(gmail_id, *labels):
        return {"messagesAdded": [{"message": {"id": gmail_id, "threadId": "t", "labelIds": list(labels)}}]}

    answer = {
        "history": [
            {"id": "7", "messages": [{"id": "ignored"}]},
            added("a", "INBOX", "UNREAD"),
            added("d", "DRAFT"),
            added("a", "INBOX"),
            {"messagesDeleted": [{"message": {"id": "d", "threadId": "t"}}, {"message": {}}]},
        ],
        "historyId": 9876543210,
        "nextPageToken": "more",
    }

    page = history.page(answer, since=1)

    assert [(head.gmail_id, head.labels) for head in page.added] == [("a", {"INBOX", "UNREAD"}), ("d", {"DRAFT"})]
    assert (list(page.gone), page.history_id, page.next_page) == (["d"], 9876543210, "more")


@pytest.mark.parametrize("hidden", ["SPAM", "TRASH"])
def test_what_is_taken_out_of_spam_or_trash_is_given_as_added(hidden):
    def record(kind, gmail_id, labels, removed=()):
        message = {"id": gmail_id, "threadId": "t", "labelIds": labels}
        return {kind: [{"message": message, **({"labelIds": list(removed)} if removed else {})}]}

    answer = {
        "history": [
            record("messagesAdded", "a", [hidden, "UNREAD"]),
            record("labelsRemoved", "a", ["UNREAD", "INBOX"], [hidden]),
            record("labelsRemoved", "b", ["UNREAD"], [hidden, "STARRED"]),
            record("labelsRemoved", "read", ["INBOX"], ["UNREAD"]),
        ],
        "historyId": "9",
    }

    added = history.page(answer, since=1).added

    assert [(head.gmail_id, head.labels) for head in added] == [("a", {"UNREAD", "INBOX"}), ("b", {"UNREAD"})]


def test_history_without_a_place_leaves_us_where_we_were():
    assert history.page({}, since=41).history_id == 41
