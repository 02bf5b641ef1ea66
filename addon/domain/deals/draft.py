"""A deal that is to be made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from addon.domain.fields.keys import field_id_of
from addon.domain.money import Money

_POINTING = frozenset({"owner", "contact", "company", "referred_by"})


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


def filled(draft: DealDraft, given: Mapping[str, Any]) -> DealDraft:
    """The draft with these typed values, by field key, instead of its own."""
    own = {key: value for key, value in given.items() if field_id_of(key) is not None}
    built_in = {f"{key}_id" if key in _POINTING else key: given[key] for key in given if key not in own}
    return replace(draft, **built_in, values={**draft.values, **own})
