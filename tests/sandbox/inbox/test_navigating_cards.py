"""What an answer of the add-on does to the stack of cards."""

from __future__ import annotations

from typing import Any

import pytest

from addon.sandbox.inbox.panel import Asked, Layer, Panel, Panels, accept_click, accept_trigger
from addon.sandbox.inbox.troubles import UnknownAnswer

ASKED = Asked("https://addon.example/addon/actions/move", {})


def card(name: str, *widgets: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "sections": [{"widgets": [*widgets]}]}


def clicked(*navigations: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"renderActions": {"action": {"navigations": [*navigations]}}, **more}


@pytest.fixture
def panel() -> Panel:
    return Panel("anna@halyard.example", None, stack=[Layer(card("root")), Layer(card("deal")), Layer(card("note"))])


def names(panel: Panel) -> list[str]:
    return [layer.card["name"] for layer in panel.stack]


@pytest.mark.parametrize(
    ("step", "left"),
    [
        ({"pushCard": card("new")}, ["root", "deal", "note", "new"]),
        ({"updateCard": card("new")}, ["root", "deal", "new"]),
        ({"pop": True}, ["root", "deal"]),
        ({"popToRoot": True}, ["root"]),
        ({"popToCard": "deal"}, ["root", "deal"]),
    ],
)
def test_each_navigation_does_what_google_says(panel: Panel, step: dict[str, Any], left: list[str]) -> None:
    accept_click(panel, clicked(step), ASKED)

    assert names(panel) == left


def test_back_to_the_root_with_fresh_data(panel: Panel) -> None:
    accept_click(panel, clicked({"popToRoot": True}, {"updateCard": card("fresh")}), ASKED)

    assert names(panel) == ["fresh"]


def test_the_root_cannot_be_popped(panel: Panel) -> None:
    accept_click(panel, clicked({"popToRoot": True}, {"pop": True}), ASKED)

    assert names(panel) == ["root"]


def test_an_update_keeps_what_was_typed_into_the_same_input_only(panel: Panel) -> None:
    old = card("note", {"textInput": {"name": "text"}}, {"textInput": {"name": "day"}}, {"textInput": {"name": "gone"}})
    new = card("note", {"textInput": {"name": "text"}}, {"dateTimePicker": {"name": "day", "type": "DATE_ONLY"}})
    panel.stack[-1] = Layer(old, {"text": ["Call her"], "day": ["Friday"], "gone": ["x"]})

    accept_click(panel, clicked({"updateCard": new}), ASKED)

    assert panel.stack[-1].typed == {"text": ["Call her"]}


@pytest.mark.parametrize(("persist", "left"), [(False, {}), (True, {"text": ["Call her"]})])
def test_an_answer_without_navigation_clears_what_was_typed_unless_it_persists(
    panel: Panel, persist: bool, left: dict[str, list[str]]
) -> None:
    panel.stack[-1] = Layer(card("note", {"textInput": {"name": "text"}}), {"text": ["Call her"]})

    accept_click(
        panel, {"renderActions": {"action": {"notification": {"text": "Saved"}}}}, Asked("u", {}, keep_values=persist)
    )

    assert (panel.notice, panel.stack[-1].typed) == ("Saved", left)


def test_a_changed_state_makes_the_root_reload_when_it_comes_back(panel: Panel) -> None:
    accept_click(panel, clicked({"popToRoot": True}, stateChanged=True), ASKED)

    assert panel.needs_reload


def test_the_updated_top_card_is_not_stale_itself(panel: Panel) -> None:
    accept_click(panel, clicked({"updateCard": card("new")}, stateChanged=True), ASKED)

    assert [layer.stale for layer in panel.stack] == [True, True, False]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ([], "not_an_object"),
        ({}, "not_submit_form"),
        (clicked({"popCard": True}), "unknown_navigation"),
        (clicked({"pop": True, "pushCard": card("x")}), "odd_navigation"),
        (clicked({"popToCard": "nowhere"}), "no_such_card"),
        (clicked({"pushCard": {"sections": "none"}}), "malformed"),
        (clicked({"pushCard": {"sections": [{"widgets": ["text"]}]}}), "malformed"),
        ({"renderActions": {"action": {"notification": "Saved"}}}, "malformed"),
        ({"requesting_google_scopes": []}, "malformed"),
    ],
)
def test_answers_that_google_would_not_understand_are_named(panel: Panel, answer: Any, code: str) -> None:
    with pytest.raises(UnknownAnswer) as refused:
        accept_click(panel, answer, ASKED)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (clicked({"pushCard": card("x")}), "not_render_actions"),
        (card("bare"), "not_render_actions"),
        ({"action": {"notification": {"text": "Hello"}}}, "no_card"),
    ],
)
def test_a_trigger_must_answer_with_a_card_and_unwrapped(answer: Any, code: str) -> None:
    with pytest.raises(UnknownAnswer) as refused:
        accept_trigger(Panel("anna@halyard.example", None), answer, Asked("u"))

    assert refused.value.code == code


def test_a_panel_belongs_to_one_person_and_the_oldest_is_forgotten() -> None:
    panels = Panels(most=2)
    mine, hers, newest = (panels.add(Panel(who, None)) for who in ("anna", "giulia", "anna"))

    assert panels.of("anna", mine.id) is None
    assert panels.of("anna", hers.id) is None
    assert panels.of("giulia", hers.id) is hers
    assert panels.of("anna", newest.id) is newest
