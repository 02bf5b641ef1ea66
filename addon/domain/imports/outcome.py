"""What became of a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from addon.domain.imports.judging import Judged, Problem
from addon.models import RowState


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`last_number` is that of the subject's entry in the diary, where one was written."""

    row: Judged
    state: RowState
    deal_id: int | None = None
    contact_id: int | None = None
    company_id: int | None = None
    last_number: int | None = None
    problems: Sequence[Problem] = ()


def bad(row: Judged, code: str, **params: Any) -> Outcome:
    """The row is not taken in, for a reason that only the database knew."""
    return Outcome(row=row, state=RowState.BAD, problems=[("", code, params)])
