"""Turns the world's clock: a span passes at once, or time runs faster, or stands still. It never goes backwards.

Every process of the demo follows, for all read the same clock. What must keep to the wall's time (sign-ins, leases)
does, whatever is done here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from addon import clock

FASTEST = 86_400.0
"""A day a second."""
LONGEST = timedelta(days=366)
"""At once."""
LAST_YEAR = 2100
"""The world ends before dates do."""


@dataclass(frozen=True)
class Reading:
    """What the clock shows (UTC) and how many times faster than the wall's it runs; 0 is a clock that stands still."""

    now: datetime
    speed: float


def reading() -> Reading:
    """What the clock shows now."""
    return Reading(clock.now(), clock.speed())


def forward(by: timedelta) -> None:
    """Let this much of the world's time pass at once. Raises ValueError for a span below 0 or above a year."""
    if not timedelta(0) <= by <= LONGEST:
        raise ValueError(f"between nothing and {LONGEST.days} days may pass at once, not {by}")
    if (clock.now() + by).year > LAST_YEAR:
        raise ValueError(f"the world's clock goes up to {LAST_YEAR}")
    clock.change(by=by)


def run(speed: float) -> None:
    """Go on at this speed; 0 stands still, 1 keeps the wall's pace. Raises ValueError for others than 0 to FASTEST."""
    if not (math.isfinite(speed) and 0 <= speed <= FASTEST):
        raise ValueError(f"the world's clock runs at 0 to {FASTEST:.0f} times the wall's speed, not {speed}")
    clock.change(speed=float(speed))


def rest() -> None:
    """Keep the wall's pace again, so that no years pass while the demo is not running."""
    if clock.speed() != 1:
        run(1.0)
