"""users.threads."""

from __future__ import annotations

from addon.sandbox.gmail.api import scopes, showing
from addon.sandbox.gmail.api.call import Call, Json, Route
from addon.sandbox.gmail.api.messages import wanted
from addon.sandbox.gmail.errors import invalid
from addon.sandbox.gmail.ids import shown
from addon.sandbox.gmail.mailbox.messages import Message


def list_threads(call: Call) -> Json:
    page = call.gmail.listing.threads(call.account, wanted(call))
    answer: Json = {"resultSizeEstimate": page.estimate}
    if page.rows:
        found = [(thread, call.gmail.messages.find(call.account, number)) for number, thread, _ in page.rows]
        answer["threads"] = [
            {"id": shown(thread), "snippet": showing.snippet(call, newest), "historyId": str(newest.history)}
            for thread, newest in found
        ]
    if page.next_token:
        answer["nextPageToken"] = page.next_token
    return answer


def get(call: Call) -> Json:
    form = showing.wanted_format(call)
    if form == "raw":
        raise invalid("Invalid value at 'format', \"raw\"")
    found = call.gmail.threads.get(call.account, call.number)
    newest = str(max(message.history for message in found))
    messages = [showing.message(call, message, form) for message in found]
    return {"id": shown(found[0].thread), "historyId": newest, "messages": messages}


def modify(call: Call) -> Json:
    return _changed(call.gmail.threads.modify(call.account, call.number, *call.label_changes()))


def trash(call: Call) -> Json:
    return _changed(call.gmail.threads.modify(call.account, call.number, ["TRASH"], []))


def untrash(call: Call) -> Json:
    return _changed(call.gmail.threads.modify(call.account, call.number, [], ["TRASH"]))


def delete(call: Call) -> None:
    call.gmail.threads.delete(call.account, call.number)


def _changed(messages: list[Message]) -> Json:
    return {"id": shown(messages[0].thread), "messages": [showing.brief(message) for message in messages]}


ROUTES = [
    Route("GET", "threads", "threads.list", scopes.READ_HEADERS, list_threads),
    Route("GET", "threads/{id}", "threads.get", scopes.READ_HEADERS, get),
    Route("DELETE", "threads/{id}", "threads.delete", scopes.ALL, delete),
    Route("POST", "threads/{id}/modify", "threads.modify", scopes.CHANGE, modify),
    Route("POST", "threads/{id}/trash", "threads.trash", scopes.CHANGE, trash),
    Route("POST", "threads/{id}/untrash", "threads.untrash", scopes.CHANGE, untrash),
]
