"""Mail that a person had elsewhere, as it is handed over to be loaded, and what is known of a load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from addon.sandbox.gmail.mailbox.mime import Mail

ODD = "odd"
"""Why a mail could not be stored that could be read."""


@dataclass(frozen=True)
class Old:
    """A mail as it lay elsewhere. `at`: milliseconds; `labels` are Gmail's own, `names` those of the person's labels.

    `thread` is what its thread was called there (empty: its headers tell); `twice`: it may come again under another of
    its labels, and is one mail then.
    """

    mail: Mail
    labels: tuple[str, ...]
    names: tuple[str, ...]
    at: int
    thread: str = ""
    twice: bool = False
    where: str = ""
    """For a person, should it not be possible to store it."""


@dataclass(frozen=True)
class Trouble:
    """What could not be read: where it is, and why."""

    where: str
    why: str


@dataclass(frozen=True)
class Slice:
    """What is put in at once, and where the source stands after it: in its own words, and in bytes."""

    mails: Sequence[Old]
    place: str
    done: int
    troubles: Sequence[Trouble] = field(default=())


@dataclass(frozen=True)
class Reached:
    """How far a source has been loaded."""

    place: str = ""
    done: int = 0
    messages: int = 0
    broken: int = 0
    finished: bool = False
