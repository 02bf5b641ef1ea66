"""How typed values stand in the diary, and how they are read back when an edit is taken back. Pure.

Words go into an entry's texts, which privacy may erase; ids, numbers, amounts and dates stand in before and after.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from addon.domain.fields.checking import Typed
from addon.domain.fields.keys import Kind
from addon.domain.money import Money


@dataclass(frozen=True)
class Noted:
    """What `activity.record` is given."""

    before: dict[str, Any]
    after: dict[str, Any]
    texts: dict[str, Any] | None


def note(before: Mapping[str, Any], after: Mapping[str, Any], words: Collection[str]) -> Noted:
    """Values as they are written; the keys in `words` hold words."""
    texts = {
        side: {key: value for key, value in held.items() if key in words}
        for side, held in (("before", before), ("after", after))
    }
    return Noted(
        {key: plain(value) for key, value in before.items() if key not in words},
        {key: plain(value) for key, value in after.items() if key not in words},
        texts if texts["after"] or texts["before"] else None,
    )


def plain(value: Any) -> Any:
    """A typed value for JSON."""
    if isinstance(value, Money):
        return {"amount": str(value.amount), "currency": value.currency}
    if isinstance(value, frozenset):
        return sorted(value)
    return str(value) if isinstance(value, Decimal | date) else value


def typed(kind: Kind, noted: Any) -> Typed | None:
    """The value that `plain` wrote."""
    if noted is None:
        return None
    if kind is Kind.MONEY:
        return Money(Decimal(noted["amount"]), noted["currency"])
    if kind is Kind.NUMBER:
        return Decimal(noted)
    if kind is Kind.DATE:
        return date.fromisoformat(noted)
    held: Typed = frozenset(noted) if kind is Kind.MULTI_SELECT else noted
    return held
