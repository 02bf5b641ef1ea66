"""A filter: conditions on fields, joined by "all of these" and "any of these". Pure.

Fields, options, stages and people are named by their ids, so that a new name changes nothing. A condition on a field
that was deleted since stays in the filter and matches nothing: a view that suddenly showed everything would be worse
than an empty one, for people act on what they see. `gone` says which, so that the page can.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from addon.domain.errors import DomainError
from addon.domain.fields.keys import Kind
from addon.domain.views import operators
from addon.domain.views.refusals import BadFilter, BadOperator, BadValue, TooManyConditions, UnknownField

DEEPEST = 4
"""Groups within each other."""
MOST = 50
"""Conditions."""


@dataclass(frozen=True)
class Condition:
    field: str
    op: str
    value: Any = None
    """A text, a whole number, a tuple of these, or None; see `operators`."""


@dataclass(frozen=True)
class Group:
    any: bool
    parts: tuple[Condition | Group, ...]


Node = Condition | Group
EVERYTHING = Group(any=False, parts=())


def parse(raw: Any, kinds: Mapping[str, Kind], *, lenient: bool = False) -> Group:
    """Read a filter as JSON holds it; nothing at all is everything.

    `kinds` names the fields that there are. `lenient`, for what was saved before, keeps a condition that no longer fits
    them. Raises BadFilter, UnknownField, BadOperator, BadValue, TooManyConditions.
    """
    if not raw:
        return EVERYTHING
    node = _Reader(kinds, lenient).read(raw, 1)
    if isinstance(node, Condition):
        return Group(any=False, parts=(node,))
    return node if node.parts else EVERYTHING


def to_json(node: Node) -> dict[str, Any]:
    """What `parse` reads back; everything is an empty object."""
    if node == EVERYTHING:
        return {}
    if isinstance(node, Group):
        return {"any" if node.any else "all": [to_json(part) for part in node.parts]}
    told: dict[str, Any] = {"field": node.field, "op": node.op}
    if node.value is not None:
        told["value"] = list(node.value) if isinstance(node.value, tuple) else node.value
    return told


def conditions(node: Node) -> Iterator[Condition]:
    if isinstance(node, Condition):
        yield node
        return
    for part in node.parts:
        yield from conditions(part)


def fits(condition: Condition, kinds: Mapping[str, Kind]) -> bool:
    """Whether the field is still there and can be asked so."""
    try:
        kind = kinds[condition.field]
        return bool(operators.checked(kind, condition.op, condition.value) == condition.value)
    except (KeyError, ValueError):
        return False


def gone(node: Node, kinds: Mapping[str, Kind]) -> list[str]:
    """Keys of fields that conditions name and that are no more, in order."""
    return list(dict.fromkeys(c.field for c in conditions(node) if not fits(c, kinds)))


def without(node: Group, field: str) -> Group:
    """The filter without any condition on a field."""
    kept: list[Node] = []
    for part in node.parts:
        if isinstance(part, Group):
            part = without(part, field)
        if part.parts if isinstance(part, Group) else part.field != field:
            kept.append(part)
    return replace(node, parts=tuple(kept)) if kept else EVERYTHING


class _Reader:
    def __init__(self, kinds: Mapping[str, Kind], lenient: bool) -> None:
        self._kinds, self._lenient, self._count = kinds, lenient, 0

    def read(self, raw: Any, depth: int) -> Node:
        if not isinstance(raw, Mapping) or depth > DEEPEST + 1:
            raise BadFilter
        if "field" in raw:
            return self._condition(raw)
        if len(raw) != 1 or not raw.keys() <= {"all", "any"}:
            raise BadFilter
        [(word, parts)] = raw.items()
        if not isinstance(parts, list | tuple) or depth > DEEPEST:
            raise BadFilter
        nodes = (self.read(part, depth + 1) for part in parts)
        return Group(word == "any", tuple(node for node in nodes if isinstance(node, Condition) or node.parts))

    def _condition(self, raw: Mapping[str, Any]) -> Condition:
        self._count += 1
        if self._count > MOST:
            raise TooManyConditions(limit=MOST)
        field, op, value = _word(raw["field"], 64), _word(raw.get("op"), 32), raw.get("value")
        if not raw.keys() <= {"field", "op", "value"}:
            raise BadFilter
        try:
            return self._checked(field, op, value)
        except DomainError:
            if not self._lenient:
                raise
            return Condition(field, op, _frozen(value))

    def _checked(self, field: str, op: str, value: Any) -> Condition:
        if field not in self._kinds:
            raise UnknownField(field=field)
        try:
            return Condition(field, op, operators.checked(self._kinds[field], op, value))
        except KeyError:
            raise BadOperator(field=field, op=op) from None
        except ValueError:
            raise BadValue(field=field, given=str(value)[:100]) from None


def _word(given: Any, most: int) -> str:
    if not isinstance(given, str) or len(given) > most:
        raise BadFilter
    return given


def _frozen(value: Any) -> Any:
    """Plain values alone are kept of a condition that cannot be understood any more."""
    if isinstance(value, list | tuple):
        return tuple(each for each in value[: operators.MOST_IDS] if isinstance(each, str | int))
    return value if isinstance(value, str | int) else None
