"""What a request may name: a parameter or a field that Gmail does not know is refused, as Google does, and a field
with a value of another kind.

Names may also come in the form of Google's own sources (`label_ids` for `labelIds`), which Google takes as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from addon.sandbox.gmail.api import kinds
from addon.sandbox.gmail.api.call import Json, Query
from addon.sandbox.gmail.api.shapes import SHAPES, Shape
from addon.sandbox.gmail.errors import ApiError

EVERYWHERE = frozenset(
    {"$.xgafv", "access_token", "alt", "callback", "fields", "key", "oauth_token", "prettyPrint", "quotaUser"}
    | {"uploadType", "upload_protocol", "upload_id", "userIp", "userip", "$alt", "$fields", "trace", "pp", "strict"}
)
"""What any request may carry in its query."""

_LIST = "includeSpamTrash maxResults pageToken q"

PARAMETERS: Mapping[str, Collection[str]] = {
    method: frozenset(names.split())
    for method, names in {
        "messages.list": f"{_LIST} labelIds",
        "threads.list": f"{_LIST} labelIds",
        "drafts.list": _LIST,
        "messages.get": "format metadataHeaders",
        "threads.get": "format metadataHeaders",
        "drafts.get": "format",
        "history.list": "startHistoryId historyTypes labelId maxResults pageToken",
        "messages.insert": "deleted internalDateSource",
        "messages.import": "deleted internalDateSource neverMarkSpam processForCalendar",
        "settings.cse.identities.list": "pageSize pageToken",
        "settings.cse.keypairs.list": "pageSize pageToken",
    }.items()
}
"""What a method may find in its query besides."""

BODIES: Mapping[str, str] = {
    method: shape
    for shape, methods in {
        "Message": "messages.send messages.insert messages.import",
        "Draft": "drafts.create drafts.update drafts.send",
        "Modify": "messages.modify",
        "ModifyThread": "threads.modify",
        "BatchModify": "messages.batchModify",
        "BatchDelete": "messages.batchDelete",
        "Label": "labels.create labels.update labels.patch",
        "WatchRequest": "watch",
        "SendAs": "settings.sendAs.create settings.sendAs.update settings.sendAs.patch",
        "Vacation": "settings.updateVacation",
        "Filter": "settings.filters.create",
        "AutoForwarding": "settings.updateAutoForwarding",
        "ForwardingAddress": "settings.forwardingAddresses.create",
        "Imap": "settings.updateImap",
        "Pop": "settings.updatePop",
        "Language": "settings.updateLanguage",
        "Delegate": "settings.delegates.create",
    }.items()
    for method in methods.split()
}
"""The object that a method's body is, by the method."""

_DEEPEST = 100
"""Objects within objects that Google reads."""

_CAPITAL = re.compile(r"_([a-z0-9])")


def taken(method: str, query: Query, body: Json) -> Json:
    """The body with every name as Gmail's methods here read it. 400 for a name that Gmail does not know."""
    known = PARAMETERS.get(method, frozenset())
    for name in query.names() - EVERYWHERE:
        usual = _usual(name)
        if usual not in known:
            raise _unknown(
                name, "Cannot bind query parameter. Field", f"'{name}' could not be found in request message."
            )
        query.rename(name, usual)
    shape = BODIES.get(method)
    return _named(body, SHAPES[shape]) if shape and body else body


def _named(value: Mapping[str, Any], shape: Shape, where: str = "") -> Json:
    if where.count(".") > _DEEPEST:
        raise ApiError("parseError", "Invalid JSON payload received. Message too deep.")
    named: Json = {}
    for key, entry in value.items():
        usual = _usual(key)
        if usual not in shape:
            raise _unknown(key, f"at '{where}': Cannot find field." if where else "Cannot find field.")
        place = f"{where}.{key}" if where else key
        named[usual] = _below(kinds.checked(usual, entry, place), shape[usual], place)
    return named


def _below(value: Any, shape: str, where: str) -> Any:
    if not shape or value is None:
        return value
    if isinstance(value, list):
        return [_below(entry, shape, f"{where}[{place}]") for place, entry in enumerate(value)]
    return _named(value, SHAPES[shape], where)


def _usual(name: str) -> str:
    return _CAPITAL.sub(lambda found: found[1].upper(), name)


def _unknown(name: str, *why: str) -> ApiError:
    said = f'Unknown name "{name}"' + ("" if why[0].startswith("at ") else ":")
    message = " ".join(["Invalid JSON payload received.", said, *why])
    violation = {"description": message}
    details = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}]
    return ApiError("invalid", message, details=details)
