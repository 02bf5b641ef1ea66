"""What happens when a deal leaves a stage or enters one. Sequences will join these lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from addon.models import Activity, Deal, Stage


@dataclass(frozen=True)
class Step:
    """A deal leaves, or enters, `stage`; `move` is the diary's entry of it."""

    deal: Deal
    stage: Stage
    move: Activity
    at: datetime


Hook = Callable[[Session, Step], None]

EXIT: list[Hook] = []
"""Run in this order when a deal leaves a stage, before any entry hook."""

ENTRY: list[Hook] = []
"""Run in this order when a deal enters a stage, its first one included."""
