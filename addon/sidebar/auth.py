"""Who calls. First the bearer is verified, against the exact address that Google was told; only then the body is read.

A caller who cannot prove to be Google, or whose person Google does not vouch for, gets a bare status and nothing else.
"""

from __future__ import annotations

import hmac
import json
from typing import Any

from flask import Request
from werkzeug.exceptions import HTTPException

from addon.domain.access import Viewer, doors
from addon.domain.ports.identity import Identity, KeysUnavailable, NotVerified
from addon.sidebar.request import SidebarRequest
from addon.sidebar.services import SidebarServices

LARGEST = 256 * 1024
"""Bytes of an event; Google's are a few thousand."""

EMAIL = "https://www.googleapis.com/auth/userinfo.email"
"""Without it Google does not tell us who sits in front of the sidebar."""


class Refused(Exception):
    """An answer without words: nobody that we know of reads it."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class EmailNotGranted(Exception):
    """The person has not let Google tell us their address: to be asked for."""


def event(services: SidebarServices, path: str, request: Request) -> SidebarRequest:
    """The event of a verified call to this path. Raises Refused.

    The audience is built from PUBLIC_URL, never from what the request says its host is.
    """
    bearer = _bearer(request)
    try:
        services.identity.addon_call(bearer, url=services.settings.url(path))
    except NotVerified:
        raise Refused(401) from None
    except KeysUnavailable:
        raise Refused(503) from None
    asked = SidebarRequest.of(_body(request))
    if asked.system_id_token and not hmac.compare_digest(asked.system_id_token.encode(), bearer.encode()):
        raise Refused(401)
    return asked


def identity(services: SidebarServices, asked: SidebarRequest) -> Identity:
    """The person in front of the sidebar, vouched for by Google. Raises Refused, EmailNotGranted."""
    if not asked.user_id_token or (asked.scopes is not None and EMAIL not in asked.scopes):
        raise EmailNotGranted
    try:
        return services.identity.addon_user(asked.user_id_token)
    except NotVerified:
        raise Refused(401) from None
    except KeysUnavailable:
        raise Refused(503) from None


def viewer(services: SidebarServices, who: Identity) -> Viewer:
    """The rights of this person here. Raises UnknownUser, Deactivated."""
    return doors.user_by_address(services.database, who.email)


def _bearer(request: Request) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Refused(401)
    return token.strip()


def _body(request: Request) -> dict[str, Any]:
    request.max_content_length = LARGEST
    try:
        found = json.loads(request.get_data(cache=False))
    except HTTPException as large:
        raise Refused(large.code or 413) from None
    except (ValueError, RecursionError):
        raise Refused(400) from None
    if not isinstance(found, dict):
        raise Refused(400)
    return found
