"""What every card is drawn with: words, the time, and where links and presses lead. No Flask, no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from addon.i18n import Words
from addon.sidebar import widgets
from addon.sidebar.widgets import Json


@dataclass(frozen=True, kw_only=True)
class Pen:
    say: Words
    now: datetime
    link: Callable[[str], str]
    """The public address of a page of the workspace, by its path."""
    action_url: Callable[[str], str]
    """The exact address of an action, by its name."""
    carried: Mapping[str, str] = field(default_factory=dict)
    """What every press takes along: which conversation the card is about."""

    def carrying(self, parameters: Mapping[str, str]) -> Pen:
        return replace(self, carried=parameters)

    def press(self, action: str, *, needs: Sequence[str] = (), **parameters: object) -> Json:
        """Call an action with these parameters."""
        own = {name: str(value) for name, value in parameters.items()}
        return widgets.call(self.action_url(action), {**self.carried, **own}, needs=needs)

    def page(self, path: str, *, reload: bool = False) -> Json:
        """Open a page of the workspace."""
        return widgets.open_link(self.link(path), reload=reload)

    def day(self, when: datetime) -> str:
        return self.say.day(when, today=self.say.today(self.now))

    def ago(self, when: datetime) -> str:
        return self.say.ago(when, now=self.now)
