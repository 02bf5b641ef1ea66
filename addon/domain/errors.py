"""Refusals. The domain says a code and its parameters; the entrances own the words."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """An anticipated refusal: nothing was changed. `code` is the key of its text, `params` fill it."""

    code = "errors.refused"

    def __init__(self, **params: Any) -> None:
        super().__init__(self.code)
        self.params = params


class NotFound(DomainError):
    """There is no such thing, or the viewer may not see it: the same answer to both."""

    code = "errors.not_found"


class NotAllowed(DomainError):
    """The viewer sees it, but may not do this."""

    code = "errors.not_allowed"


class NotYet(DomainError):
    """An act that this version cannot take back."""

    code = "errors.not_yet"
