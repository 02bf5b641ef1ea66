"""Deals: what they hold, how they change. Where a deal stands is changed by the ladder alone."""

from __future__ import annotations

from addon.domain.deals import totals as totals  # whoever imports the room has its totals kept
