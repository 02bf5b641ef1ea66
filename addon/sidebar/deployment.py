"""The Workspace deployment: what Google must know of the add-on, filled in for one installation."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from addon.domain.errors import DomainError
from addon.shipped import place


class NotAPublicAddress(DomainError):
    """Google calls an add-on by https only, at an address without user, query or fragment."""

    code = "manifest.not_a_public_address"


def deployment(public_url: str) -> dict[str, Any]:
    """The deployment for the installation at `public_url`, ready for `gcloud workspace-add-ons deployments create`.

    The addresses in it are, to the letter, the audiences of the tokens that Google will send. Raises NotAPublicAddress.
    """
    filled: dict[str, Any] = json.loads(_template().replace("{public_url}", _checked(public_url)))
    return filled


def declared_scopes() -> list[str]:
    """The scopes that a person grants by installing the add-on; a card may ask for no other one."""
    scopes: list[str] = json.loads(_template())["oauthScopes"]
    return scopes


def _template() -> str:
    return (place("manifest") / "deployment.json").read_text(encoding="utf-8")


def _checked(public_url: str) -> str:
    refusal = NotAPublicAddress(url=public_url)
    try:
        parts = urlsplit(public_url)
        _ = parts.port
    except ValueError:
        raise refusal from None
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise refusal
    if any(character in public_url for character in "\"'\\<>?#{} ") or not public_url.isprintable():
        raise refusal
    return public_url.rstrip("/")
