"""The sidebar as Google keeps it: a stack of cards, and what an answer of the add-on does to it. No network here."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from addon.sandbox.inbox.cards import Json
from addon.sandbox.inbox.events import Compose, OpenMail
from addon.sandbox.inbox.forms import Typed, kept
from addon.sandbox.inbox.host_actions import DraftUpdate, host_action
from addon.sandbox.inbox.troubles import AddonTrouble, UnknownAnswer


@dataclass
class Layer:
    """One card of the stack, with what was typed into it."""

    card: Json
    typed: Typed = field(default_factory=dict)
    stale: bool = False


@dataclass(frozen=True)
class Asked:
    """A call to the add-on, so that it can be repeated after a consent or an error."""

    url: str
    parameters: dict[str, str] | None = None
    inputs: dict[str, Any] | None = None
    keep_values: bool = False


@dataclass
class Panel:
    """A sidebar in front of one person, beside one message or none."""

    person: str
    mail: OpenMail | None
    compose: Compose | None = None
    """The mail being written, where the panel stands beside the compose window."""
    trigger: str = ""
    """The address that a panel of the compose window began with."""
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    version: int = 0
    """Rises with every change, so that a click on an outdated card does nothing."""
    stack: list[Layer] = field(default_factory=list)
    notice: str = ""
    link: Json | None = None
    blocked: str = ""
    """A link that Gmail would not open."""
    draft: DraftUpdate | None = None
    """What the last answer makes of the mail being written."""
    open_draft: str = ""
    """The draft that the last answer wants to be opened."""
    dismissed: bool = False
    """The last answer closed the panel."""
    peek: Layer | None = None
    """A contextual card that only announces itself over the homepage."""
    trouble: AddonTrouble | None = None
    wanted_scopes: list[str] | None = None
    prompt: Json | None = None
    """A basic authorisation prompt: its address and resource."""
    pending: Asked | None = None
    """The call to repeat once the person consented."""
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def top(self) -> Layer | None:
        return self.stack[-1] if self.stack else None

    @property
    def needs_reload(self) -> bool:
        """The root came to the top and the add-on said that it is outdated."""
        return len(self.stack) == 1 and self.stack[0].stale

    def calm(self) -> None:
        """Forget what only belonged to the last answer."""
        self.notice, self.link, self.trouble, self.wanted_scopes, self.prompt = "", None, None, None, None
        self.blocked, self.draft, self.open_draft, self.dismissed = "", None, "", False
        self.version += 1

    def back(self) -> None:
        """The arrow at the top of a pushed card."""
        self.calm()
        if len(self.stack) > 1:
            self.stack.pop()

    def restart(self) -> None:
        """Before a trigger is called again: its answer begins a new stack."""
        self.calm()
        self.stack.clear()
        self.peek = None

    def unfold(self) -> None:
        """The card that announced itself comes over the homepage."""
        self.calm()
        if self.peek is not None:
            self.stack.append(self.peek)
            self.peek = None


def accept_trigger(panel: Panel, answer: Any, asked: Asked) -> None:
    """Take the answer to a homepage or message trigger. Raises UnknownAnswer."""
    if _authorisation(panel, answer, asked):
        return
    if not isinstance(answer, dict) or not isinstance(answer.get("action"), dict):
        raise UnknownAnswer("not_render_actions")
    _render(panel, answer["action"], keep_values=False)
    if not panel.stack:
        raise UnknownAnswer("no_card")


def accept_click(panel: Panel, answer: Any, asked: Asked) -> None:
    """Take the answer to a click or a change. Raises UnknownAnswer."""
    if _authorisation(panel, answer, asked):
        return
    if not isinstance(answer, dict):
        raise UnknownAnswer("not_an_object")
    render = answer.get("renderActions", answer)
    action, host = (render.get("action"), render.get("hostAppAction")) if isinstance(render, dict) else (None, None)
    if not isinstance(action, dict) and (action is not None or host is None):
        raise UnknownAnswer("not_submit_form")
    asks = host_action(host, composing=panel.compose is not None) if host is not None else None
    others, top = panel.stack[:-1], panel.top
    _render(panel, action or {}, keep_values=asked.keep_values)
    if asks is not None:
        panel.draft, panel.open_draft, panel.dismissed = asks.update, asks.open_draft, asks.dismiss
    if answer.get("stateChanged"):
        for layer in [*others, top]:
            if layer is not None and (layer is not top or layer is not panel.top):
                layer.stale = True


def _authorisation(panel: Panel, answer: Any, asked: Asked) -> bool:
    if not isinstance(answer, dict):
        return False
    if "requesting_google_scopes" in answer:
        wanted = _object(answer["requesting_google_scopes"], "requesting_google_scopes")
        panel.wanted_scopes = list(wanted.get("scopes", [])) if not wanted.get("all_scopes") else ["*"]
        panel.pending = asked
        return True
    if "basic_authorization_prompt" in answer:
        panel.prompt, panel.pending = _object(answer["basic_authorization_prompt"], "basic_authorization_prompt"), asked
        return True
    if "custom_authorization_prompt" in answer:
        panel.pending = asked
        prompt = _object(answer["custom_authorization_prompt"], "custom_authorization_prompt")
        _render(panel, _object(prompt.get("action"), "action"), keep_values=False)
        return True
    return False


def _render(panel: Panel, action: Json, *, keep_values: bool) -> None:
    navigations = _list(action.get("navigations", []), "navigations")
    for step in navigations:
        _navigate(panel, _object(step, "navigations"))
    if not navigations and not keep_values and panel.top:
        panel.top.typed = {}
    panel.notice = str(_object(action.get("notification", {}), "notification").get("text", ""))
    panel.link = _object(action["link"], "link") if "link" in action else None


def _navigate(panel: Panel, step: Json) -> None:
    if len(step) != 1:
        raise UnknownAnswer("odd_navigation")
    [(kind, value)] = step.items()
    match kind:
        case "pushCard":
            panel.stack.append(Layer(_card(value)))
        case "updateCard":
            _update(panel, _card(value))
        case "pop":
            del panel.stack[max(1, len(panel.stack) - 1) :]
        case "popToRoot":
            del panel.stack[1:]
        case "popToCard":
            _pop_to(panel, value)
        case _:
            raise UnknownAnswer("unknown_navigation", kind=kind)


def _update(panel: Panel, card: Json) -> None:
    old = panel.stack.pop() if panel.stack else Layer({})
    panel.stack.append(Layer(card, kept(old.typed, old.card, card)))


def _pop_to(panel: Panel, name: str) -> None:
    for depth in range(len(panel.stack) - 1, -1, -1):
        if panel.stack[depth].card.get("name") == name:
            del panel.stack[depth + 1 :]
            return
    raise UnknownAnswer("no_such_card", name=name)


def _card(value: Any) -> Json:
    card = _object(value, "card")
    for section in _list(card.get("sections"), "sections"):
        for widget in _list(_object(section, "sections").get("widgets"), "widgets"):
            _object(widget, "widgets")
    return card


def _object(value: Any, what: str) -> Json:
    if not isinstance(value, dict):
        raise UnknownAnswer("malformed", why=what)
    return value


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise UnknownAnswer("malformed", why=what)
    return value


class Panels:
    """The sidebars that are open now; the oldest is forgotten first."""

    def __init__(self, most: int = 200) -> None:
        self._most = most
        self._open: OrderedDict[str, Panel] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, panel: Panel) -> Panel:
        with self._lock:
            self._open[panel.id] = panel
            while len(self._open) > self._most:
                self._open.popitem(last=False)
        return panel

    def of(self, person: str, id: str) -> Panel | None:
        """This person's panel; None where it is unknown, forgotten or somebody else's."""
        with self._lock:
            panel = self._open.get(id)
            return panel if panel is not None and panel.person == person else None
