"""The watch over every call of the simulated Gmail sees what Google would not say, and what it would not take."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from addon.sandbox.gmail.api.call import Query
from addon.sandbox.gmail.api.routes import ROUTES
from addon.sandbox.gmail.errors import ApiError
from addon.sandbox.gmail.wire import calling
from addon.sandbox.gmail.wire.messages import Answer, json_answer
from tests import discovery
from tests.discovery_checked import Watch, everywhere, watched_perform, watched_refusal


def wrong(verb, path, query="", body=None, answer=None, method=None):
    """What the watch notes of such a call."""
    found = discovery.method(verb, path)
    route = SimpleNamespace(verb=verb, path=path, method=method or (found.id if found else "none"))
    watch = Watch()
    given = Answer(204) if answer is None else json_answer(200, answer)
    watched_perform(lambda *_: given, watch)(None, None, route, {}, Query(query), body or {}, None)
    return watch.take()


MESSAGE = {"id": "18c2f3a9b0d1e2f3", "threadId": "18c2f3a9b0d1e2f3", "historyId": "12", "internalDate": "-5"}


@pytest.mark.parametrize(
    "call",
    [
        ("GET", "messages/{id}", "format=full&fields=id&prettyPrint=false", None, MESSAGE),
        ("GET", "messages/{id}", "metadataHeaders=From&metadataHeaders=To", None, {}),
        ("POST", "drafts", "uploadType=media", {"message": {"raw": "QUJD_-+/=", "threadId": "1"}}, {"id": "r1"}),
        ("GET", "history", "startHistoryId=12&historyTypes=messageAdded&maxResults=500", None, {"historyId": "9" * 19}),
        ("DELETE", "drafts/{id}", "", None, None),
    ],
)
def test_what_google_takes_and_says_passes(call):
    assert wrong(*call) == []


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("GET", "messages/{id}", "", None, {"historyId": 12}), "no uint64 in a text"),
        (("GET", "messages/{id}", "", None, {"historyId": "-1"}), "no uint64"),
        (("GET", "messages/{id}", "", None, {"mood": "fine"}), "Google knows no 'mood'"),
        (("GET", "messages/{id}", "", None, {"raw": "a+b/"}), "no base64url"),
        (("GET", "messages/{id}", "", None, {"labelIds": "INBOX"}), "no list"),
        (("GET", "messages/{id}", "", None, {"payload": {"parts": [{"body": {"size": "3"}}]}}), "parts[0].body.size"),
        (("GET", "labels/{id}", "", None, {"type": "home"}), "none of system, user"),
        (("GET", "messages/{id}", "format=loud", None, MESSAGE), "none of full"),
        (("GET", "messages/{id}", "formt=full", None, MESSAGE), "no parameter 'formt'"),
        (("GET", "messages/{id}", "format=full&format=raw", None, MESSAGE), "given 2 times"),
        (("GET", "messages", "maxResults=many", None, {}), "no uint32"),
        (("GET", "messages", "includeSpamTrash=yes", None, {}), "none of false, true"),
        (("POST", "drafts", "", {"message": {"body": "hi"}}, {}), "Google knows no 'body'"),
        (("POST", "messages/{id}/trash", "", {"id": "1"}, {}), "takes no body"),
        (("DELETE", "drafts/{id}", "", None, {"id": "r1"}), "answers nothing"),
        (("GET", "moods", "", None, {}), "is no method of Google's"),
    ],
)
def test_what_google_does_not_take_or_say_is_noted(call, said):
    [noted] = wrong(*call)

    assert said in noted


def test_a_route_under_another_name_than_googles_is_noted():
    assert wrong("GET", "profile", "", None, {}, method="profile") != []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": {"code": 404, "message": "x", "status": "NOT_FOUND", "errors": []}}, "code 404 under status 403"),
        ({"error": {"code": 403, "message": "x", "status": "PERMISSION_DENIED"}}, "lacks errors"),
        ({"error": "no"}, "is no object"),
        ({"error": {"code": 403, "why": "x"}}, "Google knows no 'why'"),
    ],
)
def test_a_refusal_of_another_shape_than_googles_is_noted(body, said):
    assert any(said in noted for noted in discovery.refused(403, body))


def test_a_refusal_as_it_is_passes():
    watch = Watch()

    watched_refusal(lambda error: None, watch)(ApiError("notFound"))

    assert watch.take() == []


def test_it_watches_every_test_of_this_process():
    calling.refusal(SimpleNamespace(status=404, headers={}, body=lambda: {"error": "odd"}))

    assert everywhere.take() == ["refusal.error: 'odd' is no object"]


def test_every_method_of_the_simulator_is_one_of_googles():
    odd = [
        route.method
        for route in ROUTES
        if not (found := discovery.method(route.verb, route.path)) or found.id != route.method
    ]

    assert odd == []
