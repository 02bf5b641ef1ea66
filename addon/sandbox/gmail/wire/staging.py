"""How a fault plays out between the caller and the effect of a call."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from addon.sandbox.gmail.errors import ApiError, not_found
from addon.sandbox.gmail.faults import Fault, Kind
from addon.sandbox.gmail.gmail import Gmail
from addon.sandbox.gmail.wire.messages import Answer, json_answer

_PATIENCE = 120.0
"""Real seconds that a time-out waits for the caller to give up, at most."""


class HangUp(Exception):
    """Close the connection without an answer, then run `afterwards`."""

    def __init__(self, afterwards: Callable[[], None] | None = None) -> None:
        self.afterwards = afterwards
        super().__init__("closed without an answer")


class Caller(Protocol):
    """The other end of a connection."""

    def wait_until_gone(self, seconds: float) -> None:
        """Return when the caller has closed the connection, the server stops, or the time is over."""


def staged(gmail: Gmail, fault: Fault, effect: Callable[[], Answer], caller: Caller) -> Answer:
    """Answer a call that a fault has struck; `effect` does what was asked. Raises HangUp."""
    match fault.kind:
        case Kind.ERROR:
            return _refused(fault.error())
        case Kind.HISTORY_EXPIRED:
            return _refused(not_found())
        case Kind.HANGUP_BEFORE:
            raise HangUp
        case Kind.TIMEOUT_BEFORE:
            caller.wait_until_gone(_PATIENCE)
            raise HangUp
        case Kind.TIMEOUT_LATE:
            late = gmail.faults.come_late(lambda: _later(gmail.closing, fault.seconds, effect))
            caller.wait_until_gone(_PATIENCE)
            raise HangUp(late)
    return _after(fault, effect(), caller)


def _after(fault: Fault, answer: Answer, caller: Caller) -> Answer:
    """The effect has happened; what the caller sees of it is another matter."""
    if fault.kind is Kind.ERROR_AFTER:
        return _refused(fault.error())
    if fault.kind is Kind.TIMEOUT_AFTER:
        caller.wait_until_gone(_PATIENCE)
    if fault.kind in (Kind.TIMEOUT_AFTER, Kind.HANGUP_AFTER):
        raise HangUp
    return answer


def _later(closing: threading.Event, seconds: float, effect: Callable[[], Answer]) -> None:
    if not closing.wait(seconds):
        effect()


def _refused(error: ApiError) -> Answer:
    return json_answer(error.status, error.body(), error.headers)
