"""What a person filled in: from a posted form to the event's `formInputs`, and back into the redrawn card."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta, timezone
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from addon.sandbox.inbox.cards import Input, Json, inputs_of

Typed = dict[str, list[str]]
"""Values by input name, as the browser posts them; an empty list is an unselected one."""

PREFIX = "in."
"""In the page's form, before the card's own names, so that none of them meets ours."""


class Posted(Protocol):
    def getlist(self, key: str) -> list[str]: ...


def typed_in(card: Json, posted: Posted) -> Typed:
    """What was posted for the card's inputs, and for nothing else."""
    return {field.name: posted.getlist(PREFIX + field.name) for field in inputs_of(card) if field.name}


def form_inputs(card: Json, typed: Mapping[str, list[str]], zone: ZoneInfo) -> dict[str, Json]:
    """The event's `formInputs`. An unselected switch or box contributes nothing."""
    values = {field.name: _value(field, typed.get(field.name, []), zone) for field in inputs_of(card) if field.name}
    return {name: value for name, value in values.items() if value is not None}


def kept(typed: Typed, old: Json, new: Json) -> Typed:
    """What `updateCard` carries over: values of inputs that have the same name and kind in both cards."""
    before = {field.name: field.kind for field in inputs_of(old)}
    return {
        field.name: typed[field.name]
        for field in inputs_of(new)
        if field.name in typed and before.get(field.name) == field.kind
    }


def missing(card: Json, typed: Mapping[str, list[str]], action: Json) -> list[str]:
    """Labels of the inputs that this action needs and that are empty."""
    wanted = set(action.get("requiredWidgets", []))
    return [
        field.label
        for field in inputs_of(card)
        if (action.get("allWidgetsAreRequired") or field.name in wanted) and not any(typed.get(field.name, []))
    ]


def _value(field: Input, values: list[str], zone: ZoneInfo) -> Json | None:
    if field.kind == "dateTimePicker":
        return _moment(field.widget, values[0], zone) if values and values[0] else None
    if field.kind == "textInput":
        return {"stringInputs": {"value": values or [""]}}
    return {"stringInputs": {"value": values}} if values else None


def _moment(picker: Json, value: str, zone: ZoneInfo) -> Json | None:
    kind = picker.get("type", "DATE_AND_TIME")
    try:
        if kind == "TIME_ONLY":
            clock = time.fromisoformat(value)
            return {"timeInput": {"hours": clock.hour, "minutes": clock.minute}}
        when = datetime.fromisoformat(value)
    except ValueError:
        return None
    if kind == "DATE_ONLY":
        return {"dateInput": {"msSinceEpoch": _ms(when.replace(tzinfo=UTC))}}
    local = when.replace(tzinfo=_zone_of(picker, zone))
    return {"dateTimeInput": {"msSinceEpoch": _ms(local), "hasDate": True, "hasTime": True}}


def _ms(when: datetime) -> int:
    return int(when.timestamp() * 1000)


def _zone_of(picker: Json, zone: ZoneInfo) -> ZoneInfo | timezone:
    minutes = picker.get("timezoneOffsetDate")
    return zone if minutes is None else timezone(timedelta(minutes=int(minutes)))


def picked(picker: Json, zone: ZoneInfo) -> str:
    """A picker's own value, as the browser's date and time inputs want it; empty where it has none."""
    raw: Any = picker.get("valueMsEpoch")
    if raw is None:
        return ""
    when = datetime.fromtimestamp(int(raw) / 1000, UTC)
    kind = picker.get("type", "DATE_AND_TIME")
    if kind == "DATE_ONLY":
        return when.strftime("%Y-%m-%d")
    if kind == "TIME_ONLY":
        return when.strftime("%H:%M")
    return when.astimezone(_zone_of(picker, zone)).strftime("%Y-%m-%dT%H:%M")


def chosen(field: Json, typed: Mapping[str, list[str]]) -> set[str]:
    """The selected values of a selection input: those typed, else those that the card says."""
    if field.get("name") in typed:
        return set(typed[field["name"]])
    return {str(item.get("value", "")) for item in field.get("items", []) if item.get("selected")}
