"""A bar that tells the truth: shares of a known total; a few in hundreds are drawn at a visible minimum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from addon.i18n import Words

WIDTH = 1000.0
LEAST = 10.0
GAP = 2.0


@dataclass(frozen=True)
class Part:
    colour: str
    name: str
    """Key of its words, and the filter that its number opens."""
    count: int


@dataclass(frozen=True)
class Shape:
    colour: str
    x: float
    width: float


@dataclass(frozen=True)
class KeyEntry:
    colour: str
    name: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Bar:
    label: str
    shapes: Sequence[Shape]
    key: Sequence[KeyEntry]


def bar(parts: Sequence[Part], total: int, say: Words) -> Bar:
    """The last part is what is still to come: it is the track, and has no shape."""
    key = [
        KeyEntry(part.colour, part.name, say(f"web.campaign.bar.{part.name}", n=part.count))
        for part in parts
        if part.count or part.name == "sent"
    ]
    label = say("web.campaign.bar.label", n=total, parts=", ".join(entry.words for entry in key))
    return Bar(label=label, shapes=shapes([part for part in parts[:-1] if part.count], total), key=key)


def shapes(parts: Sequence[Part], total: int) -> list[Shape]:
    """Side by side, in order, never wider than the whole.

    >>> [(s.x, s.width) for s in shapes([Part("won", "sent", 999), Part("lost", "failed", 1)], 1000)]
    [(0.0, 988.0), (990.0, 10.0)]
    """
    if not parts or total <= 0:
        return []
    widths = [max(LEAST, WIDTH * part.count / total) for part in parts]
    room = WIDTH - GAP * (len(parts) - 1)
    # What the visible minimum adds is taken from the widest, whose share shows it least.
    widest = widths.index(max(widths))
    widths[widest] -= max(0.0, sum(widths) - room)
    placed, x = [], 0.0
    for part, width in zip(parts, widths, strict=True):
        placed.append(Shape(part.colour, round(x, 1), round(width, 1)))
        x += width + GAP
    return placed
