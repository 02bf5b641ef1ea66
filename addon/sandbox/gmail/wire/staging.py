"""How a fault plays out between the caller and the effect of a call."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from addon.sandbox.gmail.errors import ApiError, not_found
from addon.sandbox.gmail.fault_kinds import Kind
from addon.sandbox.gmail.faults import Fault
from addon.sandbox.gmail.gmail import Gmail
from addon.sandbox.gmail.wire.messages import Answer, json_answer, written

_PATIENCE = 120.0
"""Real seconds that a time-out waits for the caller to give up, at most."""
_IN_THE_STATUS = len("HTTP/1.1 2")
"""Where an answer without a body breaks off: any later, and a reader takes it for whole."""
_HTML_502 = (
    b"<!DOCTYPE html>\n<html lang=en>\n<title>Error 502 (Server Error)!!1</title>\n"
    b"<p><b>502.</b> <ins>That\xe2\x80\x99s an error.</ins>\n<p>The server encountered a temporary error and could not"
    b" complete your request.<p>Please try again in 30 seconds.  <ins>That\xe2\x80\x99s all we know.</ins>\n"
)


class HangUp(Exception):
    """Close the connection after these bytes (none: without an answer), then run `afterwards`."""

    def __init__(self, afterwards: Callable[[], None] | None = None, *, said: bytes = b"") -> None:
        self.afterwards = afterwards
        self.said = said
        super().__init__("closed without a whole answer")


class Caller(Protocol):
    """The other end of a connection."""

    def wait_until_gone(self, seconds: float) -> None:
        """Return when the caller has closed the connection, the server stops, or the time is over."""

    def pause(self, seconds: float) -> bool:
        """Wait so long, whether the caller is still there or not; False where the server stops meanwhile."""


def staged(gmail: Gmail, fault: Fault, effect: Callable[[], Answer], caller: Caller, *, token: str = "") -> Answer:
    """Answer a call that a fault has struck; `effect` does what was asked. Raises HangUp.

    `token` is the access token that the caller came with.
    """
    if refused := _refusal(fault):
        return refused
    if fault.kind is Kind.TOKEN_EXPIRED:
        gmail.grants.expire_token(token)
        return effect()
    match fault.kind:
        case Kind.HANGUP_BEFORE:
            raise HangUp
        case Kind.TIMEOUT_BEFORE:
            caller.wait_until_gone(_PATIENCE)
            raise HangUp
        case Kind.TIMEOUT_LATE:
            late = gmail.faults.come_late(lambda: _later(gmail.closing, fault.seconds, effect))
            caller.wait_until_gone(_PATIENCE)
            raise HangUp(late)
        case Kind.SLOW_BEFORE:
            with gmail.faults.outstanding():
                _pause(caller, fault.seconds)
                return effect()
    return _after(fault, effect(), caller)


def _refusal(fault: Fault) -> Answer | None:
    """What the caller gets where nothing happens at all; None for the other kinds."""
    match fault.kind:
        case Kind.ERROR | Kind.DAILY_LIMIT:
            return _refused(fault.error())
        case Kind.HISTORY_EXPIRED:
            return _refused(not_found())
        case Kind.HTML_BEFORE:
            return _html()
        case Kind.TOKEN_REVOKED:
            sentence = "Token has been expired or revoked."
            return json_answer(400, {"error": "invalid_grant", "error_description": sentence})
    return None


def _after(fault: Fault, answer: Answer, caller: Caller) -> Answer:
    """The effect has happened; what the caller sees of it is another matter."""
    match fault.kind:
        case Kind.ERROR_AFTER:
            return _refused(fault.error())
        case Kind.HTML_AFTER:
            return _html()
        case Kind.GARBLED:
            broken = answer.body[: len(answer.body) // 2] or b'{"id": "18'
            return Answer(200, broken, {"Content-Type": "application/json; charset=UTF-8"})
        case Kind.TRUNCATED:
            whole = written(answer, None)
            raise HangUp(said=whole[: -(len(answer.body) // 2) or _IN_THE_STATUS])
        case Kind.SLOW_AFTER:
            _pause(caller, fault.seconds)
        case Kind.TIMEOUT_AFTER:
            caller.wait_until_gone(_PATIENCE)
            raise HangUp
        case Kind.HANGUP_AFTER:
            raise HangUp
    return answer


def _pause(caller: Caller, seconds: float) -> None:
    if not caller.pause(seconds):
        raise HangUp


def _later(closing: threading.Event, seconds: float, effect: Callable[[], Answer]) -> None:
    if not closing.wait(seconds):
        effect()


def _refused(error: ApiError) -> Answer:
    return json_answer(error.status, error.body(), error.headers)


def _html() -> Answer:
    return Answer(502, _HTML_502, {"Content-Type": "text/html; charset=UTF-8"})
