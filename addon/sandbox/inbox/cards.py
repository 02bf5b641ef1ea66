"""Looking into a card as JSON: its widgets, its inputs, what stands at a place, and how much of it Google shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

WIDGETS = (
    "textParagraph",
    "image",
    "decoratedText",
    "buttonList",
    "textInput",
    "selectionInput",
    "dateTimePicker",
    "divider",
    "grid",
    "columns",
    "chipList",
)
MOST_WIDGETS = 100


@dataclass(frozen=True)
class Input:
    """Something a person fills in. Two inputs of equal name and kind are one to `updateCard`."""

    name: str
    kind: str
    """textInput, dateTimePicker, switchControl, or selectionInput with its type: selectionInput.DROPDOWN."""
    widget: Json

    @property
    def label(self) -> str:
        return str(self.widget.get("label") or self.widget.get("text") or self.name)


def kind_of(widget: Json) -> str:
    """Which widget it is; empty for one that we do not know."""
    return next((kind for kind in WIDGETS if kind in widget), "")


def shown(card: Json) -> Json:
    """The card as far as Google shows it: the section that passes 100 widgets and all later ones are ignored."""
    kept, total = [], 0
    for section in card.get("sections", []):
        total += len(section.get("widgets", []))
        if total > MOST_WIDGETS:
            break
        kept.append(section)
    return {**card, "sections": kept}


def widgets_of(card: Json) -> Iterator[Json]:
    """All widgets, those in columns too, in order."""
    for section in card.get("sections", []):
        yield from _with_columns(section.get("widgets", []))


def _with_columns(widgets: list[Json]) -> Iterator[Json]:
    for widget in widgets:
        yield widget
        for column in widget.get("columns", {}).get("columnItems", []):
            yield from _with_columns(column.get("widgets", []))


def inputs_of(card: Json) -> Iterator[Input]:
    """Every input of the card."""
    for widget in widgets_of(card):
        for kind in ("textInput", "dateTimePicker", "selectionInput"):
            if kind in widget:
                inner = widget[kind]
                full = f"{kind}.{inner.get('type', 'CHECK_BOX')}" if kind == "selectionInput" else kind
                yield Input(str(inner.get("name", "")), full, inner)
        switch = widget.get("decoratedText", {}).get("switchControl")
        if switch:
            text = widget["decoratedText"].get("text", "")
            yield Input(str(switch.get("name", "")), "switchControl", {**switch, "text": text})


def at(card: Json, place: str) -> Json | None:
    """The object at a place such as `/sections/0/widgets/1/buttonList/buttons/0/onClick`; None where there is none."""
    found: Any = card
    for step in place.split("/")[1:]:
        if isinstance(found, list) and step.isdecimal() and int(step) < len(found):
            found = found[int(step)]
        elif isinstance(found, dict) and step in found:
            found = found[step]
        else:
            return None
    return found if isinstance(found, dict) else None


def texts_of(card: Json) -> Iterator[str]:
    """The running texts of a card, as HTML."""
    for widget in widgets_of(card):
        if "textParagraph" in widget:
            yield str(widget["textParagraph"].get("text", ""))
        if "decoratedText" in widget:
            yield str(widget["decoratedText"].get("text", ""))
