"""users.drafts."""

from __future__ import annotations

from dataclasses import replace

from addon.sandbox.gmail.api import scopes, showing
from addon.sandbox.gmail.api.call import Call, Json, Route, mail_in, part, thread_in
from addon.sandbox.gmail.api.messages import wanted
from addon.sandbox.gmail.errors import invalid
from addon.sandbox.gmail.ids import number_of_draft, shown, shown_draft
from addon.sandbox.gmail.mailbox.drafts import Draft


def list_drafts(call: Call) -> Json:
    page = call.gmail.listing.messages(call.account, replace(wanted(call), labels=["DRAFT"]))
    messages = [call.gmail.messages.find(call.account, number) for number, _, _ in page.rows]
    answer: Json = {"resultSizeEstimate": page.estimate}
    if found := call.gmail.drafts.holding(call.account, messages):
        answer["drafts"] = [
            {
                "id": shown_draft(draft.id),
                "message": {"id": shown(draft.message.id), "threadId": shown(draft.message.thread)},
            }
            for draft in found
        ]
    if page.next_token:
        answer["nextPageToken"] = page.next_token
    return answer


def create(call: Call) -> Json:
    message = part(call.body, "message")
    return _brief(call.gmail.drafts.create(call.account, mail_in(message, call.media), thread_in(message)))


def get(call: Call) -> Json:
    form = showing.wanted_format(call)
    draft = call.gmail.drafts.get(call.account, number_of_draft(call.path["id"]))
    return {"id": shown_draft(draft.id), "message": showing.message(call, draft.message, form)}


def update(call: Call) -> Json:
    message = part(call.body, "message")
    mail, thread = mail_in(message, call.media), thread_in(message)
    return _brief(call.gmail.drafts.update(call.account, number_of_draft(call.path["id"]), mail, thread))


def send(call: Call) -> Json:
    name, message = call.body.get("id"), part(call.body, "message")
    if not isinstance(name, str) or not name:
        raise invalid("Invalid draft id")
    mail = mail_in(message, call.media) if message.get("raw") or call.media is not None else None
    number = number_of_draft(name)
    return showing.brief(call.gmail.drafts.send(call.account, number, mail, thread_in(message)))


def delete(call: Call) -> None:
    call.gmail.drafts.delete(call.account, number_of_draft(call.path["id"]))


def _brief(draft: Draft) -> Json:
    return {"id": shown_draft(draft.id), "message": showing.brief(draft.message)}


ROUTES = [
    Route("GET", "drafts", "drafts.list", scopes.READ_DRAFTS, list_drafts),
    Route("POST", "drafts", "drafts.create", scopes.WRITE_DRAFTS, create),
    Route("POST", "drafts/send", "drafts.send", scopes.WRITE_DRAFTS, send),
    Route("GET", "drafts/{id}", "drafts.get", scopes.READ_DRAFTS, get),
    Route("PUT", "drafts/{id}", "drafts.update", scopes.WRITE_DRAFTS, update),
    Route("DELETE", "drafts/{id}", "drafts.delete", scopes.WRITE_DRAFTS, delete),
]
