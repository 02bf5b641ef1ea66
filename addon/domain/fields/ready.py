"""Sets of fields that a team can begin with. Their names are texts, said by the entrance that asks for them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from addon.models import FieldKind


@dataclass(frozen=True)
class FieldTemplate:
    key: str
    """The field's name is the text `fields.ready.<set>.<key>`."""
    kind: FieldKind
    weight: int = 0
    options: Sequence[tuple[str, int]] = ()
    """(key, score in percent); the name of an option is the text `fields.ready.options.<key>`."""


READY: Mapping[str, Sequence[FieldTemplate]] = {
    "bant": (
        FieldTemplate("need", FieldKind.SELECT, 30, (("urgent", 100), ("clear", 75), ("vague", 30), ("none", 0))),
        FieldTemplate("budget", FieldKind.SELECT, 25, (("granted", 100), ("planned", 60), ("unknown", 20), ("no", 0))),
        FieldTemplate(
            "decision", FieldKind.SELECT, 25, (("decides", 100), ("advises", 50), ("uses", 25), ("other", 0))
        ),
        FieldTemplate("timing", FieldKind.SELECT, 20, (("month", 100), ("quarter", 75), ("year", 40), ("later", 0))),
    ),
    "tags": (FieldTemplate("tags", FieldKind.MULTI_SELECT),),
}
"""By name: need, budget, decision and timing with a score that the team weights; tags."""
