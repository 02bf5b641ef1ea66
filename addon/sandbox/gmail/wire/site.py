"""Every address the simulator answers, and who answers it."""

from __future__ import annotations

from addon.sandbox.gmail.errors import ApiError
from addon.sandbox.gmail.gmail import Gmail
from addon.sandbox.gmail.wire import batch, calling, control, identity
from addon.sandbox.gmail.wire.messages import Answer, Request, json_answer
from addon.sandbox.gmail.wire.staging import Caller

_BATCHES = frozenset({"/batch", "/batch/gmail/v1"})
_CERTS = frozenset({"/oauth2/v1/certs", "/oauth2/v3/certs"})
_WELCOME = (
    b"<!doctype html><html lang=en><meta charset=utf-8><title>Gmail on this machine</title>"
    b"<p>A simulated Gmail listens here: /gmail/v1, /upload/gmail/v1, /batch, /token, /o/oauth2/v2/auth."
)


class Site:
    """Takes a request and gives an answer, for one Gmail."""

    def __init__(self, gmail: Gmail) -> None:
        self._gmail = gmail

    def answer(self, request: Request, caller: Caller) -> Answer:
        """Answer anything. Raises HangUp where a fault says so."""
        path = request.path
        if path.startswith(("/gmail/v1/", "/upload/gmail/v1/")):
            return calling.answer(self._gmail, request, caller)
        if path in _BATCHES and request.verb == "POST":
            return batch.answer(self._gmail, request, caller)
        if path.startswith("/sandbox/"):
            return control.answer(self._gmail, request)
        if path == "/" and request.verb == "GET":
            return Answer(200, _WELCOME, {"Content-Type": "text/html; charset=UTF-8"})
        return self._identity(request, caller) or _unknown(request)

    def _identity(self, request: Request, caller: Caller) -> Answer | None:
        match request.verb, request.path:
            case (("GET" | "POST"), "/o/oauth2/v2/auth"):
                return identity.consent(self._gmail, request)
            case "POST", "/token":
                return identity.token(self._gmail, request, caller)
            case (("GET" | "POST"), "/revoke"):
                return identity.revoke(self._gmail, request)
            case "GET", path if path in _CERTS:
                return identity.certs(self._gmail, request, caller)
        return None


def _unknown(request: Request) -> Answer:
    return json_answer(404, ApiError("notFound", f"There is nothing at {request.path} here.").body())
