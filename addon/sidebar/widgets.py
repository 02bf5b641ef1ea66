"""The words that cards are made of. Every text is escaped here, for cards read HTML; `Html` is what is escaped already.

Shapes and limits are the contract's (`google.apps.card.v1`); each function is one widget, or a part of one.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

PINE: Json = {"red": 0.0902, "green": 0.3765, "blue": 0.3529}
"""#17605a, the colour of the one primary button."""
MOST_ITEMS = 100
"""Items of a list to choose from; Google shows no more."""


class Html(str):
    """A text that is HTML already, so that it is not escaped again."""

    __slots__ = ()


def plain(text: str) -> Html:
    """Somebody's words, harmless in a card."""
    return text if isinstance(text, Html) else Html(html.escape(text, quote=False))


def bold(text: str) -> Html:
    return Html(f"<b>{plain(text)}</b>")


def italic(text: str) -> Html:
    return Html(f"<i>{plain(text)}</i>")


def lines(texts: Iterable[str]) -> Html:
    """Those that say something, one below the other."""
    return Html("<br>".join(plain(text) for text in texts if text))


@dataclass(frozen=True)
class Choice:
    """An entry of a list; `value` comes back as the input's value."""

    text: str
    value: str
    selected: bool = False


def card(name: str, sections: Sequence[Json | None], *, actions: Sequence[Json] = (), title: str = "") -> Json:
    """A card of those sections that there are. `actions` stand in its menu."""
    made: Json = {"name": name, "sections": [section for section in sections if section]}
    if title:
        made["header"] = {"title": title}
    if actions:
        made["cardActions"] = list(actions)
    return made


def section(*widgets: Json | None, header: str = "", folded: bool = False) -> Json | None:
    """None where it would be empty. A folded one shows its header only, until somebody unfolds it."""
    present = [widget for widget in widgets if widget]
    if not present:
        return None
    made: Json = {"widgets": present}
    if header:
        made["header"] = plain(header)
    if folded:
        made["collapsible"] = True
    return made


def paragraph(text: str) -> Json:
    return {"textParagraph": {"text": plain(text)}}


def row(
    text: str,
    *,
    label: str = "",
    below: str = "",
    icon: str = "",
    press: Json | None = None,
    button: Json | None = None,
    switch: Json | None = None,
) -> Json:
    """A line that wraps, with a label above, smaller words below, and a button or a switch at its end."""
    made: Json = {"text": plain(text), "wrapText": True}
    for key, value in (("topLabel", label), ("bottomLabel", below)):
        if value:
            made[key] = plain(value)
    if icon:
        made["startIcon"] = {"knownIcon": icon}
    for key, part in (("onClick", press), ("button", button), ("switchControl", switch)):
        if part:
            made[key] = part
    return {"decoratedText": made}


def buttons(*made: Json | None) -> Json | None:
    present = [button for button in made if button]
    return {"buttonList": {"buttons": present}} if present else None


def primary(text: str, press: Json, *, alt: str = "") -> Json:
    """The one filled button of a card."""
    return {"text": text, "type": "FILLED", "color": PINE, "onClick": press, **({"altText": alt} if alt else {})}


def second(text: str, press: Json) -> Json:
    """The second choice, outlined."""
    return {"text": text, "type": "OUTLINED", "onClick": press}


def quiet(text: str, press: Json, *, alt: str = "") -> Json:
    """All the rest: words."""
    return {"text": text, "type": "BORDERLESS", "onClick": press, **({"altText": alt} if alt else {})}


def text_input(
    name: str, label: str, *, value: str = "", hint: str = "", lines: bool = False, suggestions: Sequence[str] = ()
) -> Json:
    """`suggestions` are shown while somebody types; anything else may be typed."""
    made: Json = {"name": name, "label": label, "type": "MULTIPLE_LINE" if lines else "SINGLE_LINE"}
    if suggestions:
        made["initialSuggestions"] = {"items": [{"text": text} for text in suggestions]}
    if value:
        made["value"] = value
    if hint:
        made["hintText"] = hint
    return {"textInput": made}


def day_input(name: str, label: str, *, ms: int | None = None) -> Json:
    """`ms` is midnight UTC of the day that it shows."""
    made: Json = {"name": name, "label": label, "type": "DATE_ONLY"}
    if ms is not None:
        made["valueMsEpoch"] = str(ms)
    return {"dateTimePicker": made}


def dropdown(name: str, label: str, choices: Sequence[Choice]) -> Json:
    return _selection("DROPDOWN", name, label, choices)


def radio(name: str, label: str, choices: Sequence[Choice]) -> Json:
    return _selection("RADIO_BUTTON", name, label, choices)


def switch(name: str, *, selected: bool = False) -> Json:
    """For the end of a row; sends "yes" where it is on, and nothing where it is off."""
    return {"name": name, "value": "yes", "selected": selected, "controlType": "SWITCH"}


def _selection(kind: str, name: str, label: str, choices: Sequence[Choice]) -> Json:
    items = [{"text": c.text, "value": c.value, "selected": c.selected} for c in choices[:MOST_ITEMS]]
    return {"selectionInput": {"name": name, "label": label, "type": kind, "items": items}}


def call(url: str, parameters: Mapping[str, str], *, needs: Sequence[str] = ()) -> Json:
    """Press: post to this address. `needs` names inputs that must be filled in first."""
    action: Json = {"function": url, "loadIndicator": "SPINNER"}
    if parameters:
        action["parameters"] = [{"key": key, "value": value} for key, value in parameters.items()]
    if needs:
        action["requiredWidgets"] = list(needs)
    return {"action": action}


def open_link(url: str, *, reload: bool = False) -> Json:
    """Press: open this page. `reload` draws the card anew once the page is closed."""
    return {"openLink": {"url": url, "openAs": "FULL_SIZE", "onClose": "RELOAD" if reload else "NOTHING"}}


def menu_item(text: str, press: Json) -> Json:
    return {"actionLabel": text, "onClick": press}
