"""What makes no sense is refused with Google's 400: nothing that a caller can say is a fault of the server's."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest

from addon.sandbox.gmail import Gmail, serve
from addon.sandbox.gmail.api import asking, kinds
from addon.sandbox.gmail.api.call import Query
from addon.sandbox.gmail.api.shapes import SHAPES
from addon.sandbox.gmail.errors import ApiError
from addon.sandbox.gmail.mailbox.mime import topic
from addon.sandbox.gmail.mailbox.unmarked import shown_words
from tests import discovery
from tests.sandbox.gmail.conftest import ANNA, EVERYTHING, encoded

ODD = [
    *("\ud800", "\x00", "²", "9" * 5000, "1e3", 5, -1, 1.5, True, 10**30),
    *([], [[]], ["\ud800"], [None], [{}], {}, {"\ud800": 1}),
]
SHARE = "https://www.googleapis.com/auth/gmail.settings.sharing"
BASIC = "https://www.googleapis.com/auth/gmail.settings.basic"


@pytest.fixture(scope="module")
def ask() -> Iterator[Callable[..., tuple[int, dict[str, Any]]]]:
    gmail = Gmail()
    gmail.accounts.add(ANNA)
    token = gmail.access_token(ANNA, [EVERYTHING, SHARE, BASIC])
    with serve(gmail) as server:
        line = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=10)

        def ask(verb: str, path: str, body: str = "") -> tuple[int, dict[str, Any]]:
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            line.request(verb, f"/gmail/v1/users/me/{path}", body, headers)
            answer = line.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")

        yield ask
        line.close()
    gmail.close()


@pytest.mark.parametrize(
    ("verb", "path", "names"),
    [
        ("POST", "messages", "raw threadId labelIds payload classificationLabelValues"),
        ("POST", "drafts", "id message"),
        ("POST", "labels", "name color labelListVisibility messageListVisibility"),
        ("POST", "watch", "topicName labelIds labelFilterBehavior"),
        ("POST", "messages/batchModify", "ids addLabelIds"),
        ("POST", "settings/sendAs", "sendAsEmail displayName treatAsAlias smtpMsa"),
        ("PATCH", f"settings/sendAs/{ANNA}", "signature isDefault replyToAddress"),
        ("PUT", "settings/vacation", "enableAutoReply responseSubject responseBodyHtml startTime endTime"),
        ("POST", "settings/filters", "criteria action"),
        ("PUT", "settings/imap", "enabled expungeBehavior maxFolderSize"),
        ("PUT", "settings/pop", "accessWindow disposition"),
        ("POST", "settings/forwardingAddresses", "forwardingEmail"),
    ],
)
def test_no_value_in_a_body_is_too_odd_to_be_answered(ask, verb, path, names):
    for name, value in product(names.split(), ODD):
        status, _ = ask(verb, path, json.dumps({name: value}))
        assert status < 500, (name, value)


@pytest.mark.parametrize("path", ["messages", "threads", "drafts", "history"])
def test_no_value_in_a_query_is_too_odd_to_be_answered(ask, path):
    for name, value in product(
        ("maxResults", "pageToken", "q", "startHistoryId"), ("²", "٣", "9" * 5000, "\x00", "-0")
    ):
        assert ask("GET", f"{path}?{name}={quote(value)}")[0] < 500, (name, value)


@pytest.mark.parametrize(
    "body", ["[" * 20_000, '{"payload":' * 20_000, '{"payload":' + '{"parts":[' * 300 + "]}" * 300 + "}"]
)
def test_a_body_nested_beyond_all_reason_is_a_parse_error(ask, body):
    status, answer = ask("POST", "messages/send", body)

    assert (status, answer["error"]["errors"][0]["reason"]) == (400, "parseError")


def test_half_of_a_letter_is_a_parse_error_and_the_connection_lives(ask):
    status, answer = ask("POST", "labels", '{"name": "half \\ud83c"}')

    assert (status, answer["error"]["errors"][0]["reason"]) == (400, "parseError")
    assert ask("POST", "labels", '{"name": "whole \\ud83c\\udf89"}')[1]["name"] == "whole 🎉"


def test_the_kinds_of_values_are_those_of_googles_own_schemas():
    googles: dict[str, set[str]] = {}
    for schema in discovery.document()["schemas"].values():
        for name, node in schema.get("properties", {}).items():
            googles.setdefault(name, set()).add(kind_of(node))

    for name in {name for shape in set(asking.BODIES.values()) for name in reached(shape, set())}:
        assert kinds.kind_of(name) in googles[name], name


def kind_of(node: dict[str, Any]) -> str:
    inner = node.get("items", node)
    kind = "object" if "$ref" in inner else "long" if inner.get("format") in ("int64", "uint64") else inner["type"]
    return f"{kind}s" if node.get("type") == "array" else kind


def reached(shape: str, seen: set[str]) -> set[str]:
    if shape in seen:
        return set()
    seen.add(shape)
    return {name for key, inner in SHAPES[shape].items() for name in (key, *(reached(inner, seen) if inner else ()))}


@pytest.mark.parametrize("mark", ["<", "<style ", "<!--", "<head><title>", "</style "])
def test_broken_tags_cost_no_more_than_whole_ones(mark):
    started = time.process_time()

    assert "seen" in shown_words(mark * 40_000 + ">seen")
    assert time.process_time() - started < 2


def test_a_subject_of_blanks_is_read_at_once():
    started = time.process_time()

    assert topic("Re" + " " * 60_000 + "x") == "re x"
    assert time.process_time() - started < 1


def test_brackets_nested_beyond_all_reason_name_nobody(ask):
    raw = encoded(b"Subject: deep\nTo: " + b"(" * 5000 + b"\n\nHello")

    status, answer = ask("POST", "messages/send", json.dumps({"raw": raw}))

    assert (status, answer["error"]["errors"][0]["reason"]) == (400, "invalidArgument")


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("settings.updateImap", {"enabled": "false"}),
        ("settings.sendAs.create", {"sendAsEmail": 5}),
        ("settings.updateImap", {"maxFolderSize": 1.5}),
        ("settings.updateVacation", {"startTime": "soon"}),
        ("messages.modify", {"addLabelIds": "INBOX"}),
        ("labels.create", {"color": "#000000"}),
        ("drafts.create", {"message": []}),
    ],
)
def test_a_value_of_another_kind_is_refused(method, body):
    with pytest.raises(ApiError) as refused:
        asking.taken(method, Query(""), body)

    assert (refused.value.status, refused.value.reason) == (400, "invalidArgument")
    assert refused.value.message.startswith("Invalid value at '")


def test_a_number_may_come_as_a_text_and_a_long_one_as_a_number():
    assert asking.taken("settings.updateImap", Query(""), {"maxFolderSize": "1000"}) == {"maxFolderSize": 1000}
    assert asking.taken("settings.updateVacation", Query(""), {"startTime": 5}) == {"startTime": 5}
