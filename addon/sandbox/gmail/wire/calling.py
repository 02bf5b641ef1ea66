"""A REST request becomes a call of a method, and its result an answer; faults strike here."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias
from urllib.parse import unquote

from addon.sandbox.gmail.api import routes
from addon.sandbox.gmail.api.asking import taken
from addon.sandbox.gmail.api.call import Call, Json, Query, Route
from addon.sandbox.gmail.errors import ApiError
from addon.sandbox.gmail.gmail import Gmail
from addon.sandbox.gmail.sign_in.grants import Access
from addon.sandbox.gmail.wire.callers import admitted, bearer, mailbox_of
from addon.sandbox.gmail.wire.messages import Answer, Request, json_answer
from addon.sandbox.gmail.wire.multipart import pieces
from addon.sandbox.gmail.wire.partial import cut, mask
from addon.sandbox.gmail.wire.staging import Caller, staged

_UPLOAD = "/upload"
_MAIL = "message/"
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
"""Half of a letter beyond 16 bits: without the other half it cannot be written anywhere."""

_log = logging.getLogger(__name__)

Effect: TypeAlias = Callable[[], Answer]
"""What a call does, and what it answers."""


def answer(gmail: Gmail, request: Request, caller: Caller) -> Answer:
    """Answer a request below /gmail or /upload/gmail. Raises HangUp where a fault says so."""
    upload = request.path.startswith(_UPLOAD + "/")
    request = _overridden(request)
    query = Query(request.query)
    try:
        route, user, values = routes.find(request.verb, request.path.removeprefix(_UPLOAD), upload=upload)
    except ApiError as refused:
        return refusal(refused)
    mailbox = mailbox_of(gmail, request.headers, query)
    gmail.calls.count(route.method)
    effect = guarded(lambda: _perform(gmail, request, query, route, user, values, upload=upload))
    try:
        with gmail.quota.call(route.method, mailbox):
            fault = gmail.faults.draw(route.method, mailbox)
            if fault is None:
                return effect()
            return staged(gmail, fault, effect, caller, token=bearer(request.headers, query))
    except ApiError as refused:
        return refusal(refused)


def guarded(effect: Effect) -> Effect:
    """The same effect, with every refusal and every bug turned into an answer."""

    def run() -> Answer:
        try:
            return effect()
        except ApiError as refused:
            return refusal(refused)
        except Exception:
            _log.exception("A call failed.")
            return refusal(ApiError("backendError"))

    return run


def refusal(error: ApiError) -> Answer:
    """An error as Google's JSON."""
    return json_answer(error.status, error.body(), error.headers)


def _perform(
    gmail: Gmail, request: Request, query: Query, route: Route, user: str, values: dict[str, str], *, upload: bool
) -> Answer:
    access = admitted(gmail, route, user, values, request.headers, query)
    body, media = _uploaded(request, query) if upload else (json_in(request.body), None)
    return perform(gmail, access, route, values, query, body, media)


def perform(
    gmail: Gmail, access: Access, route: Route, values: dict[str, str], query: Query, body: Json, media: bytes | None
) -> Answer:
    """Run a method for somebody who may. Raises ApiError."""
    wanted = mask(query.first("fields"), route.method) if query.first("fields") else {}
    body = taken(route.method, query, body)
    result = route.handle(Call(gmail, access.account, access, values, query, body, media))
    if result is None:
        return Answer(204)
    return json_answer(200, cut(result, wanted) if wanted else result)


def _overridden(request: Request) -> Request:
    """A GET too long for its URL comes as a POST whose body is the query."""
    verb = request.headers.get("x-http-method-override", "").upper()
    if not verb or request.verb != "POST":
        return request
    if verb != "GET" or request.content_type != "application/x-www-form-urlencoded":
        return replace(request, verb=verb)
    query = "&".join(filter(None, (request.query, request.body.decode("latin-1"))))
    return replace(request, verb=verb, query=query, body=b"")


def json_in(body: bytes) -> Json:
    """The object in a body, an empty one for none. 400 for anything else."""
    if not body.strip():
        return {}
    try:
        value: Any = json.loads(body)
        if _HALF.search(body):
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise ApiError("parseError", "Invalid JSON payload received.") from None
    if not isinstance(value, dict):
        raise ApiError("parseError", "Invalid JSON payload received. Expected an object.")
    return value


def _uploaded(request: Request, query: Query) -> tuple[Json, bytes]:
    """Metadata and mail of an upload: the mail alone, or both as two parts."""
    kind = query.first("uploadType") or request.headers.get("x-goog-upload-protocol", "")
    if kind in ("media", "raw"):
        check_mail(request.content_type)
        return {}, request.body
    if kind != "multipart":
        raise ApiError("invalidParameter", f"Upload type {unquote(kind)!r} is not supported here.")
    parts = pieces(request.headers.get("content-type", ""), request.body)
    if len(parts) != 2:
        raise ApiError("badRequest", "Expected metadata and media.")
    check_mail(parts[1].headers.get("content-type", "").lower())
    return json_in(parts[0].body), parts[1].body


def check_mail(content_type: str) -> None:
    """400 for an upload that is no mail."""
    if not content_type.startswith(_MAIL):
        raise ApiError("badRequest", f"Media type '{content_type}' is not supported. Valid media types: [message/*]")
