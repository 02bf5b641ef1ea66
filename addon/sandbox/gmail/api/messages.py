"""users.messages and users.messages.attachments."""

from __future__ import annotations

import base64
from datetime import UTC
from email.utils import parsedate_to_datetime

from addon.sandbox.gmail.api import scopes, showing
from addon.sandbox.gmail.api.call import Call, Json, Route, mail_in, number_named, strings, thread_in
from addon.sandbox.gmail.errors import ApiError, invalid
from addon.sandbox.gmail.ids import mint, number_of_event, shown
from addon.sandbox.gmail.mailbox import conversations, payload
from addon.sandbox.gmail.mailbox.listing import Wanted
from addon.sandbox.gmail.mailbox.messages import Message
from addon.sandbox.gmail.mailbox.mime import Mail

_MOST_AT_ONCE = 1000
LARGEST_KEPT = 157_286_400
"""Bytes of a mail that may be inserted or imported."""


def list_messages(call: Call) -> Json:
    page = call.gmail.listing.messages(call.account, wanted(call))
    answer: Json = {"resultSizeEstimate": page.estimate}
    if page.rows:
        answer["messages"] = [{"id": shown(number), "threadId": shown(thread)} for number, thread, _ in page.rows]
    if page.next_token:
        answer["nextPageToken"] = page.next_token
    return answer


def wanted(call: Call) -> Wanted:
    """What any of the list methods is asked for."""
    query = call.query.first("q")
    if query and showing.headers_only(call):
        raise ApiError("insufficientPermissions", "Metadata scope does not support 'q' parameter")
    return Wanted(
        labels=call.query.all("labelIds"),
        query=query,
        hidden=call.query.flag("includeSpamTrash"),
        limit=call.query.number("maxResults", 100, 500),
        token=call.query.first("pageToken"),
    )


def get(call: Call) -> Json:
    return showing.message(call, _named(call), showing.wanted_format(call))


def send(call: Call) -> Json:
    mail, thread = mail_in(call.body, call.media), thread_in(call.body)
    return showing.brief(call.gmail.sending.send(call.account, mail, thread))


def insert(call: Call) -> Json:
    return _put(call, strings(call.body, "labelIds"), "receivedTime")


def import_message(call: Call) -> Json:
    labels = strings(call.body, "labelIds") if "labelIds" in call.body else ["INBOX", "UNREAD"]
    return _put(call, labels, "dateHeader")


def modify(call: Call) -> Json:
    [changed] = call.gmail.messages.modify(call.account, [call.number], *call.label_changes())
    return showing.brief(changed)


def trash(call: Call) -> Json:
    [changed] = call.gmail.messages.modify(call.account, [call.number], ["TRASH"], [])
    return showing.brief(changed)


def untrash(call: Call) -> Json:
    [changed] = call.gmail.messages.modify(call.account, [call.number], [], ["TRASH"])
    return showing.brief(changed)


def delete(call: Call) -> None:
    call.gmail.messages.delete(call.account, [call.number])


def batch_modify(call: Call) -> None:
    numbers = [number_named(name) for name in _ids(call)]
    call.gmail.messages.modify(call.account, numbers, *call.label_changes())


def batch_delete(call: Call) -> None:
    call.gmail.messages.delete(call.account, [number_named(name) for name in _ids(call)], strict=False)


def get_attachment(call: Call) -> Json:
    octets = payload.attachment(call.gmail.messages.raw(_named(call)), call.path["attachment"])
    return {"size": len(octets), "data": base64.urlsafe_b64encode(octets).decode()}


def _named(call: Call) -> Message:
    """The message in the path, by its REST id or by the `msg-f:` form of add-on events, as Google's samples do."""
    name = call.path["id"]
    event = number_of_event(name)
    return call.gmail.messages.find(call.account, number_named(name) if event is None else event)


def _put(call: Call, labels: list[str], usual_date: str) -> Json:
    """Store a mail as it is. `deleted` keeps it for Vault only: the mailbox never sees it."""
    deleted = call.query.flag("deleted")
    for name in ("neverMarkSpam", "processForCalendar"):  # nothing is taken for spam here, and there is no calendar
        call.query.flag(name)
    mail, thread = mail_in(call.body, call.media, LARGEST_KEPT), thread_in(call.body)
    date = _date_header(mail) if _date_source(call, usual_date) == "dateHeader" else None
    number = call.account.number
    with call.gmail.store.write() as db:
        call.gmail.labels.check(db, number, [label for label in labels if label not in ("SENT", "DRAFT")])
        joined = conversations.asked_for(db, number, mail, thread) or conversations.joined(db, number, mail)
        if deleted:
            fresh = mint()
            return {"id": shown(fresh), "threadId": shown(joined or fresh), "labelIds": labels}
        return showing.brief(call.gmail.messages.add(db, number, mail, labels, thread=joined, date=date))


def _date_source(call: Call, usual: str) -> str:
    source = call.query.first("internalDateSource", usual)
    if source not in ("receivedTime", "dateHeader"):
        raise invalid(f"Invalid value at 'internal_date_source' (TYPE_ENUM), \"{source}\"")
    return source


def _date_header(mail: Mail) -> int | None:
    """Milliseconds; None (meaning now) where the header is missing or broken."""
    try:
        date = parsedate_to_datetime(mail.first("Date"))
        return int((date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() * 1000)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def _ids(call: Call) -> list[str]:
    names = strings(call.body, "ids")
    if not names:
        raise invalid("No message ids specified")
    if len(names) > _MOST_AT_ONCE:
        raise invalid("Too many message ids specified")
    return names


ROUTES = [
    Route("GET", "messages", "messages.list", scopes.READ_HEADERS, list_messages),
    Route("POST", "messages", "messages.insert", scopes.INSERTING, insert),
    Route("POST", "messages/send", "messages.send", scopes.SENDING, send),
    Route("POST", "messages/import", "messages.import", scopes.INSERTING, import_message),
    Route("POST", "messages/batchModify", "messages.batchModify", scopes.CHANGE, batch_modify),
    Route("POST", "messages/batchDelete", "messages.batchDelete", scopes.ALL, batch_delete),
    Route("GET", "messages/{id}", "messages.get", scopes.READ_ONE, get),
    Route("DELETE", "messages/{id}", "messages.delete", scopes.ALL, delete),
    Route("POST", "messages/{id}/modify", "messages.modify", scopes.CHANGE, modify),
    Route("POST", "messages/{id}/trash", "messages.trash", scopes.CHANGE, trash),
    Route("POST", "messages/{id}/untrash", "messages.untrash", scopes.CHANGE, untrash),
    Route(
        "GET",
        "messages/{id}/attachments/{attachment}",
        "messages.attachments.get",
        scopes.READ | {scopes.ADDON_READONLY, scopes.ADDON_ACTION},
        get_attachment,
    ),
]
