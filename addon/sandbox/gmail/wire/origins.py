"""Browsers ask whether a page may call: with a token it may, as it may call Google; the control endpoints never."""

from __future__ import annotations

from dataclasses import replace

from addon.sandbox.gmail.wire.messages import Answer, Request

_OPEN = (
    "/gmail/",
    "/upload/",
    "/batch",
    "/token",
    "/revoke",
    "/oauth2/",
    "/v1/userinfo",
    "/$discovery/",
    "/discovery/",
)
_SHOWN = "Location, Range, Retry-After, WWW-Authenticate, X-GUploader-UploadID, X-Goog-Upload-Status, X-Goog-Upload-URL"


def asks(request: Request) -> bool:
    """Whether this is a browser's question before a call."""
    return request.verb == "OPTIONS" and "access-control-request-method" in request.headers and _open(request)


def allowed(request: Request) -> Answer:
    """The answer to such a question."""
    headers = {
        "Access-Control-Allow-Methods": "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT",
        "Access-Control-Allow-Headers": request.headers.get("access-control-request-headers", ""),
        "Access-Control-Max-Age": "3600",
    }
    return opened(Answer(200, headers=headers), request)


def opened(answer: Answer, request: Request) -> Answer:
    """The same answer, readable by the page that asked."""
    origin = request.headers.get("origin")
    if origin is None or not _open(request):
        return answer
    shown = {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": _SHOWN, "Vary": "Origin"}
    return replace(answer, headers={**answer.headers, **shown})


def _open(request: Request) -> bool:
    return request.path.startswith(_OPEN)
