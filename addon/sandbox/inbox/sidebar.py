"""What a person does in the sidebar: it opens, they click, consent, go back. Each ends in a panel to be drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from addon.i18n import Words
from addon.sandbox.inbox import cards, forms
from addon.sandbox.inbox.caller import Caller
from addon.sandbox.inbox.cards import Json
from addon.sandbox.inbox.events import Compose, OpenMail, Reader, parameters_of
from addon.sandbox.inbox.manifest import Manifest
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

    @property
    def manifest(self) -> Manifest:
        return self._caller.manifest

    def find(self, reader: Reader, id: str) -> Panel | None:
        """One of this person's open sidebars."""
        return self._panels.of(reader.email, id)

    def open(self, reader: Reader, mail: OpenMail | None) -> Panel:
        """The sidebar beside a message, or the homepage where none is open."""
        panel = self._panels.add(Panel(reader.email, mail))
        with panel.lock:
            self._trigger(reader, panel)
        return panel

    def compose(self, reader: Reader, number: int, compose: Compose) -> Panel | None:
        """The panel of the compose window's button with this number; None where there is no such button."""
        if not 0 <= number < len(self.manifest.compose):
            return None
        panel = self._panels.add(
            Panel(reader.email, None, compose=compose, trigger=self.manifest.compose[number].function)
        )
        with panel.lock:
            self._trigger(reader, panel)
        return panel

    def refresh(self, reader: Reader, panel: Panel) -> None:
        """Begin again, as Gmail's own menu offers."""
        with panel.lock:
            self._trigger(reader, panel)

    def unfold(self, panel: Panel) -> None:
        """Show the card that announced itself."""
        with panel.lock:
            panel.unfold()

    def choose(self, reader: Reader, panel: Panel, number: int) -> None:
        """An entry of the add-on's own menu was pressed."""
        with panel.lock:
            panel.calm()
            offer = self.manifest.menu[number] if 0 <= number < len(self.manifest.menu) else None
            if offer is not None and offer.function:
                self._call(reader, panel, Asked(offer.function), accept_trigger)
            elif offer is not None:
                self._open(panel, {"url": offer.link})

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
            mail, compose = panel.mail, panel.compose
        try:  # not under the lock: a press must not wait for a suggestion
            answer = self._caller.call(reader, mail, asked, compose)
        except NoAnswer:
            return []
        items = answer.get("autoComplete", {}).get("items", []) if isinstance(answer, dict) else []
        return [str(item.get("text", "")) for item in items]

    def wanted(self, panel: Panel) -> list[str]:
        """The scopes that a person is asked for now."""
        return self._caller.wanted(panel.person, panel.wanted_scopes or [])

    def consent(self, reader: Reader, panel: Panel, *, allow: bool, only: list[str] | None = None) -> None:
        """The answer to a request for scopes, some of them perhaps: Google repeats the very same call after a yes."""
        with panel.lock:
            wanted, asked = self.wanted(panel), panel.pending
            nothing_asked = panel.wanted_scopes is None
            panel.calm()
            if nothing_asked or asked is None:
                return
            if not allow:
                panel.trouble = AddonTrouble("not_granted") if not panel.stack else None
                return
            self._caller.grant(reader.email, [one for one in wanted if only is None or one in only])
            self._call(reader, panel, asked, accept_trigger if asked.parameters is None else accept_click)

    def _trigger(self, reader: Reader, panel: Panel) -> None:
        panel.restart()
        url = panel.trigger or self._caller.trigger("message" if panel.mail else "home")
        self._call(reader, panel, Asked(url), accept_trigger)
        if panel.mail and panel.trouble is None and panel.top and panel.top.card.get("displayStyle") == "PEEK":
            self._announce(reader, panel, panel.stack.pop())

    def _announce(self, reader: Reader, panel: Panel, contextual: Layer) -> None:
        """The homepage, and at its foot the contextual card's head; that card alone where there is no homepage."""
        try:
            accept_trigger(panel, self._caller.call(reader, None, Asked(self._caller.trigger("home"))), Asked(""))
        except AddonTrouble:
            panel.stack.clear()
        if panel.top is None:
            panel.stack.append(contextual)
        else:
            panel.peek = contextual

    def _act(self, reader: Reader, panel: Panel, layer: Layer, touched: Json, item: str) -> None:
        action = touched.get("action") or touched.get("openDynamicLinkAction")
        if action is None and "function" in touched:
            action = touched
        if action is not None:
            self._run(reader, panel, layer, action, item)
        elif "card" in touched:
            panel.stack.append(Layer(touched["card"]))
        elif "openLink" in touched:
            self._open(panel, touched["openLink"])

    def _open(self, panel: Panel, link: Json) -> None:
        """Gmail silently ignores a link outside the deployment's prefixes; here it is said."""
        if self.manifest.may_open(str(link.get("url", ""))):
            panel.link = link
        else:
            panel.link, panel.blocked = None, str(link.get("url", ""))

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
            accept(panel, self._caller.call(reader, panel.mail, asked, panel.compose), asked)
        except AddonTrouble as trouble:
            panel.trouble = trouble
        if panel.link is not None:
            self._open(panel, panel.link)

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
