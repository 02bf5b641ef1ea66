"""In which order a deal's form shows its fields: what is needed first, for on a phone the rest fills three screens."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from addon.web.fields.forms import FieldView, Form, named

_FIXED: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    ("", [("title", "")]),
    ("", [("company", "")]),
    ("", [("person", "col-sm-6"), ("email", "col-sm-6")]),
    ("value", [("amount", "col-8"), ("currency", "col-4")]),
    ("owner", [("owner_id", "")]),
    ("", [("next_step", "col-sm-7"), ("next_step_on", "col-sm-5")]),
    ("", [("expected_close", "")]),
    ("", [("product", "col-sm-6"), ("channel", "col-sm-6")]),
)
"""Rows of controls with their widths. The names are those of fields whose controls are called otherwise: links lead
there."""


@dataclass(frozen=True)
class Row:
    anchor: str
    cells: Sequence[tuple[FieldView, str]]

    @property
    def names(self) -> set[str]:
        return {field.name for field, _ in self.cells}


@dataclass(frozen=True)
class Rows:
    first: Sequence[Row]
    rest: Sequence[Row]
    folded: bool
    """The rest is folded: somebody came to fill in the first."""

    @property
    def wrong(self) -> bool:
        """Whether something in the rest needs a look: then it is not folded away."""
        return any(field.error for row in self.rest for field, _ in row.cells)


def rows(form: Form, own: Collection[str], *, must: Collection[str] = (), asked: Collection[str] = ()) -> Rows:
    """`own`: names beside the fixed ones; `must`: those that must be filled; `asked`: what somebody came to fill in."""
    fields = named(form)
    plan = [*_FIXED, *(("", [(name, "")]) for name in own)]
    made = [
        Row(anchor, [(fields[name], width) for name, width in cells if name in fields])
        for anchor, cells in plan
        if cells[0][0] in fields
    ]
    first = {name for name in asked if name in fields} or {"title", *must}
    return Rows(
        [row for row in made if row.names & first],
        [row for row in made if not row.names & first],
        folded=any(name in fields for name in asked),
    )
