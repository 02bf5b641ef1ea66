"""MessageFacts to and from plain JSON values, for the column that keeps them."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, cast

from addon.domain.verdicts.facts import MessageFacts


def to_json(facts: MessageFacts) -> dict[str, Any]:
    """A dict of plain JSON values; what is at its default is left out, but for kind and classifier."""
    return {**_dict(facts), "kind": facts.kind.value, "classifier": facts.classifier}


def from_json(stored: Mapping[str, Any]) -> MessageFacts:
    """The facts again. Names that are unknown are passed over, so that older code reads newer rows."""
    return cast(MessageFacts, _value(MessageFacts, stored))


def _dict(thing: Any) -> dict[str, Any]:
    return {f.name: _plain(getattr(thing, f.name)) for f in fields(thing) if getattr(thing, f.name) != f.default}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return _dict(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def _value(kind: Any, stored: Any) -> Any:
    if stored is None:
        return None
    if typing.get_origin(kind) is tuple:
        return tuple(_value(typing.get_args(kind)[0], item) for item in stored)
    if isinstance(kind, types.UnionType):
        return _value(next(option for option in typing.get_args(kind) if option is not type(None)), stored)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{name: _value(hints[name], value) for name, value in stored.items() if name in hints})
    if kind in (date, datetime):
        return kind.fromisoformat(stored)
    return kind(stored)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)
