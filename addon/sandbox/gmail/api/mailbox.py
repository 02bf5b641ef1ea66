"""users.getProfile, users.history, users.watch and stop."""

from __future__ import annotations

import re

from addon.sandbox.gmail.api import scopes
from addon.sandbox.gmail.api.call import Call, Json, Route, strings
from addon.sandbox.gmail.errors import ApiError, invalid
from addon.sandbox.gmail.ids import whole
from addon.sandbox.gmail.mailbox.history import kinds_of

_TOPIC = re.compile(r"projects/[^/]+/topics/[^/]+")


def get_profile(call: Call) -> Json:
    messages, threads, history = call.gmail.messages.totals(call.account)
    return {
        "emailAddress": call.account.email,
        "messagesTotal": messages,
        "threadsTotal": threads,
        "historyId": str(call.gmail.history.seen(call.account, history)),
    }


def list_history(call: Call) -> Json:
    start = call.query.first("startHistoryId")
    if not start:
        raise invalid("Missing required parameter: startHistoryId")
    first = whole(start)
    if first is None:
        raise invalid(f"Invalid value at 'start_history_id' (TYPE_UINT64), \"{start}\"")
    return call.gmail.history.list(
        call.account,
        first,
        kinds=kinds_of(call.query.all("historyTypes")),
        label=call.query.first("labelId"),
        limit=call.query.number("maxResults", 100, 500),
        token=call.query.first("pageToken"),
    )


def watch(call: Call) -> Json:
    topic = call.body.get("topicName")
    if not isinstance(topic, str) or not _TOPIC.fullmatch(topic):
        raise invalid("Invalid topicName does not match projects/{project}/topics/*")
    labels = strings(call.body, "labelIds")
    with call.gmail.store.read() as db:
        call.gmail.labels.check(db, call.account.number, labels, setting=False)
    manner = str(call.body.get("labelFilterBehavior") or call.body.get("labelFilterAction") or "include").lower()
    if manner not in ("include", "exclude"):
        raise invalid(f"Invalid value at 'label_filter_behavior' (TYPE_ENUM), \"{manner}\"")
    if call.gmail.watches.topic(call.account) not in ("", topic):
        only_one = "Only one user push notification client allowed per developer (call /stop then try again)"
        raise ApiError("failedPrecondition", only_one)
    expires = call.gmail.watches.start(call.account, topic, labels, excluding=manner == "exclude")
    return {"historyId": str(call.gmail.history.latest(call.account)), "expiration": str(expires)}


def stop(call: Call) -> None:
    call.gmail.watches.stop(call.account)


ROUTES = [
    Route("GET", "profile", "getProfile", scopes.PROFILE, get_profile),
    Route("GET", "history", "history.list", scopes.READ_HEADERS, list_history),
    Route("POST", "watch", "watch", scopes.READ_HEADERS, watch),
    Route("POST", "stop", "stop", scopes.READ_HEADERS, stop),
]
