"""People outside who answer the sandbox's mail after some seconds: one says yes, one address bounces, one is away."""

from __future__ import annotations

from addon.sandbox.people.answering import Answering
from addon.sandbox.people.cast import CAST, Answerer, Kind

__all__ = ["CAST", "Answerer", "Answering", "Kind"]
