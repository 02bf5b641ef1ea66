"""Why a value is not taken. Each refusal names its field, so that a form, a file and a program can all say where."""

from __future__ import annotations

from typing import Any

from addon.domain.errors import DomainError
from addon.domain.fields.keys import FieldSpec

_SHOWN = 100
"""Characters of what was given that a refusal repeats."""


class Refused(DomainError):
    """Params: key and subject of the field, field (what it is called), given (the beginning of what was typed)."""

    code = "fields.refused"

    def __init__(self, spec: FieldSpec, given: object = "", **more: Any) -> None:
        text = str(given).encode("utf-8", "replace").decode()
        shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
        super().__init__(key=spec.key, subject=str(spec.subject), field=spec.label, given=shown, **more)


class NotEditable(Refused):
    """The product itself keeps this field."""

    code = "fields.not_editable"


class Missing(Refused):
    """It may not be empty."""

    code = "fields.missing"


class TooLong(Refused):
    """Params: limit, in characters; length."""

    code = "fields.too_long"


class OddCharacters(Refused):
    """It holds characters that no text has, such as NUL."""

    code = "fields.odd_characters"


class NotANumber(Refused):
    code = "fields.not_a_number"


class NotAnAmount(Refused):
    code = "fields.not_an_amount"


class Unclear(Refused):
    """1.250 is one thing here and another there. Params: whole, fraction: both ways to write it that are clear."""

    code = "fields.unclear"


class TooManyPlaces(Refused):
    """Params: places, how many are kept after the point."""

    code = "fields.too_many_places"


class TooLarge(Refused):
    """A number or an amount of 10^13 or more."""

    code = "fields.too_large"


class NotADay(Refused):
    code = "fields.not_a_day"


class NoSuchOption(Refused):
    """Params: options, the names that can be chosen, joined."""

    code = "fields.no_such_option"


class NobodySuch(Refused):
    """Nobody of the team, no person, no company is called so, or the viewer may not see them."""

    code = "fields.nobody_such"


class SeveralSuch(Refused):
    """More than one is called so. Params: n."""

    code = "fields.several_such"


class NotYesOrNo(Refused):
    code = "fields.not_yes_or_no"


class NotALink(Refused):
    code = "fields.not_a_link"


class NotAPhone(Refused):
    code = "fields.not_a_phone"


class NotOfItsKind(Refused):
    """A typed value of another kind: a mistake of a program, not of a person."""

    code = "fields.not_of_its_kind"
