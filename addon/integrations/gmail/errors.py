"""What went wrong on the way to Google, as the port's words: whose trouble it is and what is known about the effect.

Nothing of Google's own text goes further than here: it may quote people's mail. In doubt, the effect is unknown.
"""

from __future__ import annotations

import json
import random
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any, NamedTuple

from addon import clock
from addon.domain.ports.mailbox import (
    AnswerLost,
    GrantLost,
    MailboxTrouble,
    Missing,
    RefusedForGood,
    RefusedForNow,
    TokenRefused,
)

RATE = {"ratelimitexceeded", "userratelimitexceeded", "rate_limit_exceeded", "resource_exhausted"}
DAILY = {"dailylimitexceeded", "quotaexceeded"}
GRANT = {
    "insufficientpermissions": "insufficient_permissions",
    "access_token_scope_insufficient": "insufficient_permissions",
    "domainpolicy": "domain_policy",
}
# A 403 that we have no better word for was surely not done: it is asked again, seldom, until somebody looks.
UNKNOWN_REFUSAL_SECONDS = 300.0
DAILY_SECONDS = 3600.0
LONGEST_WAIT_SECONDS = 86400.0
_RETRY_AFTER = re.compile(r"retry after\s+(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))", re.IGNORECASE)
_A_WORD = re.compile(r"[A-Za-z][A-Za-z_]{0,39}")


def lost(error: OSError | HTTPException) -> AnswerLost:
    """The connection failed: the request may have had its effect all the same."""
    return AnswerLost(_loss(error))


def _loss(error: OSError | HTTPException) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError):
        return "tls"
    if isinstance(error, ConnectionRefusedError | socket.gaierror):
        return "unreachable"
    return "connection_lost" if isinstance(error, OSError) else "garbled_answer"


def garbled() -> AnswerLost:
    """It was answered with success, but not with what was asked for."""
    return AnswerLost("garbled_answer")


def refusal(status: int, headers: Mapping[str, str], content: bytes, *, refusals: int = 1) -> MailboxTrouble:
    """What an answer that is no success means.

    `headers` have lower-case names; `refusals` counts how often in a row we were refused, this time included: the wait
    grows with it where Google names none.
    """
    error = _error(content)
    reasons = list(_reasons(error))
    if status == 401:
        return TokenRefused("token_refused")
    if status in (403, 409, 429):
        return _forbidden(status, reasons, _wait(headers, _message(error)), refusals)
    if status in (404, 410):
        return Missing("missing")
    if 400 <= status < 500 and status != 408:
        return RefusedForGood(_word(reasons, f"http_{status}"))
    return AnswerLost(f"http_{status}")


def backoff(refusals: int) -> float:
    """Seconds: min(2^n + up to a second, 64), as Google asks."""
    return min(2.0 ** min(refusals, 6) + random.random(), 64.0)


def _forbidden(status: int, reasons: list[str], told: _Told, refusals: int) -> MailboxTrouble:
    lowered = [reason.lower() for reason in reasons]
    for reason in lowered:
        if reason in GRANT:
            return GrantLost(GRANT[reason])
    if told.sending_limit or any(reason in DAILY for reason in lowered):
        return RefusedForNow("daily_limit", wait=told.wait or DAILY_SECONDS, daily=True)
    if status in (409, 429) or any(reason in RATE for reason in lowered):
        return RefusedForNow("conflict" if status == 409 else "rate_limit", wait=told.wait or backoff(refusals))
    return RefusedForNow(_word(reasons, "forbidden"), wait=told.wait or UNKNOWN_REFUSAL_SECONDS)


class _Told(NamedTuple):
    """What Google said about when to come back: seconds, or none."""

    wait: float | None
    sending_limit: bool
    """"(Mail sending)" marks the mailbox's own limit for the day, which comes as an ordinary 429."""


def _wait(headers: Mapping[str, str], message: str) -> _Told:
    found = _RETRY_AFTER.search(message)
    wait = _seconds(headers.get("retry-after", "")) or (_until(found.group(1)) if found else None)
    return _Told(wait, sending_limit="mail sending" in message.lower())


def _seconds(header: str) -> float | None:
    header = header.strip()
    if header.isascii() and header.isdigit():
        return _bounded(float(header[:9]))
    try:
        return _bounded(_ahead(parsedate_to_datetime(header)))
    except (TypeError, ValueError):
        return None


def _until(moment: str) -> float | None:
    try:
        return _bounded(_ahead(datetime.fromisoformat(moment)))
    except ValueError:
        return None


def _ahead(moment: datetime) -> float:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - clock.real_now()) / timedelta(seconds=1)


def _bounded(seconds: float) -> float:
    return max(1.0, min(seconds, LONGEST_WAIT_SECONDS))


def _error(content: bytes) -> Mapping[str, Any]:
    try:
        body = json.loads(content)
    except ValueError:
        return {}
    if isinstance(body, list):  # so some of Google's front ends answer
        body = body[0] if body else {}
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}


def _reasons(error: Mapping[str, Any]) -> Iterator[str]:
    for name in ("errors", "details"):
        listed = error.get(name)
        for each in listed if isinstance(listed, list) else []:
            if isinstance(each, dict) and isinstance(each.get("reason"), str):
                yield each["reason"]
    if isinstance(error.get("status"), str):
        yield error["status"]


def _message(error: Mapping[str, Any]) -> str:
    message = error.get("message")
    return message if isinstance(message, str) else ""


def _word(reasons: list[str], otherwise: str) -> str:
    return next((reason for reason in reasons if _A_WORD.fullmatch(reason)), otherwise)
