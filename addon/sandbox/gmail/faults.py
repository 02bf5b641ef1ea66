"""What goes wrong on request: which method, when, how often, and what the caller gets to see of it."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from addon.sandbox.gmail.errors import REASONS, USUAL, ApiError
from addon.sandbox.gmail.mailbox.accounts import fold

PUSH = "push"
"""The method name under which pushes can be lost or doubled."""


class Kind(StrEnum):
    """How a fault looks. BEFORE: nothing happened. AFTER: it happened, the answer is lost or wrong.

    TIMEOUT_LATE: nothing has happened when the caller gives up; it happens `seconds` later all the same.
    """

    ERROR = "error"
    ERROR_AFTER = "error_after"
    TIMEOUT_BEFORE = "timeout_before"
    TIMEOUT_AFTER = "timeout_after"
    TIMEOUT_LATE = "timeout_late"
    HANGUP_BEFORE = "hangup_before"
    HANGUP_AFTER = "hangup_after"
    HISTORY_EXPIRED = "history_expired"
    PUSH_LOST = "push_lost"
    PUSH_DOUBLED = "push_doubled"


class BadFault(ValueError):
    """A fault that makes no sense; the text says why."""


@dataclass
class Fault:
    """One fault on request. `left` None means no limit; `seen` counts the calls it looked at."""

    number: int
    method: str
    kind: Kind
    status: int
    reason: str
    message: str
    retry_after: int | None
    seconds: float
    left: int | None
    probability: float
    nth: int | None
    mailbox: str
    seen: int = 0
    fired: int = 0
    dice: random.Random = field(default_factory=random.Random, repr=False)

    def error(self) -> ApiError:
        """The refusal that this fault answers with."""
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return ApiError(self.reason, self.message, status=self.status, headers=headers)

    def strikes(self, method: str, mailbox: str) -> bool:
        """Whether this call is hit. Counts it either way."""
        if self.method not in ("*", method) or (self.mailbox and self.mailbox != mailbox):
            return False
        self.seen += 1
        if self.left == 0 or (self.nth is not None and self.seen != self.nth):
            return False
        if self.probability < 1 and self.dice.random() >= self.probability:
            return False
        self.fired += 1
        self.left = None if self.left is None else self.left - 1
        return True

    def shown(self) -> dict[str, Any]:
        """The fault as JSON."""
        return {key: value for key, value in asdict(self).items() if key != "dice"}


class Faults:
    """The list of faults on request; the first that strikes is the one."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._faults: list[Fault] = []
        self._numbers = 0
        self._late = 0

    def add(
        self,
        *,
        method: str = "*",
        kind: str,
        times: int | None = None,
        probability: float | None = None,
        seed: int = 0,
        nth: int | None = None,
        status: int | None = None,
        reason: str = "",
        message: str = "",
        retry_after: int | None = None,
        seconds: float = 1.0,
        mailbox: str = "",
    ) -> Fault:
        """Ask for a fault. Raises BadFault.

        `method` is a REST method (`drafts.send`), `token`, `certs`, `push`, or `*`. `kind` is a Kind, or a status such
        as "503" or "503_after". Without `times`, `probability` or `nth` it strikes once; with `probability` (seeded)
        or `nth` (the n-th such call from now on) as often as they say. `seconds`: how long after the caller gave up a
        late effect comes. `mailbox` limits it to one mailbox.
        """
        kind, status = _kind(kind, status)
        if status is None and reason in REASONS:
            status = REASONS[reason].status
        status = status or 500
        reason = reason or USUAL.get(status, "")
        if reason not in REASONS:
            raise BadFault(f"Unknown reason {reason!r} for status {status}. Known: {', '.join(sorted(REASONS))}")
        if probability is not None and not 0 <= probability <= 1:
            raise BadFault("probability must lie between 0 and 1")
        if times is None and probability is None:
            times = 1
        with self._lock:
            self._numbers += 1
            fault = Fault(
                number=self._numbers,
                method=PUSH if kind in (Kind.PUSH_LOST, Kind.PUSH_DOUBLED) else method,
                kind=Kind(kind),
                status=status,
                reason=reason,
                message=message,
                retry_after=retry_after,
                seconds=seconds,
                left=times,
                probability=1.0 if probability is None else probability,
                nth=nth,
                mailbox=fold(mailbox),
                dice=random.Random(seed),
            )
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """No more faults; late effects under way still come."""
        with self._lock:
            self._faults.clear()

    def all(self) -> list[Fault]:
        """Every fault asked for, those used up too."""
        with self._lock:
            return list(self._faults)

    def draw(self, method: str, mailbox: str) -> Fault | None:
        """The fault that strikes this call, if any."""
        if not self._faults:
            return None
        with self._lock:
            return next((fault for fault in self._faults if fault.strikes(method, mailbox)), None)

    @property
    def late(self) -> int:
        """How many effects are still to come after their callers gave up."""
        with self._lock:
            return self._late

    def settle(self, timeout: float) -> bool:
        """Wait until no late effect is outstanding, `timeout` real seconds at most; whether that came true."""
        with self._lock:
            return self._lock.wait_for(lambda: self._late == 0, timeout)

    def come_late(self, effect: Callable[[], object]) -> Callable[[], None]:
        """Count an effect as outstanding until the returned function, which brings it about, has run."""
        with self._lock:
            self._late += 1

        def run() -> None:
            try:
                effect()
            finally:
                with self._lock:
                    self._late -= 1
                    self._lock.notify_all()

        return run


def _kind(kind: str, status: int | None) -> tuple[str, int | None]:
    number, _, when = kind.partition("_")
    if number.isdigit() and when in ("", "after"):
        return (Kind.ERROR_AFTER if when else Kind.ERROR), int(number)
    with suppress(ValueError):
        return Kind(kind), status
    raise BadFault(f"Unknown kind {kind!r}. Known: {', '.join(Kind)}, or a status such as 503 or 503_after")
