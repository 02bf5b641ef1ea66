"""What a deal may hold at all: a title, an amount that is not below nothing and can be added up. Pure."""

from __future__ import annotations

from addon.domain.errors import DomainError
from addon.domain.fields.figures import LIMIT
from addon.domain.money import Money


class NoTitle(DomainError):
    code = "deals.no_title"


class BelowNothing(DomainError):
    code = "deals.below_nothing"


class TooMuch(DomainError):
    """10^13 or more."""

    code = "deals.too_much"


def check_title(title: object) -> None:
    """Raises NoTitle."""
    if not str(title or "").strip():
        raise NoTitle


def check_value(value: Money | None) -> None:
    """A deal is worth nothing at the least. Raises BelowNothing, TooMuch."""
    if value is not None and value.amount < 0:
        raise BelowNothing
    if value is not None and value.amount >= LIMIT:
        raise TooMuch
