"""Deals: what they hold, how they change. Where a deal stands is changed by the ladder alone."""
