"""What kind of value each name in a request's body takes, as Google's reader of JSON has it.

A name takes the same kind wherever it stands. A null says nothing, and whole numbers may come as texts.
"""

from __future__ import annotations

from typing import Any

from addon.sandbox.gmail.api.shapes import SHAPES
from addon.sandbox.gmail.errors import ApiError, invalid
from addon.sandbox.gmail.ids import whole

_TRUTHS = frozenset(
    {"autoExpunge", "enableAutoReply", "enabled", "excludeChats", "hasAttachment", "isDefault", "isPrimary"}
    | {"restrictToContacts", "restrictToDomain", "treatAsAlias"}
)
_WHOLE = frozenset(
    {"maxFolderSize", "messagesTotal", "messagesUnread", "port", "size", "sizeEstimate", "threadsTotal"}
    | {"threadsUnread"}
)
_LONG = frozenset({"endTime", "expiration", "historyId", "internalDate", "startTime"})
_TEXTS = frozenset({"addLabelIds", "ids", "labelIds", "removeClassificationLabelIds", "removeLabelIds"})
_OBJECTS = frozenset({"addClassificationLabels", "classificationLabelValues", "fields", "headers", "parts"})
_ONE_OBJECT = frozenset(name for shape in SHAPES.values() for name, inner in shape.items() if inner) - _OBJECTS

_KINDS = {
    **dict.fromkeys(_TRUTHS, "boolean"),
    **dict.fromkeys(_WHOLE, "integer"),
    **dict.fromkeys(_LONG, "long"),
    **dict.fromkeys(_TEXTS, "strings"),
    **dict.fromkeys(_OBJECTS, "objects"),
}
_SHOWN = {"boolean": "TYPE_BOOL", "integer": "TYPE_INT32", "long": "TYPE_INT64"}
_LONGEST_SHOWN = 100


def kind_of(name: str) -> str:
    """`string`, `boolean`, `integer`, `long` or `object`; `strings` and `objects` for lists of them.

    >>> kind_of("raw"), kind_of("labelIds"), kind_of("startTime")
    ('string', 'strings', 'long')
    """
    return _KINDS.get(name) or ("object" if name in _ONE_OBJECT else "string")


def checked(name: str, value: Any, where: str) -> Any:
    """The value as the methods here read it. 400 for one of another kind."""
    if value is None:
        return None
    kind = kind_of(name)
    if kind in ("integer", "long"):
        return _number(kind, value, where)
    if kind in ("strings", "objects"):
        inner = str if kind == "strings" else dict
        fits = isinstance(value, list) and all(isinstance(entry, inner) for entry in value)
    else:
        fits = isinstance(value, {"boolean": bool, "object": dict}.get(kind, str))
    if not fits:
        raise _refused(kind, value, where)
    return value


def _number(kind: str, value: Any, where: str) -> Any:
    """A long number stays as it came, text or not: that is how it is shown, too."""
    written = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    number = whole(written.removeprefix("-")) if isinstance(written, str) else None
    if number is None and written != "":
        raise _refused(kind, value, where)
    return value if kind == "long" or number is None else number * (-1 if written.startswith("-") else 1)


def _refused(kind: str, value: Any, where: str) -> ApiError:
    said = f'"{value}"' if isinstance(value, str) else str(value)
    return invalid(f"Invalid value at '{where}' ({_SHOWN.get(kind, 'TYPE_STRING')}), {said[:_LONGEST_SHOWN]}")
