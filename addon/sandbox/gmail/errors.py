"""Refusals as Google words them: a status, a reason, and the body that clients take apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "ABORTED",
    410: "NOT_FOUND",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}

STATUSES = frozenset(_STATUS)
"""The statuses that Google words."""


@dataclass(frozen=True)
class _Reason:
    status: int
    domain: str
    message: str


REASONS: Mapping[str, _Reason] = {
    "authError": _Reason(401, "global", "Invalid Credentials"),
    "rateLimitExceeded": _Reason(403, "usageLimits", "Rate Limit Exceeded"),
    "userRateLimitExceeded": _Reason(403, "usageLimits", "User Rate Limit Exceeded"),
    "dailyLimitExceeded": _Reason(403, "usageLimits", "Daily Limit Exceeded"),
    "quotaExceeded": _Reason(403, "usageLimits", "Quota Exceeded"),
    "insufficientPermissions": _Reason(403, "global", "Insufficient Permission"),
    "domainPolicy": _Reason(403, "global", "The domain administrators have disabled Gmail apps."),
    "forbidden": _Reason(403, "global", "Delegation denied"),
    "badRequest": _Reason(400, "global", "Bad Request"),
    "failedPrecondition": _Reason(400, "global", "Precondition check failed."),
    "invalidArgument": _Reason(400, "global", "Invalid argument"),
    "invalid": _Reason(400, "global", "Invalid value"),
    "invalidParameter": _Reason(400, "global", "Invalid value"),
    "parseError": _Reason(400, "global", "Parse Error"),
    "notFound": _Reason(404, "global", "Requested entity was not found."),
    "httpMethodNotAllowed": _Reason(405, "global", "Method Not Allowed"),
    "alreadyExists": _Reason(409, "global", "The entity already exists"),
    "required": _Reason(401, "global", "Login Required."),
    "aborted": _Reason(409, "global", "Label name exists or conflicts"),
    "uploadTooLarge": _Reason(413, "global", "Request Entity Too Large"),
    "tooManyRequests": _Reason(429, "usageLimits", "Too many concurrent requests for user"),
    "backendError": _Reason(500, "global", "Backend Error"),
    "badGateway": _Reason(502, "global", "Bad Gateway"),
    "unavailable": _Reason(503, "global", "The service is currently unavailable."),
    "gatewayTimeout": _Reason(504, "global", "Deadline exceeded"),
}
_BY_REASON = {"failedPrecondition": "FAILED_PRECONDITION", "alreadyExists": "ALREADY_EXISTS"}


# The reason that a bare status stands for, where a fault names no other.
USUAL = {
    400: "badRequest",
    401: "authError",
    403: "userRateLimitExceeded",
    404: "notFound",
    413: "uploadTooLarge",
    429: "rateLimitExceeded",
    500: "backendError",
    502: "badGateway",
    503: "unavailable",
    504: "gatewayTimeout",
}


class ApiError(Exception):
    """A refusal. The status follows from the reason unless it is given (429 comes with more than one).

    `single` is the message of the one entry in `errors`, where Google words it otherwise than the whole.
    """

    def __init__(
        self,
        reason: str,
        message: str = "",
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        location: tuple[str, str] | None = None,
        details: list[dict[str, Any]] | None = None,
        single: str = "",
    ) -> None:
        usual = REASONS[reason]
        self.reason, self.domain = reason, usual.domain
        self.status, self.message = status or usual.status, message or usual.message
        self.single = single or self.message
        self.headers, self.location, self.details = dict(headers or {}), location, details
        super().__init__(f"{self.status} {reason}: {self.message}")

    def body(self) -> dict[str, Any]:
        """The JSON that goes with the status."""
        single: dict[str, Any] = {"message": self.single, "domain": self.domain, "reason": self.reason}
        if self.location is not None:
            single["locationType"], single["location"] = self.location
        error: dict[str, Any] = {"code": self.status, "message": self.message, "errors": [single]}
        error["status"] = _BY_REASON.get(self.reason) or _STATUS[self.status]
        if self.details is not None:
            error["details"] = self.details
        return {"error": error}


def not_found() -> ApiError:
    """What Gmail says of an id it does not know, whatever the id names."""
    return ApiError("notFound")


def invalid(message: str) -> ApiError:
    """An argument that makes no sense."""
    return ApiError("invalidArgument", message)


def unauthenticated() -> ApiError:
    """An unknown token, or one that has expired."""
    return ApiError(
        "authError",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid"
        " authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
        single="Invalid Credentials",
        headers={"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"'},
        location=("header", "Authorization"),
    )


def without_credentials() -> ApiError:
    """No token at all."""
    return ApiError(
        "required",
        "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other"
        " valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
        single="Login Required.",
        headers={"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/"'},
        location=("header", "Authorization"),
        details=[
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "CREDENTIALS_MISSING",
                "domain": "googleapis.com",
                "metadata": {"service": "gmail.googleapis.com"},
            }
        ],
    )


def lacking_scope(method: str, accepted: frozenset[str]) -> ApiError:
    """A good token that was not granted what this method needs."""
    offer = f'error="insufficient_scope", scope="{" ".join(sorted(accepted))}"'
    return ApiError(
        "insufficientPermissions",
        "Request had insufficient authentication scopes.",
        headers={"WWW-Authenticate": f'Bearer realm="https://accounts.google.com/", {offer}'},
        details=[
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                "domain": "googleapis.com",
                "metadata": {"service": "gmail.googleapis.com", "method": f"caribou.api.proto.{method}"},
            }
        ],
    )
