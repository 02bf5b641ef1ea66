"""Google's events are read whatever is missing in them, and however numbers are written."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.sidebar.request import SidebarRequest


def read(**common: Any) -> SidebarRequest:
    return SidebarRequest.of({"commonEventObject": common})


def test_ids_of_the_event_become_those_of_the_api():
    asked = SidebarRequest.of({"gmail": {"messageId": "msg-f:1784256312533705459"}})

    assert asked.message_id == "18c2f3a9b0d1e2f3"
    assert SidebarRequest.of({"gmail": {"messageId": "msg-a:r-12"}}).message_id == "msg-a:r-12"


@pytest.mark.parametrize("wrap", [lambda value: value, lambda value: {"": value}], ids=["http", "apps script"])
def test_inputs_are_read_in_both_shapes(wrap: Any):
    asked = read(
        formInputs={
            "title": wrap({"stringInputs": {"value": [" Ramp "]}}),
            "deal": wrap({"stringInputs": {"value": ["42"]}}),
            "on": wrap({"dateInput": {"msSinceEpoch": 1772668800000}}),
        }
    )

    assert (asked.typed("title"), asked.chosen("deal"), asked.day("on")) == ("Ramp", 42, date(2026, 3, 5))


@pytest.mark.parametrize("ms", [1772668800000, 1.7726688e12, "1772668800000", "1.7726688E12"])
def test_a_date_may_be_a_whole_number_a_float_or_a_text(ms: Any):
    assert read(formInputs={"on": {"dateInput": {"msSinceEpoch": ms}}}).day("on") == date(2026, 3, 5)


@pytest.mark.parametrize("empty", [{}, {"stringInputs": {"value": []}}, {"stringInputs": {"value": [""]}}, None, "x"])
def test_an_empty_input_is_empty_however_it_is_sent(empty: Any):
    asked = read(formInputs={"title": empty})

    assert asked.typed("title") == asked.typed("missing") == ""
    assert asked.chosen("title") is asked.day("title") is None


@pytest.mark.parametrize("odd", ["", "x", "-1", "1e3", "٣", "9" * 40, "1.0"])
def test_what_is_no_id_is_none(odd: str):
    assert read(parameters={"deal": odd}).number("deal") is None


@pytest.mark.parametrize("zone", ["Nowhere/Land", "../etc/passwd", "/etc/localtime", "Europe", 7, None])
def test_an_unknown_zone_is_no_zone(zone: Any):
    assert read(timeZone={"id": zone, "offset": -2.88e7}).zone == ""


def test_tokens_are_not_shown():
    asked = SidebarRequest.of({"authorizationEventObject": {"userOAuthToken": "sentinel", "userIdToken": "sentinel"}})

    assert "sentinel" not in repr(asked)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
PARTS = ["commonEventObject", "authorizationEventObject", "gmail", "formInputs", "parameters", "timeZone", "title"]


@given(st.dictionaries(st.sampled_from(PARTS), ANYTHING | st.dictionaries(st.sampled_from(PARTS), ANYTHING)))
def test_no_event_is_too_odd_to_be_read(event: dict[str, Any]):
    asked = SidebarRequest.of(event)

    assert asked.typed("title") is not None
    assert asked.number("title") is None or asked.number("title")
    asked.day("title"), asked.chosen("title")
