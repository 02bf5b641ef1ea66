"""From what a person filled in to the event's formInputs, and which inputs an action needs."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from werkzeug.datastructures import MultiDict

from addon.sandbox.inbox import cards, forms

ROME = ZoneInfo("Europe/Rome")


def card(*widgets: dict[str, Any]) -> dict[str, Any]:
    return {"sections": [{"widgets": [*widgets]}]}


def sent(widget: dict[str, Any], *values: str) -> dict[str, Any]:
    whole = card(widget)
    [field] = cards.inputs_of(whole)
    posted = MultiDict([(f"in.{field.name}", value) for value in values])
    return forms.form_inputs(whole, forms.typed_in(whole, posted), ROME)


@pytest.mark.parametrize(
    ("widget", "values", "expected"),
    [
        ({"textInput": {"name": "a"}}, ["Hello"], {"stringInputs": {"value": ["Hello"]}}),
        ({"textInput": {"name": "a"}}, [""], {"stringInputs": {"value": [""]}}),
        (
            {"selectionInput": {"name": "a", "type": "CHECK_BOX"}},
            ["x", "y"],
            {"stringInputs": {"value": ["x", "y"]}},
        ),
        ({"selectionInput": {"name": "a", "type": "DROPDOWN"}}, ["x"], {"stringInputs": {"value": ["x"]}}),
        (
            {"decoratedText": {"text": "t", "switchControl": {"name": "a"}}},
            ["yes"],
            {"stringInputs": {"value": ["yes"]}},
        ),
        (
            {"dateTimePicker": {"name": "a", "type": "DATE_AND_TIME"}},
            ["2026-08-26T19:30"],
            {"dateTimeInput": {"msSinceEpoch": 1787765400000, "hasDate": True, "hasTime": True}},
        ),
        (
            {"dateTimePicker": {"name": "a", "type": "DATE_AND_TIME", "timezoneOffsetDate": -240}},
            ["2026-08-26T13:30"],
            {"dateTimeInput": {"msSinceEpoch": 1787765400000, "hasDate": True, "hasTime": True}},
        ),
        (
            {"dateTimePicker": {"name": "a", "type": "DATE_ONLY"}},
            ["2026-08-26"],
            {"dateInput": {"msSinceEpoch": 1787702400000}},
        ),
        (
            {"dateTimePicker": {"name": "a", "type": "TIME_ONLY"}},
            ["14:30"],
            {"timeInput": {"hours": 14, "minutes": 30}},
        ),
    ],
)
def test_each_input_is_sent_in_its_own_shape(widget: dict[str, Any], values: list[str], expected: Any) -> None:
    assert sent(widget, *values) == {"a": expected}


@pytest.mark.parametrize(
    "widget",
    [
        {"selectionInput": {"name": "a", "type": "CHECK_BOX"}},
        {"decoratedText": {"text": "t", "switchControl": {"name": "a"}}},
        {"dateTimePicker": {"name": "a", "type": "DATE_ONLY"}},
    ],
)
def test_what_is_not_chosen_contributes_nothing(widget: dict[str, Any]) -> None:
    assert sent(widget) == {}


def test_a_date_that_is_none_contributes_nothing() -> None:
    assert sent({"dateTimePicker": {"name": "a", "type": "DATE_ONLY"}}, "tomorrow") == {}


def test_a_picker_shows_the_time_it_was_given_in_the_readers_zone() -> None:
    picker = {"name": "a", "type": "DATE_AND_TIME", "valueMsEpoch": "1787765400000"}

    assert forms.picked(picker, ROME) == "2026-08-26T19:30"
    assert forms.picked(picker | {"timezoneOffsetDate": 0}, ROME) == "2026-08-26T17:30"
    assert forms.picked(picker | {"type": "DATE_ONLY"}, ROME) == "2026-08-26"
    assert forms.picked(picker | {"type": "TIME_ONLY"}, ROME) == "17:30"
    assert forms.picked({"name": "a"}, ROME) == ""


def test_inputs_in_columns_count_too() -> None:
    inner = {"textInput": {"name": "deep", "label": "Deep"}}
    whole = card({"columns": {"columnItems": [{"widgets": [inner]}]}})

    assert [field.name for field in cards.inputs_of(whole)] == ["deep"]


def test_an_action_names_the_empty_inputs_that_it_needs() -> None:
    whole = card({"textInput": {"name": "a", "label": "Note"}}, {"textInput": {"name": "b"}})

    assert forms.missing(whole, {"a": [""], "b": ["x"]}, {"requiredWidgets": ["a", "b"]}) == ["Note"]
    assert forms.missing(whole, {}, {"allWidgetsAreRequired": True}) == ["Note", "b"]
    assert forms.missing(whole, {}, {}) == []


def test_the_section_that_passes_a_hundred_widgets_and_all_after_it_are_not_shown() -> None:
    sections = [{"widgets": [{"divider": {}}] * number} for number in (60, 41, 1)]

    assert cards.shown({"sections": sections})["sections"] == sections[:1]


def test_a_place_in_a_card_is_found_or_not() -> None:
    whole = card({"textParagraph": {"text": "x"}})

    assert cards.at(whole, "/sections/0/widgets/0/textParagraph") == {"text": "x"}
    assert cards.at(whole, "") == whole
    for nowhere in ("/sections/7", "/sections/x", "/sections/0/widgets/0/textParagraph/text", "/name", "/sections/-1"):
        assert cards.at(whole, nowhere) is None, nowhere
