"""Google's quota: every method costs units, a minute gives so many to a person and to a project.

Nothing is limited until `limits()` says so. The minute is one of real time and slides. What was refused costs nothing.
"""

from __future__ import annotations

import itertools
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from math import ceil
from typing import Any

from addon import clock
from addon.sandbox.gmail.errors import ApiError
from addon.sandbox.gmail.mailbox.allowance import Allowance

PER_USER, PER_PROJECT, DAILY_SENDS = 6_000, 1_200_000, 2_000
"""What Google gives to projects of today."""

BILLED_ABOVE = 80_000_000
"""Units a day and project from which on Google may charge. They are counted here, nothing is refused for them."""

UNITS: Mapping[str, int] = {
    **dict.fromkeys(("getProfile", "labels.get", "labels.list"), 1),
    "history.list": 2,
    **dict.fromkeys(("messages.list", "messages.modify", "messages.untrash", "drafts.list"), 5),
    **dict.fromkeys(("labels.create", "labels.update", "labels.patch", "labels.delete"), 5),
    **dict.fromkeys(("drafts.create", "drafts.delete", "threads.list", "threads.modify", "threads.untrash"), 10),
    "messages.delete": 10,
    "drafts.update": 15,
    **dict.fromkeys(("messages.get", "drafts.get", "messages.attachments.get", "messages.trash"), 20),
    **dict.fromkeys(("threads.trash", "threads.delete"), 20),
    **dict.fromkeys(("messages.insert", "messages.import"), 25),
    "threads.get": 40,
    **dict.fromkeys(("messages.batchModify", "messages.batchDelete", "stop"), 50),
    **dict.fromkeys(("messages.send", "drafts.send", "watch", "settings.sendAs.create", "settings.sendAs.verify"), 100),
    **dict.fromkeys(("settings.forwardingAddresses.create", "settings.delegates.create"), 100),
}
"""Units by method. Other settings cost 1 to read and 5 to write."""

_MINUTE = 60.0
_ANSWERS = ("alternating", "429", "403")


class Quota:
    """What was spent, and by whom. `seconds` tells the real time; tests may put another clock there."""

    def __init__(self) -> None:
        self.seconds: Callable[[], float] = lambda: clock.real_now().timestamp()
        self.allowance = Allowance()
        self.per_user: int | None = None
        self.per_project: int | None = None
        self.concurrent: int | None = None
        self.answer = _ANSWERS[0]
        self._lock = threading.Lock()
        self._windows: dict[str, _Window] = {}
        self._project = _Window()
        self._running: Counter[str] = Counter()
        self._turn = itertools.cycle(("429", "403"))
        self._day, self._units_today = -1, 0

    def limits(
        self,
        *,
        per_user: int | None = None,
        per_project: int | None = None,
        concurrent: int | None = None,
        daily_sends: int | None = None,
        answer: str = "alternating",
    ) -> None:
        """Set every limit anew; None lifts it. `answer` says how a spent minute looks: 429, 403, or by turns.

        `per_user` and `per_project` are units a minute, `concurrent` calls of one mailbox at the same moment,
        `daily_sends` mails of one mailbox in 24 hours of world time. Raises ValueError for what is no such number.
        """
        for name, value in [("per_user", per_user), ("per_project", per_project), ("concurrent", concurrent)]:
            if value is not None and value <= 0:
                raise ValueError(f"{name} must be above 0.")
        if daily_sends is not None and daily_sends < 0:
            raise ValueError("daily_sends must not be below 0.")
        if answer not in _ANSWERS:
            raise ValueError(f"answer must be one of {', '.join(_ANSWERS)}.")
        with self._lock:
            self.per_user, self.per_project, self.concurrent = per_user, per_project, concurrent
            self.allowance.daily, self.answer = daily_sends, answer
            self._windows.clear()
            self._project = _Window()

    def as_google(self) -> None:
        """Set the limits that Google sets."""
        self.limits(per_user=PER_USER, per_project=PER_PROJECT, daily_sends=DAILY_SENDS)

    @contextmanager
    def call(self, method: str, mailbox: str) -> Iterator[None]:
        """Charge a call and count it as running inside. Raises ApiError (429 or 403) where it is too much.

        Whoever has no good token has no mailbox either and is refused for that, not for quota.
        """
        if not mailbox or (self.per_user is None and self.per_project is None and self.concurrent is None):
            yield
            return
        self._enter(mailbox)
        try:
            self.charge(method, mailbox)
            yield
        finally:
            with self._lock:
                self._running[mailbox] -= 1

    def charge(self, method: str, mailbox: str) -> None:
        """Take a method's units from the mailbox's minute and the project's. Raises ApiError where they are spent."""
        units = units_of(method)
        with self._lock:
            now = self.seconds()
            own = self._windows.setdefault(mailbox, _Window())
            wait = max(own.wait(units, self.per_user, now), self._project.wait(units, self.per_project, now))
            if wait > 0:
                raise self._spent(now + wait, wait)
            own.add(units, now)
            self._project.add(units, now)
            if self._day != (day := int(now // 86_400)):
                self._day, self._units_today = day, 0
            self._units_today += units

    def shown(self) -> dict[str, Any]:
        """The limits and what is spent, as the control endpoint tells them."""
        with self._lock:
            now = self.seconds()
            return {
                "per_user": self.per_user,
                "per_project": self.per_project,
                "concurrent": self.concurrent,
                "daily_sends": self.allowance.daily,
                "answer": self.answer,
                "spent": {name: spent for name, window in self._windows.items() if (spent := window.spent(now))},
                "spent_by_project": self._project.spent(now),
                "units_today": self._units_today,
                "billed_above": BILLED_ABOVE,
            }

    def _enter(self, mailbox: str) -> None:
        with self._lock:
            if self.concurrent is not None and self._running[mailbox] >= self.concurrent:
                raise ApiError("tooManyRequests")
            self._running[mailbox] += 1

    def _spent(self, until: float, wait: float) -> ApiError:
        answer = next(self._turn) if self.answer == "alternating" else self.answer
        stamp = datetime.fromtimestamp(until, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        headers = {"Retry-After": str(ceil(wait))}
        if answer == "429":
            message = f"User-rate limit exceeded.  Retry after {stamp}"
            return ApiError("rateLimitExceeded", message, status=429, headers=headers)
        return ApiError("userRateLimitExceeded", f"User Rate Limit Exceeded.  Retry after {stamp}", headers=headers)


class _Window:
    """What was spent in the last minute, in order."""

    def __init__(self) -> None:
        self._spendings: deque[tuple[float, int]] = deque()
        self._sum = 0

    def add(self, units: int, now: float) -> None:
        self._spendings.append((now, units))
        self._sum += units

    def spent(self, now: float) -> int:
        while self._spendings and self._spendings[0][0] <= now - _MINUTE:
            self._sum -= self._spendings.popleft()[1]
        return self._sum

    def wait(self, units: int, limit: int | None, now: float) -> float:
        """Seconds until so many units fit below the limit; 0 where they do now."""
        if limit is None or (excess := self.spent(now) + units - limit) <= 0:
            return 0.0
        for at, spent in self._spendings:
            excess -= spent
            if excess <= 0:
                return at + _MINUTE - now
        return _MINUTE


def units_of(method: str) -> int:
    """What a method costs.

    >>> units_of("messages.send"), units_of("settings.getVacation"), units_of("settings.updateVacation")
    (100, 1, 5)
    """
    known = UNITS.get(method)
    if known is not None:
        return known
    reads = method.rpartition(".")[2].startswith(("get", "list"))
    return 1 if reads else 5
