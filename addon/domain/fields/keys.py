"""How a field is named everywhere, and what one has to know about it. Pure.

A field is named by a key: a built-in word such as `owner`, or `f12` for the custom field with the id 12. Views,
required fields, forms, imports and acts on many things hold keys, so that a new name changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from addon.domain.errors import DomainError
from addon.models import Subject

_CUSTOM = re.compile(r"f([1-9][0-9]{0,9})", re.ASCII)


class Kind(StrEnum):
    """What a field holds: what a custom one may (`FieldKind`, the same words), and what only built-in ones do."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    SELECT = "select"
    MULTI_SELECT = "multi_select"
    PERSON = "person"
    LINK = "link"
    PHONE = "phone"
    CHECKBOX = "checkbox"
    COMPANY = "company"
    CONTACT = "contact"
    STAGE = "stage"
    PIPELINE = "pipeline"
    EMAIL = "email"
    MOMENT = "moment"


WORDS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.LINK, Kind.PHONE})
"""What is held as it was typed; privacy may erase it from the diary."""

OPTIONS = frozenset({Kind.SELECT, Kind.MULTI_SELECT})

LONGEST = {Kind.TEXT: 1000, Kind.LONG_TEXT: 20_000, Kind.LINK: 2000, Kind.PHONE: 64}
"""Characters that a custom field of words holds."""


class UnknownField(DomainError):
    """There is no such field, or no longer. Params: key, and field, its name where it had one."""

    code = "fields.unknown"


@dataclass(frozen=True)
class OptionSpec:
    id: int
    name: str
    score: int = 0
    """Percent of its field's weight."""
    deleted: bool = False
    """It can no longer be chosen; where it was, it stays readable."""


@dataclass(frozen=True, kw_only=True)
class FieldSpec:
    """A field, built-in or custom."""

    key: str
    subject: Subject
    kind: Kind
    name: str = ""
    """As the team calls it; a built-in one is the text `fields.<subject>.<key>`."""
    help: str = ""
    field_id: int | None = None
    pipeline_id: int | None = None
    """Of the deals of this pipeline alone."""
    columns: Sequence[str] = ()
    """Of a built-in one: the model's columns that hold it."""
    editable: bool = True
    grouped: bool = True
    """Whether a board may have a column for each of its values."""
    required: bool = False
    """May not be emptied, whatever the stage."""
    longest: int = 0
    """Characters, of words."""
    options: Sequence[OptionSpec] = ()
    """In order, those that were deleted last."""
    ready_set: str = ""
    weight: int = 0
    deleted: bool = False

    @property
    def custom(self) -> bool:
        return self.field_id is not None

    @property
    def choices(self) -> Sequence[OptionSpec]:
        """What can be chosen."""
        return tuple(option for option in self.options if not option.deleted)

    @property
    def label(self) -> str:
        """What a refusal calls it, where the entrance has no word of its own."""
        return self.name or self.key.replace("_", " ")


def key_of(field_id: int) -> str:
    """The key of a custom field."""
    return f"f{field_id}"


def field_id_of(key: str) -> int | None:
    """The id of the custom field that a key names; None for any other word.

    >>> field_id_of("f12"), field_id_of("stage"), field_id_of("f012"), field_id_of("f")
    (12, None, None, None)
    """
    found = _CUSTOM.fullmatch(key)
    return int(found[1]) if found and int(found[1]) < 2**31 else None
