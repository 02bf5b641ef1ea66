"""A person's own labels: their order, nesting, colours, and what Gmail counted under each."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from addon.sandbox.inbox.gmail import FOLDERS, Mailbox, NoSuchMail

Json = dict[str, Any]

HUES = {
    "grey": ("#e7e7e7", "#464646"),
    "blue": ("#c9daf8", "#285bac"),
    "teal": ("#98d7e4", "#0d3b44"),
    "green": ("#b9e4d0", "#0b804b"),
    "yellow": ("#fce8b3", "#684e07"),
    "orange": ("#ffdeb5", "#7a4706"),
    "red": ("#f6c5be", "#8a1c0a"),
    "pink": ("#fbd3e0", "#711a36"),
    "purple": ("#d0bcf1", "#3d188e"),
}
"""The colours offered: Gmail's pairs of ground and words."""

_COUNTED = 60
"""A mailbox with more labels shows counts for this many."""


@dataclass(frozen=True)
class Label:
    """A label as the list at the left shows it."""

    id: str
    name: str
    shown: str
    """Without the names of the labels around it."""
    depth: int
    hue: str
    unread: int = 0
    threads: int = 0


def arranged(labels: Iterable[Json], counts: dict[str, Json]) -> list[Label]:
    """A person's own labels by name, each under the one it is nested in."""
    own = sorted((each for each in labels if each.get("type") == "user"), key=lambda each: _order(each["name"]))
    names = {str(each["name"]) for each in own}
    return [_label(each, names, counts.get(each["id"], {})) for each in own]


def _order(name: str) -> list[str]:
    return name.casefold().split("/")


def _label(found: Json, names: set[str], counted: Json) -> Label:
    whole = str(found["name"])
    pieces, depth, shown = whole.split("/"), 0, whole
    for number in range(1, len(pieces)):
        if "/".join(pieces[:number]) in names:
            depth, shown = depth + 1, "/".join(pieces[number:])
    hue = hue_of(str(found.get("color", {}).get("backgroundColor", "")))
    return Label(found["id"], whole, shown, depth, hue, counted.get("threadsUnread", 0), counted.get("threadsTotal", 0))


def hue_of(ground: str) -> str:
    """Which of our colours is nearest to one of Gmail's; grey for none.

    >>> hue_of("#fb4c2f"), hue_of("#16a765"), hue_of("")
    ('red', 'green', 'grey')
    """
    wanted = _tone(ground)
    if wanted is None:
        return "grey"
    return min(HUES, key=lambda name: _apart(wanted, _tone(HUES[name][0]) or wanted))


def _apart(one: Sequence[float], other: Sequence[float]) -> float:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _tone(colour: str) -> tuple[float, float, float] | None:
    """A colour without its lightness, so that Gmail's strong ones find our pale ones."""
    try:
        r, g, b = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    except ValueError:
        return None
    least, span = min(r, g, b), max(r, g, b) - min(r, g, b)
    if span < 24:
        return (0.0, 0.0, 0.0)
    return ((r - least) / span, (g - least) / span, (b - least) / span)


def color_of(hue: str) -> Json | None:
    """What Gmail is told of one of our colours; None for one that is not ours."""
    if hue not in HUES:
        return None
    ground, words = HUES[hue]
    return {"backgroundColor": ground, "textColor": words}


@dataclass
class _Known:
    stamp: str
    labels: list[Json]
    counts: dict[str, Json]


class Counts:
    """Labels and their counts. Asked for again only when something in the mailbox has changed."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._lock = threading.Lock()

    def of(self, mailbox: Mailbox, email: str, stamp: str, folder: str) -> tuple[list[Label], dict[str, Json]]:
        """The labels of a mailbox whose history stands at `stamp`, and the counts by label id.

        `folder` is counted too, whatever it is.
        """
        with self._lock:
            known = self._known.get(email)
        if known is None or known.stamp != stamp:
            labels = mailbox.labels()
            own = [str(each["id"]) for each in labels if each.get("type") == "user"]
            known = _Known(stamp, labels, _counted(mailbox, ["INBOX", "DRAFT", "SPAM", *own[:_COUNTED]]))
            with self._lock:
                self._known[email] = known
        label = FOLDERS.get(folder, folder)
        if label and label not in known.counts:
            known.counts |= _counted(mailbox, [label])
        return arranged(known.labels, known.counts), known.counts


def _counted(mailbox: Mailbox, labels: Iterable[str]) -> dict[str, Json]:
    counts: dict[str, Json] = {}
    for label in labels:
        try:
            counts[label] = mailbox.label(label)
        except NoSuchMail:  # deleted meanwhile
            continue
    return counts
