"""People outside who answer the sandbox's mail, each in their own way, language and time: yes, no, later, a bounce."""

from __future__ import annotations

from addon.sandbox.people.answering import Answering
from addon.sandbox.people.cast import CAST, Kind, Persona

__all__ = ["CAST", "Answering", "Kind", "Persona"]
