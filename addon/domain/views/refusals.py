"""What a filter, a grouping or a view is refused for."""

from __future__ import annotations

from addon.domain.errors import DomainError


class BadFilter(DomainError):
    """It cannot be read as a filter at all."""

    code = "views.bad_filter"


class UnknownField(DomainError):
    """Params: field (its key)."""

    code = "views.unknown_field"


class BadOperator(DomainError):
    """A field of this kind cannot be asked so. Params: field, op."""

    code = "views.bad_operator"


class BadValue(DomainError):
    """Params: field, given."""

    code = "views.bad_value"


class TooManyConditions(DomainError):
    """Params: limit."""

    code = "views.too_many_conditions"


class NoName(DomainError):
    """A view needs a name."""

    code = "views.no_name"


class CannotDrop(DomainError):
    """A card cannot be put into this column by hand. Params: field (its key), column."""

    code = "views.cannot_drop"
