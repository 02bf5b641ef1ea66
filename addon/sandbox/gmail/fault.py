"""One fault on request: whom it strikes, how often, and the refusal that it answers with."""

from __future__ import annotations

import math
import random
import time
from dataclasses import dataclass, field, fields
from datetime import UTC, timedelta
from typing import Any

from addon import clock
from addon.sandbox.gmail.errors import REASONS, ApiError, lacking_scope
from addon.sandbox.gmail.fault_kinds import CATALOGUE, Kind
from addon.sandbox.gmail.fault_methods import fits

_SENDING_LIMIT = "User-rate limit exceeded.  Retry after {until} (Mail sending)"
_UNSHOWN = frozenset({"dice", "until"})


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
    retry_in: str
    seconds: float
    header: str
    left: int | None
    probability: float
    nth: int | None
    every: int | None
    mailbox: str
    lasts: float | None
    until: float
    """On the monotonic clock: it strikes nobody from then on."""
    seen: int = 0
    fired: int = 0
    dice: random.Random = field(default_factory=random.Random, repr=False)

    @property
    def remaining(self) -> float:
        """Real seconds for which it may still strike; infinite where it has no end of its own."""
        return max(0.0, self.until - time.monotonic())

    def error(self) -> ApiError:
        """The refusal that this fault answers with."""
        if self.kind is Kind.DAILY_LIMIT:
            left = math.ceil(self.remaining)
            text = _SENDING_LIMIT.format(until=_in_seconds(left))
            return ApiError("userRateLimitExceeded", text, status=429, headers={"Retry-After": str(left)})
        headers, message = {}, self.message
        if self.retry_after is not None:
            if self.retry_in != "text":
                headers["Retry-After"] = str(self.retry_after)
            if self.retry_in != "header":
                usual = message or REASONS[self.reason].message
                message = f"{usual}  Retry after {_in_seconds(self.retry_after)}"
        if self.reason == "insufficientPermissions" and not message:
            return lacking_scope(self.method, frozenset())
        return ApiError(self.reason, message, status=self.status, headers=headers)

    def concerns(self, method: str, mailbox: str) -> bool:
        """Whether it is about such a call at all."""
        if self.mailbox and self.mailbox != mailbox:
            return False
        return fits(self.method, method) and any(fits(each, method) for each in CATALOGUE[self.kind].methods)

    def strikes(self, method: str, mailbox: str) -> bool:
        """Whether this call is hit. Counts it either way."""
        if not self.concerns(method, mailbox) or not self.remaining:
            return False
        self.seen += 1
        if self.left == 0 or (self.nth is not None and self.seen != self.nth):
            return False
        if self.every is not None and self.seen % self.every:
            return False
        if self.probability < 1 and self.dice.random() >= self.probability:
            return False
        self.fired += 1
        self.left = None if self.left is None else self.left - 1
        return True

    def shown(self) -> dict[str, Any]:
        """The fault as JSON; `remaining` is null where it has no end of its own."""
        values = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in _UNSHOWN}
        return {**values, "remaining": None if math.isinf(self.remaining) else round(self.remaining, 3)}


def _in_seconds(seconds: float) -> str:
    until = (clock.real_now() + timedelta(seconds=seconds)).astimezone(UTC)
    return until.isoformat(timespec="milliseconds").replace("+00:00", "Z")
