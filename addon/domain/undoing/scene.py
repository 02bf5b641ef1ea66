"""What an undo is planned on: how things will stand once the acts that are taken back before are taken back."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.teams import queries as teams
from addon.models import Activity, ActorKind

Line = tuple[str, dict[str, Any]]
"""A code, which is the key of a text, and what fills it."""

NOTES = frozenset({"mail.received", "mail.sent", "mail.shown", "thread.asked"})
"""Entries of things that happened in a mailbox, or were read there, not acts: there is nothing to take back."""
_LISTED = 5
"""Of what stands in the way."""


@dataclass
class Preview:
    """`refused` empty means that it can be done."""

    takes_back: list[Line] = field(default_factory=list)
    stays: list[Line] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)
    entries: list[Activity] = field(default_factory=list)
    """In the order in which they are taken back, newest first; what was taken away is brought back before the rest."""

    @property
    def possible(self) -> bool:
        return bool(self.entries) and not self.refused


@dataclass
class Scene:
    session: Session
    preview: Preview
    together: set[int]
    """Ids of all that is taken back."""
    changed: dict[Hashable, Any] = field(default_factory=dict)
    """How it will stand, by thing, where something taken back earlier changes it."""

    def now(self, thing: Hashable, read: Callable[[], Any]) -> Any:
        """How this stands when its turn comes."""
        return self.changed[thing] if thing in self.changed else read()

    def takes_back(self, code: str, **params: Any) -> None:
        """`entry`, the id of the one it is about, lets an entrance say more than the text does: from what to what."""
        self.preview.takes_back.append((code, params))

    def refuse(self, code: str, **params: Any) -> None:
        self.preview.refused.append((code, params))

    def later(self, entry: Activity, kinds: frozenset[str] | None = None) -> list[Activity]:
        """What was done to the same thing since and still counts; of these kinds, or any that is an act."""
        since = (
            select(Activity)
            .where(
                Activity.subject_kind == entry.subject_kind,
                Activity.subject_id == entry.subject_id,
                Activity.number > entry.number,
            )
            .order_by(Activity.number)
        )
        if kinds is not None:
            since = since.where(Activity.kind.in_(kinds))
        found = [each for each in self.session.scalars(since) if each.kind not in NOTES and not is_echo(each)]
        return standing(found, self.together)

    def refuse_for_later(self, entry: Activity, title: str, kinds: frozenset[str] | None = None) -> None:
        """Say what was done since: the first few."""
        for each in self.later(entry, kinds)[:_LISTED]:
            self.refuse("undoing.changed_since", title=title, who=who(self.session, each), at=each.at)


def standing(later: Sequence[Activity], together: set[int]) -> list[Activity]:
    """Later acts that still count: an act and the undo of it cancel each other out."""
    gone = set(together)
    for act in reversed(later):
        if act.id not in gone and any(other.id == act.undoes_id for other in later):
            gone |= {act.id, act.undoes_id or 0}
    return [act for act in later if act.id not in gone]


def is_echo(entry: Activity) -> bool:
    """An entry that only says what another one did: taken back with it."""
    if entry.kind == "deal.moved":
        return entry.before.get("stage_id") is None
    return entry.kind == "thread.unlinked" and entry.after.get("by") is not None


def who(session: Session, entry: Activity) -> str:
    """The person who did it; empty where a rule or a machine did, which act for a person."""
    if entry.actor_kind != ActorKind.USER or entry.actor_id is None:
        return ""
    return teams.get_user(session, entry.actor_id).name


def said(entry: Activity, name: str) -> str:
    """A word of the entry's texts; empty where it was erased."""
    return str((entry.detail.texts if entry.detail else {}).get(name) or "")


Look = Callable[[Scene, Activity], None]
TakeBack = Callable[[Session, Activity, datetime, Activity | None], Activity | None]
"""Session, the entry, the moment, the undo's first entry; what was written, None where nothing had to be."""


@dataclass(frozen=True)
class Handler:
    """How one kind of act is taken back."""

    look: Look
    take_back: TakeBack
    offered: Callable[[Activity], bool] = lambda entry: True
    brings_back: bool = False
    """The act took something away: its undo goes first, for the rest may need it."""
