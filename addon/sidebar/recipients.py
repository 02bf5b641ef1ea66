"""Whom the mail being written goes to, as the event says it (`draftAccess: METADATA`). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import getaddresses
from typing import Any

_KEYS = ("toRecipients", "ccRecipients", "bccRecipients")
_LONGEST = 1_000


@dataclass(frozen=True)
class Recipients:
    """Addresses as they stand in the draft, in its order and spelling."""

    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.to, *self.cc, *self.bcc)

    @classmethod
    def of(cls, gmail: Mapping[str, Any]) -> Recipients | None:
        """None where the event does not say; JSON may leave out a list that is empty, but hardly all three."""
        if not any(key in gmail for key in _KEYS):
            return None
        return cls(*(_addresses(gmail.get(key)) for key in _KEYS))


def _addresses(listed: Any) -> tuple[str, ...]:
    texts = [each[:_LONGEST] for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
    try:
        pairs = getaddresses(texts)
    except (ValueError, IndexError, RecursionError):  # comments nested a thousand deep, for one
        return ()
    return tuple(address.strip() for _, address in pairs if _is_address(address.strip()))


def _is_address(text: str) -> bool:
    local, _, domain = text.rpartition("@")
    return bool(local and domain) and not any(sign.isspace() or sign in ",;<>" for sign in text)
