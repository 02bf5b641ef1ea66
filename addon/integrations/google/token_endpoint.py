"""One form posted to Google's token doors, once, and what came back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

from addon import clock
from addon.domain.ports.mailbox import AccessToken, RefusedForNow
from addon.integrations.gmail import errors
from addon.integrations.gmail.connections import Connections

_HEADERS = {
    "content-type": "application/x-www-form-urlencoded",
    "accept": "application/json",
    "accept-encoding": "gzip, deflate",
}


@dataclass(frozen=True)
class Answer:
    """Done (200) or refused for sure (4xx); nothing else comes this far."""

    done: bool
    asked_at: float
    """Epoch seconds of the wall's clock before the request left."""
    fields: Mapping[str, Any] = field(repr=False)

    @property
    def error(self) -> str:
        """Google's word for a refusal (RFC 6749, 5.2), never its sentence."""
        error = self.fields.get("error")
        return error if isinstance(error, str) and error.isidentifier() and len(error) <= 40 else "refused"

    def text(self, name: str) -> str:
        """A field that must be there. Raises AnswerLost."""
        value = self.fields.get(name)
        if not isinstance(value, str) or not value:
            raise errors.garbled()
        return value

    def access(self) -> AccessToken:
        """The access token. Raises AnswerLost where there is none or it does not say when it ends."""
        seconds = self.fields.get("expires_in")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float | str):
            raise errors.garbled()
        try:
            return AccessToken(self.text("access_token"), self.asked_at + float(seconds))
        except ValueError:
            raise errors.garbled() from None


def post(connections: Connections, url: str, form: Mapping[str, str]) -> Answer:
    """Post once. Raises AnswerLost (time-out, reset, 5xx, garbage) and RefusedForNow (429)."""
    asked_at = clock.real_now().timestamp()
    try:
        with connections.lent() as transport:
            reply, content = transport.request(url, "POST", urlencode(form), _HEADERS)
    except (OSError, HTTPException) as broken:
        raise errors.lost(broken) from None
    if reply.status == 200:
        return Answer(True, asked_at, _fields(content))
    refused = errors.refusal(reply.status, reply, content)
    if reply.status == 429 or not 400 <= reply.status < 500 or reply.status == 408:
        raise refused
    return Answer(False, asked_at, _fields(content))


def _fields(content: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def not_the_persons_fault(answer: Answer) -> RefusedForNow:
    """A refusal that has nothing to do with the grant (a wrong client secret, say): asked again, seldom."""
    return RefusedForNow(answer.error, wait=errors.UNKNOWN_REFUSAL_SECONDS)
