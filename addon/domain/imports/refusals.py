"""Why an import cannot do what it is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from addon.domain.errors import DomainError


class Begun(DomainError):
    """It is under way or done: how it is read and mapped stands."""

    code = "imports.begun"


class NotMapped(DomainError):
    """Nobody said yet which column is which field."""

    code = "imports.not_mapped"


class FileGone(DomainError):
    """The file was erased, so there is nothing to go on with."""

    code = "imports.file_gone"


class CannotUndo(DomainError):
    """It is under way, or took nothing in, or is undone already."""

    code = "imports.cannot_undo"


class MappingRefused(DomainError):
    """`problems` says all that is wrong: (code, params) each.

    `imports.unknown_column` (column) · `imports.unknown_field` (field) · `imports.doubled_field` (field) ·
    `imports.no_name_column` · `imports.no_title_column`.
    """

    code = "imports.mapping_refused"

    def __init__(self, problems: Sequence[tuple[str, dict[str, Any]]]) -> None:
        super().__init__(n=len(problems))
        self.problems = problems
