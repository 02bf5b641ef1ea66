"""Which acts can be taken back, and how: each room's acts stand in a file of their own."""

from __future__ import annotations

from collections.abc import Mapping

from addon.domain.undoing import (
    bulks,
    edits,
    imported,
    links,
    lives,
    moves,
    orders,
    parts,
    seats,
    shapes,
    twins,
    wordings,
)
from addon.domain.undoing.scene import Handler

HANDLERS: Mapping[str, Handler] = {
    **moves.HANDLERS,
    **links.HANDLERS,
    **edits.HANDLERS,
    **lives.HANDLERS,
    **parts.HANDLERS,
    **shapes.HANDLERS,
    **orders.HANDLERS,
    **wordings.HANDLERS,
    **seats.HANDLERS,
    **twins.HANDLERS,
    **bulks.HANDLERS,
    **imported.HANDLERS,
}
"""By the diary's kind."""
