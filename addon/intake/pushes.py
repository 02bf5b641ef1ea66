"""Gmail's pushes: something happened in a mailbox, says Pub/Sub. The sync that follows asks Gmail what.

Anything but a 2xx is delivered again for days, so whatever a retry cannot better is acknowledged: mailboxes that we do
not know, bodies that nobody can read. Only a caller who is not Pub/Sub is turned away.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from addon.domain.access import Database
from addon.domain.access.doors import mailbox_by_address
from addon.domain.errors import DomainError
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.ports.identity import IdentityCheck, KeysUnavailable, NotVerified
from addon.settings import Settings

PATH = "/google/push"
_LARGEST = 64 * 1024
"""Bytes of a push; real ones have some hundred."""
_HIGHEST = 2**63 - 1

_log = structlog.get_logger()


@dataclass(frozen=True)
class Push:
    email: str
    history_id: int


def blueprint(
    *, settings: Settings, database: Database, identity: IdentityCheck, wake: Callable[[], None] = lambda: None
) -> Blueprint:
    """POST /google/push. `wake` has this process's own worker look at once, where it has one."""
    pushes = Blueprint("pushes", __name__)

    @pushes.post(PATH)
    def pushed() -> ResponseReturnValue:
        """Verify, note, be gone: the token first, and the body of nobody else is read."""
        try:
            identity.push(_bearer(), url=settings.url(PATH))
        except NotVerified:
            return Response(status=401, headers={"WWW-Authenticate": "Bearer"})
        except KeysUnavailable:
            return Response(status=503, headers={"Retry-After": "5"})
        push = None if (request.content_length or 0) > _LARGEST else read(request.get_data(cache=False))
        if push is None:
            _log.warning("push_unreadable")
        elif _note(database, push):
            wake()
        return Response(status=204)

    return pushes


def read(body: bytes) -> Push | None:
    """What a push says; None for anything else. Numbers may come as text, base64 of either kind, padded or not.

    >>> read(b'{"message": {"data": "eyJlbWFpbEFkZHJlc3MiOiJ1QHgudGVzdCIsImhpc3RvcnlJZCI6IjQyIn0"}}')
    Push(email='u@x.test', history_id=42)
    """
    try:
        told = json.loads(_decoded(json.loads(body)["message"]["data"]))
        email, history_id = told["emailAddress"], int(told["historyId"])
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return None
    if not isinstance(email, str) or "@" not in email or not 0 < history_id <= _HIGHEST:
        return None
    return Push(email.strip().lower(), history_id)


def _decoded(data: Any) -> bytes:
    if not isinstance(data, str):
        raise ValueError("no text")
    standard = data.strip().rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except binascii.Error as broken:
        raise ValueError("no base64") from broken


def _bearer() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _note(database: Database, push: Push) -> bool:
    """False for a mailbox that is not ours, or whose owner may not act any more."""
    try:
        viewer = mailbox_by_address(database, push.email)
        with database.writing(viewer) as session:
            mailboxes.note_push(session, viewer.mailbox_id or 0, push.history_id)
    except DomainError as refused:
        _log.info("push_not_ours", code=refused.code)
        return False
    return True
