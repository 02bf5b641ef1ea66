"""Partial answers and names in requests: what may be asked for, and that nothing else may."""

from __future__ import annotations

import contextlib
import json
from functools import cache
from typing import Any

import pytest
from googleapiclient.errors import HttpError
from hypothesis import given
from hypothesis import strategies as st

from addon.sandbox.gmail.api import asking
from addon.sandbox.gmail.api.call import Query
from addon.sandbox.gmail.api.routes import ROUTES
from addon.sandbox.gmail.api.shapes import ANSWERS, SHAPES
from addon.sandbox.gmail.errors import ApiError
from addon.sandbox.gmail.wire.partial import cut, mask
from tests import discovery
from tests.sandbox.gmail.conftest import ANNA, mail

MESSAGE = {
    "id": "1",
    "labelIds": ["INBOX", "UNREAD"],
    "payload": {"mimeType": "text/plain", "headers": [{"name": "From", "value": "x"}], "body": {"size": 1}},
}


@cache
def document() -> dict[str, Any]:
    """A copy of its own: Google's client writes into the one that it is given."""
    return discovery.document.__wrapped__()


def methods(resource: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = {method["id"].removeprefix("gmail.users."): method for method in resource.get("methods", {}).values()}
    for inner in resource.get("resources", {}).values():
        found |= methods(inner)
    return found


def differences(name: str, schema: str, seen: set[str]) -> list[str]:
    """Where one of our shapes and Google's schema disagree."""
    if schema in seen:
        return []
    seen.add(schema)
    properties = document()["schemas"][schema]["properties"]
    found = [f"{name}: {key}" for key in set(SHAPES[name]) ^ set(properties)]
    for key in set(SHAPES[name]) & set(properties):
        node = properties[key].get("items", properties[key])
        if bool(SHAPES[name][key]) != ("$ref" in node):
            found.append(f"{name}.{key} is or is no object")
        elif "$ref" in node:
            found += differences(SHAPES[name][key], node["$ref"], seen)
    return found


def test_the_shapes_are_those_of_googles_own_schemas():
    googles = methods(document()["resources"]["users"])
    ours = {route.method for route in ROUTES}

    assert ours <= set(googles), "every method is one of Gmail's"
    for method in ours:
        answer = googles[method].get("response", {}).get("$ref")
        assert (method in ANSWERS) == bool(answer), method
        if answer:
            assert differences(ANSWERS[method], answer, set()) == []


def test_the_names_a_request_may_use_are_googles_own():
    googles = methods(document()["resources"]["users"])

    for route in ROUTES:
        method = googles[route.method]
        parameters = {name for name, one in method["parameters"].items() if one.get("location") == "query"}
        assert asking.PARAMETERS.get(route.method, frozenset()) == parameters, route.method
        request = method.get("request", {}).get("$ref")
        assert (route.method in asking.BODIES) == bool(request), route.method
        if request:
            assert differences(asking.BODIES[route.method], request, set()) == []
    assert set(document()["parameters"]) <= asking.EVERYWHERE


@pytest.mark.parametrize(
    ("method", "query", "body"),
    [
        ("messages.list", "label=INBOX", {}),
        ("messages.get", "q=x", {}),
        ("messages.modify", "", {"addLabels": ["STARRED"]}),
        ("drafts.create", "", {"message": {"subject": "x"}}),
        ("settings.filters.create", "", {"criteria": {"sender": "x"}}),
        ("messages.send", "", {"payload": {"parts": [{"text": "x"}]}}),
    ],
)
def test_an_unknown_name_in_a_request_is_refused(method, query, body):
    with pytest.raises(ApiError) as refused:
        asking.taken(method, Query(query), body)

    assert (refused.value.status, refused.value.reason) == (400, "invalid")
    assert refused.value.message.startswith("Invalid JSON payload received. Unknown name ")


def test_names_may_come_as_googles_own_sources_write_them():
    query = Query("label_ids=INBOX&label_ids=UNREAD&max_results=5&prettyPrint=false")

    body = asking.taken("drafts.create", Query(""), {"message": {"thread_id": "1", "raw": "x"}})
    asking.taken("messages.list", query, {})

    assert body == {"message": {"threadId": "1", "raw": "x"}}
    assert (query.all("labelIds"), query.number("maxResults", 100, 500)) == (["INBOX", "UNREAD"], 5)


def test_every_method_is_at_googles_address_and_asks_for_googles_scopes():
    googles = methods(document()["resources"]["users"])

    for route in ROUTES:
        method = googles[route.method]
        path = method["path"].removeprefix("gmail/v1/users/{userId}/")
        pattern = ["{}" if piece.startswith("{") else piece for piece in path.split("/")]
        assert (route.verb, ["{}" if piece.startswith("{") else piece for piece in route.path.split("/")]) == (
            method["httpMethod"],
            pattern,
        )
        known = set(method["scopes"])
        assert route.scopes <= known, route.method
        addon_only = {scope for scope in known - route.scopes if ".addons." not in scope}
        assert not addon_only, route.method


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ("*", MESSAGE),
        ("id", {"id": "1"}),
        (" id , labelIds ", {"id": "1", "labelIds": ["INBOX", "UNREAD"]}),
        ("payload/headers/value", {"payload": {"headers": [{"value": "x"}]}}),
        ("payload(mimeType,body)", {"payload": {"mimeType": "text/plain", "body": {"size": 1}}}),
        ("payload/*", {"payload": MESSAGE["payload"]}),
        ("*/mimeType", {"id": "1", "labelIds": ["INBOX", "UNREAD"], "payload": {"mimeType": "text/plain"}}),
        ("payload,payload/mimeType", {"payload": MESSAGE["payload"]}),
        ("payload/mimeType,payload", {"payload": MESSAGE["payload"]}),
        ("payload/parts/parts/filename,raw", {"payload": {}}),
    ],
)
def test_what_is_asked_for_is_left(fields, left):
    assert cut(MESSAGE, mask(fields, "messages.get")) == left


@pytest.mark.parametrize(
    "fields",
    ["nothing", "payload/nothing", "payload(headers(nothing))", "id/name", "*/nothing", "messages/id", "id,", "id("],
)
def test_an_unknown_field_is_refused(fields):
    with pytest.raises(ApiError) as refused:
        mask(fields, "messages.get")

    assert (refused.value.status, refused.value.reason) == (400, "invalidParameter")


@given(st.text(alphabet="a*,/() messagepayloadrtsi", max_size=60))
def test_whatever_somebody_asks_for_is_a_mask_or_a_refusal(fields):
    left: Any = {}
    with contextlib.suppress(ApiError):
        left = cut({"messages": [MESSAGE]}, mask(fields, "messages.list"))

    assert set(left) <= {"messages"}


@pytest.mark.parametrize("fields", ["payload(" * 3_000, "payload/" + "parts/" * 5_000 + "partId", "payload" + ")" * 99])
def test_endless_nesting_is_refused_too(fields):
    with pytest.raises(ApiError):
        mask(fields, "messages.get")


def test_googles_client_sees_the_refusal_and_the_partial_answer(gmail, anna):
    [one] = gmail.deliver(mail(to=ANNA), [ANNA])

    listed = anna.messages().list(userId="me", fields="messages/id,resultSizeEstimate").execute()
    with pytest.raises(HttpError) as refused:
        anna.messages().list(userId="me", fields="messages/subject").execute()

    error = json.loads(refused.value.content)["error"]
    assert listed == {"messages": [{"id": one.message_id}], "resultSizeEstimate": 1}
    assert error["errors"] == [
        {
            "message": "Invalid field selection subject",
            "domain": "global",
            "reason": "invalidParameter",
            "locationType": "parameter",
            "location": "fields",
        }
    ]
