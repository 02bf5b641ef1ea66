"""Every address the simulator answers, and who answers it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from addon.sandbox.gmail.api.call import Query
from addon.sandbox.gmail.errors import ApiError
from addon.sandbox.gmail.gmail import Gmail
from addon.sandbox.gmail.wire import batch, calling, control, discovery, identity, origins, resumable, whoami
from addon.sandbox.gmail.wire.messages import Answer, Request, json_answer
from addon.sandbox.gmail.wire.staging import Caller

_BATCHES = frozenset({"/batch", "/batch/gmail/v1"})
_UPLOADS = "/upload/gmail/v1/"
_HUGE_AT_ONCE = 2
_ABOUT: dict[str, Callable[[Gmail, Request], Answer]] = {
    **dict.fromkeys(("/tokeninfo", "/oauth2/v1/tokeninfo", "/oauth2/v3/tokeninfo"), whoami.tokeninfo),
    **dict.fromkeys(("/v1/userinfo", "/oauth2/v2/userinfo", "/oauth2/v3/userinfo"), whoami.userinfo),
    "/.well-known/openid-configuration": whoami.configuration,
}
_WELCOME = (
    b"<!doctype html><html lang=en><meta charset=utf-8><title>Gmail on this machine</title>"
    b"<p>A simulated Gmail listens here: /gmail/v1, /upload/gmail/v1, /batch, /token, /o/oauth2/v2/auth."
)


class Site:
    """Takes a request and gives an answer, for one Gmail. Who brings a huge body waits for `room`."""

    def __init__(self, gmail: Gmail) -> None:
        self._gmail, self.room = gmail, threading.BoundedSemaphore(_HUGE_AT_ONCE)
        self._resumable = resumable.Resumable(gmail, self.room)

    def close(self) -> None:
        """Forget uploads under way."""
        self._resumable.close()

    def keeps_fragments(self, path: str, query: str) -> bool:
        """Whether the beginning of a body that broke off is of use here."""
        return path.startswith(_UPLOADS) and "upload_id=" in query

    def keep_fragment(self, request: Request) -> None:
        """Keep the beginning of an upload that broke off."""
        self._resumable.keep_fragment(request, Query(request.query))

    def answer(self, request: Request, caller: Caller) -> Answer:
        """Answer anything. Raises HangUp where a fault says so."""
        if origins.asks(request):
            return origins.allowed(request)
        return origins.opened(self._answer(request, caller), request)

    def _answer(self, request: Request, caller: Caller) -> Answer:
        path = request.path
        if path.startswith(_UPLOADS) and resumable.wanted(request, query := Query(request.query)):
            return self._resumable.answer(request, query, caller)
        if path.startswith(("/gmail/v1/", _UPLOADS)):
            return calling.answer(self._gmail, request, caller)
        if path in _BATCHES and request.verb == "POST":
            return batch.answer(self._gmail, request, caller)
        if path in discovery.PATHS and request.verb == "GET":
            return discovery.answer(request)
        if path.startswith("/sandbox/"):
            return control.answer(self._gmail, request)
        if path == "/" and request.verb == "GET":
            return Answer(200, _WELCOME, {"Content-Type": "text/html; charset=UTF-8"})
        return self._identity(request, caller) or _unknown(request)

    def _identity(self, request: Request, caller: Caller) -> Answer | None:
        get, post = request.verb == "GET", request.verb == "POST"
        match request.path:
            case "/o/oauth2/v2/auth" | "/o/oauth2/auth" if get or post:
                return identity.consent(self._gmail, request)
            case "/token" | "/o/oauth2/token" | "/oauth2/v4/token" if post:
                return identity.token(self._gmail, request, caller)
            case "/revoke" | "/o/oauth2/revoke" if get or post:
                return identity.revoke(self._gmail, request)
            case "/oauth2/v1/certs" | "/oauth2/v3/certs" if get:
                return identity.certs(self._gmail, request, caller)
        about = _ABOUT.get(request.path)
        return about(self._gmail, request) if about and (get or post) else None


def _unknown(request: Request) -> Answer:
    return json_answer(404, ApiError("notFound", f"There is nothing at {request.path} here.").body())
