"""The words of a refusal: the domain gives a code and its parameters, the catalogue the sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from addon.domain.errors import DomainError
from addon.domain.undoing.operations import CannotUndo
from addon.domain.undoing.plan import Line
from addon.sidebar.pen import Pen


def refusal(pen: Pen, error: DomainError) -> str:
    """One sentence that a salesperson understands, plain. The sidebar's own text beats the one all entrances share."""
    if isinstance(error, CannotUndo) and error.params.get("reasons"):
        return spoken_lines(pen, error.params["reasons"])
    key = _known(pen, error.code, error.params)
    return pen.say(key, **_spoken(pen, error.params)) if key else pen.say("sidebar.refused.other")


def spoken_lines(pen: Pen, planned: Sequence[Line]) -> str:
    """What an undo takes back, or why it cannot."""
    return " ".join(pen.say(_known(pen, code, params) or code, **_spoken(pen, params)) for code, params in planned)


def _known(pen: Pen, code: str, params: Mapping[str, Any]) -> str:
    # Nobody did it: a mail and a rule. Or the reader did.
    ending = "_own" if params.get("own") else "_nobody" if params.get("who") == "" else ""
    codes = (f"{code}{ending}", code)
    return next((key for each in codes for key in (f"sidebar.refused.{each}", each) if pen.say.has(key)), "")


def _spoken(pen: Pen, params: Mapping[str, Any]) -> dict[str, Any]:
    spoken = {name: pen.ago(value) if isinstance(value, datetime) else value for name, value in params.items()}
    return {**spoken, "who": spoken.get("who") or pen.say("sidebar.somebody")}
