"""What a sales text may say: merge fields, fallbacks, a few filters and conditions. Refusals carry code and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from addon.domain.errors import DomainError

FILTERS = frozenset({"capitalize", "default", "lower", "title", "trim", "upper"})
RESERVED = frozenset({"self", "loop", "super", "caller", "varargs", "kwargs", "context", "environment"})
"""Names that mean something to the template engine; no merge field is called so."""

MAX_TEXT = 100_000
"""Characters of a text before its fields are filled."""
MAX_MAIL = 1_000_000
"""Characters of a text with its fields filled."""
MAX_DEPTH = 20
"""Conditions within conditions, parentheses within parentheses."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something about a text that its writer should see. `line` counts from 1."""

    code: str
    line: int = 1
    params: Mapping[str, Any] = field(default_factory=dict)
    blocking: bool = True
    """False for a hint: the mail can go, but perhaps not as meant."""


class TextRefused(DomainError):
    """The text cannot be used. `code` and `params` (line, and what the code speaks of) are those of the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(line=problem.line, **problem.params)
        self.code = problem.code
        self.problem = problem


class MissingField(DomainError):
    """A row has nothing for this field, and the text says no fallback."""

    code = "templates.missing_field"

    def __init__(self, field: str) -> None:
        super().__init__(field=field)
        self.field = field


class MailTooLong(DomainError):
    code = "templates.mail_too_long"

    def __init__(self) -> None:
        super().__init__(limit=MAX_MAIL)
