"""A deal that is to be made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from addon.domain.money import Money


@dataclass(frozen=True, kw_only=True)
class DealDraft:
    """What a new deal holds; where it begins is the ladder's."""

    title: str
    owner_id: int
    contact_id: int | None = None
    company_id: int | None = None
    value: Money | None = None
    product: str = ""
    channel: str = ""
    expected_close: date | None = None
    next_step: str = ""
    next_step_on: date | None = None
    referred_by_id: int | None = None
    twin_of_id: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    """Typed values of custom fields, by key."""
