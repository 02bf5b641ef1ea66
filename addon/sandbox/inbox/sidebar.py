"""What a person does in the sidebar: it opens, they click, consent, go back. Each ends in a panel to be drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from addon.i18n import Words
from addon.sandbox.inbox import cards, forms
from addon.sandbox.inbox.caller import Caller
from addon.sandbox.inbox.cards import Json
from addon.sandbox.inbox.events import OpenMail, Reader, parameters_of
from addon.sandbox.inbox.panel import (
    Asked,
    Layer,
    Panel,
    Panels,
    accept_click,
    accept_trigger,
)
from addon.sandbox.inbox.troubles import AddonTrouble, NoAnswer

Accept = Callable[[Panel, Any, Asked], None]


class Sidebar:
    """All sidebars of the sandbox."""

    def __init__(self, caller: Caller, words: Words) -> None:
        self._caller, self._words = caller, words
        self._panels = Panels()

    def find(self, reader: Reader, id: str) -> Panel | None:
        """One of this person's open sidebars."""
        return self._panels.of(reader.email, id)

    def open(self, reader: Reader, mail: OpenMail | None) -> Panel:
        """The sidebar beside a message, or the homepage where none is open."""
        panel = self._panels.add(Panel(reader.email, mail))
        with panel.lock:
            self._trigger(reader, panel)
        return panel

    def refresh(self, reader: Reader, panel: Panel) -> None:
        """Begin again, as Gmail's own menu offers."""
        with panel.lock:
            self._trigger(reader, panel)

    def back(self, reader: Reader, panel: Panel) -> None:
        with panel.lock:
            panel.back()
            self._reload_if_stale(reader, panel)

    def click(self, reader: Reader, panel: Panel, version: int, place: str, posted: forms.Posted) -> None:
        """A press, or a change of an input: `place` says what of the top card was touched."""
        with panel.lock:
            layer = panel.top
            if layer is None or version != panel.version:
                panel.calm()
                panel.notice = self._words("sandbox.sidebar.outdated")
                return
            place, _, item = place.partition("#")
            touched = cards.at(layer.card, place)
            layer.typed = forms.typed_in(layer.card, posted)
            panel.calm()
            if touched is not None:
                self._act(reader, panel, layer, touched, _grid_item(layer.card, place, item))

    def suggest(self, reader: Reader, panel: Panel, place: str, posted: forms.Posted) -> list[str]:
        """What the add-on offers to complete a text; nothing where it does not answer so."""
        with panel.lock:
            layer = panel.top
            action = cards.at(layer.card, place) if layer else None
            if layer is None or action is None or "function" not in action:
                return []
            typed = forms.typed_in(layer.card, posted)
            asked = self._asked(reader, layer.card, typed, action)
            try:
                answer = self._caller.call(reader, panel.mail, asked)
            except NoAnswer:
                return []
        items = answer.get("autoComplete", {}).get("items", []) if isinstance(answer, dict) else []
        return [str(item.get("text", "")) for item in items]

    def consent(self, reader: Reader, panel: Panel, *, allow: bool) -> None:
        """The answer to a request for scopes: Google repeats the very same call after a yes."""
        with panel.lock:
            wanted, asked = panel.wanted_scopes, panel.pending
            panel.calm()
            if wanted is None or asked is None:
                return
            if not allow:
                panel.trouble = AddonTrouble("not_granted") if not panel.stack else None
                return
            self._caller.grant(reader.email, wanted)
            self._call(reader, panel, asked, accept_trigger if asked.parameters is None else accept_click)

    def _trigger(self, reader: Reader, panel: Panel) -> None:
        panel.restart()
        url = self._caller.trigger("message" if panel.mail else "home")
        self._call(reader, panel, Asked(url), accept_trigger)

    def _act(self, reader: Reader, panel: Panel, layer: Layer, touched: Json, item: str) -> None:
        action = touched.get("action") or touched.get("openDynamicLinkAction")
        if action is None and "function" in touched:
            action = touched
        if action is not None:
            self._run(reader, panel, layer, action, item)
        elif "card" in touched:
            panel.stack.append(Layer(touched["card"]))
        elif "openLink" in touched:
            panel.link = touched["openLink"]

    def _run(self, reader: Reader, panel: Panel, layer: Layer, action: Json, item: str) -> None:
        lacking = forms.missing(layer.card, layer.typed, action)
        if lacking:
            panel.notice = self._words("sandbox.sidebar.fill_in", names=", ".join(lacking))
            return
        asked = self._asked(reader, layer.card, layer.typed, action, **({"grid_item_identifier": item} if item else {}))
        self._call(reader, panel, asked, accept_click)
        self._reload_if_stale(reader, panel)

    @staticmethod
    def _asked(reader: Reader, card: Json, typed: forms.Typed, action: Json, **more: str) -> Asked:
        return Asked(
            str(action.get("function", "")),
            parameters_of(action, **more),
            forms.form_inputs(card, typed, reader.zone),
            bool(action.get("persistValues")),
        )

    def _call(self, reader: Reader, panel: Panel, asked: Asked, accept: Accept) -> None:
        try:
            accept(panel, self._caller.call(reader, panel.mail, asked), asked)
        except AddonTrouble as trouble:
            panel.trouble = trouble

    def _reload_if_stale(self, reader: Reader, panel: Panel) -> None:
        if panel.needs_reload and panel.trouble is None:
            notice, link = panel.notice, panel.link
            self._trigger(reader, panel)
            panel.notice, panel.link = notice, link


def _grid_item(card: Json, place: str, number: str) -> str:
    """The id of a grid's item, by its number in the list; empty where no grid was pressed."""
    grid = cards.at(card, place.removesuffix("/onClick")) if place.endswith("/grid/onClick") else None
    items = grid.get("items", []) if grid else []
    return str(items[int(number)].get("id", "")) if number.isdecimal() and int(number) < len(items) else ""
