"""Small questions that the card's partials ask while they draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from addon.sandbox.inbox import forms
from addon.sandbox.inbox.cards import Json, kind_of, shown

PARTIALS = {
    "textParagraph": "gc_text_paragraph",
    "image": "gc_image",
    "decoratedText": "gc_decorated_text",
    "buttonList": "gc_button_list",
    "textInput": "gc_text_input",
    "selectionInput": "gc_selection_input",
    "dateTimePicker": "gc_date_time_picker",
    "divider": "gc_divider",
    "grid": "gc_grid",
    "columns": "gc_columns",
    "chipList": "gc_chip_list",
}
"""The partial that draws each widget."""

_PICKER = {"DATE_ONLY": "date", "TIME_ONLY": "time", "DATE_AND_TIME": "datetime-local"}
_BOX = {"INTEGER": "number", "FLOAT": "number", "EMAIL": "email"}


@dataclass(frozen=True)
class Drawing:
    zone: ZoneInfo

    def partial(self, widget: Json) -> str:
        """The template of a widget; the one for unknown widgets where there is none."""
        return f"sandbox/{PARTIALS.get(kind_of(widget), 'gc_unknown')}.html"

    def visible(self, card: Json) -> Json:
        return shown(card)

    def split(self, section: Json) -> int:
        """How many widgets stay visible while a section is folded."""
        return int(section.get("uncollapsibleWidgetsCount", 0)) if section.get("collapsible") else 0

    def name(self, field: Json) -> str:
        return forms.PREFIX + str(field.get("name", ""))

    def text_value(self, field: Json, typed: forms.Typed) -> str:
        """What a text box shows: what was typed, else the card's own value."""
        kept = typed.get(str(field.get("name", "")))
        return kept[0] if kept else str(field.get("value", ""))

    def picked(self, picker: Json, typed: forms.Typed) -> str:
        kept = typed.get(str(picker.get("name", "")))
        return kept[0] if kept else forms.picked(picker, self.zone)

    def chosen(self, field: Json, typed: forms.Typed) -> set[str]:
        return forms.chosen(field, typed)

    def switched(self, switch: Json, typed: forms.Typed) -> bool:
        """Whether a switch is on."""
        name = str(switch.get("name", ""))
        return bool(typed[name]) if name in typed else bool(switch.get("selected"))

    def picker_type(self, picker: Json) -> str:
        return _PICKER.get(str(picker.get("type", "")), "datetime-local")

    def box_type(self, field: Json) -> str:
        return _BOX.get(str(field.get("validation", {}).get("inputType", "")), "text")

    def colour(self, colour: Any) -> str:
        """#rrggbb of a Color; empty where none is given. Google calls a colour of zeros no colour.

        >>> Drawing(ZoneInfo("UTC")).colour({"red": 0.09, "green": 0.376, "blue": 0.353})
        '#17605a'
        """
        parts = [float((colour or {}).get(part, 0)) for part in ("red", "green", "blue")]
        return "#" + "".join(f"{round(min(1.0, max(0.0, part)) * 255):02x}" for part in parts) if any(parts) else ""
