"""The port to Google's identity: who calls, and who signs in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class NotVerified(Exception):
    """The token is forged, expired, meant for somebody else or absent: the caller is nobody."""


class KeysUnavailable(Exception):
    """Google's certificates could not be fetched: neither yes nor no."""


@dataclass(frozen=True)
class Identity:
    """A verified Google identity."""

    sub: str
    email: str
    """Verified by Google, lower case."""
    name: str = ""


class IdentityCheck(Protocol):
    """Verifies ID tokens: signature, issuer, audience, time, verified address. Certificates are cached."""

    def addon_call(self, token: str, *, url: str) -> None:
        """The add-on's service account called this exact URL. Raises NotVerified, KeysUnavailable."""

    def addon_user(self, token: str) -> Identity:
        """The person in front of the sidebar. Raises NotVerified, KeysUnavailable."""

    def push(self, token: str, *, url: str) -> None:
        """Pub/Sub's service account pushed to this exact URL. Raises NotVerified, KeysUnavailable."""
