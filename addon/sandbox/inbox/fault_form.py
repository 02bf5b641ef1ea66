"""From the world panel's form to a fault of one's own. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HOW_OFTEN = ("once", "times", "every", "nth", "percent")
"""Once · the next n calls · every n-th · the n-th from now · by chance, n in a hundred."""


class NotANumber(ValueError):
    """A field that wants a number holds something else. Carries the field's name."""


def wanted(form: Mapping[str, str]) -> dict[str, Any]:
    """What to hand to `Faults.add`. Raises NotANumber; whether it makes sense is the simulator's to say."""
    asked: dict[str, Any] = {"kind": form.get("kind", "")}
    if method := form.get("method", "").strip():
        asked["method"] = method
    if mailbox := form.get("mailbox", ""):
        asked["mailbox"] = mailbox
    if form.get("status", "").strip() and asked["kind"] in ("error", "error_after"):
        asked["status"] = _whole(form, "status")
    for name in ("seconds", "lasts"):
        if form.get(name, "").strip():
            asked[name] = _number(form, name)
    return asked | _how_often(form)


def _how_often(form: Mapping[str, str]) -> dict[str, Any]:
    how = form.get("often", "once")
    if how == "percent":
        return {"probability": _number(form, "n") / 100}
    return {how: _whole(form, "n")} if how in ("times", "every", "nth") else {}


def _whole(form: Mapping[str, str], name: str) -> int:
    try:
        return int(form.get(name, ""))
    except ValueError:
        raise NotANumber(name) from None


def _number(form: Mapping[str, str], name: str) -> float:
    try:
        return float(form.get(name, "").replace(",", "."))
    except ValueError:
        raise NotANumber(name) from None
