"""Messages as JSON, in the four formats."""

from __future__ import annotations

import base64
from typing import Any

from addon.sandbox.gmail.api.call import Call
from addon.sandbox.gmail.api.scopes import HEADERS_ONLY
from addon.sandbox.gmail.errors import ApiError, invalid
from addon.sandbox.gmail.ids import shown
from addon.sandbox.gmail.mailbox import payload
from addon.sandbox.gmail.mailbox.messages import Message

FORMATS = frozenset({"minimal", "full", "raw", "metadata"})


def brief(message: Message) -> dict[str, Any]:
    """What a change or a send answers: ids and labels."""
    answer: dict[str, Any] = {"id": shown(message.id), "threadId": shown(message.thread)}
    return {**answer, "labelIds": list(message.labels)} if message.labels else answer


def wanted_format(call: Call, usual: str = "full") -> str:
    """The `format` of a request. 400 for an unknown one, 403 where the scopes show headers only."""
    wanted = call.query.first("format", usual).lower()
    if wanted not in FORMATS:
        raise invalid(f"Invalid value at 'format', \"{wanted}\"")
    if wanted in ("full", "raw") and headers_only(call):
        raise ApiError("insufficientPermissions", f"Metadata scope doesn't allow format {wanted.upper()}")
    return wanted


def headers_only(call: Call) -> bool:
    """Whether the caller may see no more than headers."""
    mail = {scope for scope in call.access.scopes if "gmail" in scope or scope == "https://mail.google.com/"}
    readers = mail - {scope for scope in mail if scope.endswith((".execute", ".compose", ".send", ".labels"))}
    return bool(readers) and readers <= HEADERS_ONLY


def message(call: Call, found: Message, form: str) -> dict[str, Any]:
    """A message in one of the formats."""
    raw = call.gmail.messages.raw(found) if form != "minimal" or found.snippet is None else b""
    answer = brief(found) | {
        "snippet": snippet(call, found, raw),
        "sizeEstimate": found.size,
        "historyId": str(found.history),
        "internalDate": str(found.date),
    }
    if form == "raw":
        answer["raw"] = base64.urlsafe_b64encode(raw).decode()
    elif form == "full":
        answer["payload"] = payload.tree(raw)
    elif form == "metadata":
        wanted = frozenset(name.lower() for name in call.query.all("metadataHeaders"))
        answer["payload"] = payload.brief(raw, wanted)
    return answer


def snippet(call: Call, found: Message, raw: bytes = b"") -> str:
    """The message's snippet, made once."""
    if found.snippet is not None:
        return found.snippet
    text = payload.snippet(raw or call.gmail.messages.raw(found))
    call.gmail.messages.keep_snippet(found, text)
    return text
