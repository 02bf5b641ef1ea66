"""Acts that made something be there or be gone: taken back by the opposite act, where it is still as it was left."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from addon.domain.undoing.scene import Handler, Scene, said
from addon.models import Activity

Act = Callable[[Session, Activity, datetime, Activity | None], Activity | None]


@dataclass(frozen=True)
class Switch:
    """One thing that an entry is about. `name` is the text's key below `undoing.on` and `undoing.off`."""

    name: str
    thing: Callable[[Activity], Hashable]
    """What it is, the same for all its entries."""
    is_on: Callable[[Session, Activity], bool]
    on: Act
    off: Act
    title: Callable[[Session, Activity], str]
    hangs: Callable[[Scene, Activity, str], None] | None = None
    """Says what would be left hanging if it went."""

    def went_on(self) -> Handler:
        """For acts that made it."""
        return Handler(self._look_off, self.off)

    def came_back(self) -> Handler:
        """For acts that brought it back: what hangs on it did so when it was taken away."""
        return Handler(replace(self, hangs=None)._look_off, self.off)

    def went_off(self) -> Handler:
        """For acts that took it away."""
        return Handler(self._look_on, self.on, brings_back=True)

    def _look_off(self, scene: Scene, entry: Activity) -> None:
        title = self.title(scene.session, entry)
        scene.takes_back(f"undoing.off.{self.name}", title=title, what=_what(entry))
        if not scene.now(self.thing(entry), lambda: self.is_on(scene.session, entry)):
            scene.refuse("undoing.not_as_it_was", title=title)
        elif self.hangs is not None:
            self.hangs(scene, entry, title)
        scene.changed[self.thing(entry)] = False

    def _look_on(self, scene: Scene, entry: Activity) -> None:
        title = self.title(scene.session, entry)
        scene.takes_back(f"undoing.on.{self.name}", title=title, what=_what(entry))
        if scene.now(self.thing(entry), lambda: self.is_on(scene.session, entry)):
            scene.refuse("undoing.not_as_it_was", title=title)
        scene.changed[self.thing(entry)] = True


def _what(entry: Activity) -> str:
    """What of it: an address, a step of a checklist, a choice; empty where it is the thing itself."""
    return said(entry, "email") or said(entry, "item") or said(entry, "option") or said(entry, "name")


def subject(entry: Activity) -> Hashable:
    return entry.subject_kind, entry.subject_id


def named(model: Any, word: str = "name") -> Callable[[Session, Activity], str]:
    """The name of the entry's subject."""

    def title(session: Session, entry: Activity) -> str:
        row = session.get(model, entry.subject_id)
        return str(getattr(row, word)) if row is not None else said(entry, word)

    return title


def alive(model: Any, ended: str = "deleted_at") -> Callable[[Session, Activity], bool]:
    """Whether the entry's subject is there."""

    def is_on(session: Session, entry: Activity) -> bool:
        row = session.get(model, entry.subject_id)
        return row is not None and getattr(row, ended) is None

    return is_on
