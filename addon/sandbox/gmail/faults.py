"""What goes wrong on request: which method, whose mailbox, when, how often, and what the caller gets to see of it."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from addon.sandbox.gmail.errors import REASONS, STATUSES, USUAL
from addon.sandbox.gmail.fault import Fault
from addon.sandbox.gmail.fault_kinds import CATALOGUE, PUSH, Kind, KindOfFault
from addon.sandbox.gmail.fault_methods import patterns

__all__ = ["PUSH", "BadFault", "Fault", "Faults", "Kind"]


class BadFault(ValueError):
    """A fault that makes no sense; the text says why."""


class Faults:
    """The list of faults on request; of those that answer, the first that strikes is the one."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._faults: list[Fault] = []
        self._numbers = 0
        self._late = 0

    @staticmethod
    def kinds() -> list[KindOfFault]:
        """The catalogue: every kind with its parameters, when it strikes and which methods."""
        return list(CATALOGUE.values())

    def add(
        self,
        *,
        kind: str,
        method: str | Sequence[str] | None = None,
        times: int | None = None,
        probability: float | None = None,
        seed: int = 0,
        nth: int | None = None,
        every: int | None = None,
        lasts: float | None = None,
        status: int | None = None,
        reason: str = "",
        message: str = "",
        retry_after: int | None = None,
        retry_in: str = "header",
        seconds: float | None = None,
        header: str = "X-",
        mailbox: str = "",
    ) -> Fault:
        """Ask for a fault. Raises BadFault.

        `method` is a REST method (`drafts.send`), several (a list, or with commas), a prefix (`messages.*`), a group
        (`sends`, `reads`, `writes`, `api`), `token`, `certs`, or `*`; its default is the kind's own. `kind` is a Kind,
        or a status such as "503" or "503_after". Without `times`, `probability`, `every` or `lasts` it strikes once;
        else as often as they say together: `nth` counts such calls from now on, `every` strikes each such one,
        `probability` is seeded, `lasts` is real seconds from now on. `seconds`: how late, in real seconds. `mailbox`
        limits it to one mailbox.
        """
        named, status = _kind(kind, status)
        entry = CATALOGUE[named]
        given = {
            **{"times": times, "probability": probability, "nth": nth, "every": every, "lasts": lasts},
            **{"status": status, "retry_after": retry_after, "seconds": seconds},
        }
        _check(entry, {**given, "reason": reason, "retry_in": retry_in, "seed": seed})
        status, reason = _refusal(status, reason)
        ends = lasts if lasts is not None else _default(entry, "lasts")
        if times is None and probability is None and every is None and ends is None and entry.when != "meanwhile":
            times = 1
        with self._lock:
            self._numbers += 1
            fault = Fault(
                number=self._numbers,
                method=_methods(entry, method),
                kind=named,
                status=status,
                reason=reason,
                message=str(message),
                retry_after=retry_after,
                retry_in=retry_in,
                seconds=float(seconds if seconds is not None else _default(entry, "seconds") or 0.0),
                header=str(header),
                left=times,
                probability=1.0 if probability is None else probability,
                nth=nth,
                every=every,
                mailbox=str(mailbox).strip().lower(),
                lasts=ends,
                until=math.inf if ends is None else time.monotonic() + ends,
                dice=random.Random(seed),
            )
            self._faults.append(fault)
        return fault

    def remove(self, number: int) -> bool:
        """Take one fault back; False where there is none of this number. Late effects under way still come."""
        with self._lock:
            before = len(self._faults)
            self._faults = [fault for fault in self._faults if fault.number != number]
            return len(self._faults) < before

    def clear(self) -> None:
        """No more faults; late effects under way still come."""
        with self._lock:
            self._faults.clear()

    def all(self) -> list[Fault]:
        """Every fault asked for, those used up too."""
        with self._lock:
            return list(self._faults)

    def draw(self, method: str, mailbox: str) -> Fault | None:
        """The fault that strikes this call (or push) from without, if any."""
        return self._first(lambda fault: CATALOGUE[fault.kind].when not in ("within", "meanwhile"), method, mailbox)

    def twist(self, kind: Kind, method: str, mailbox: str) -> Fault | None:
        """The fault of this kind that makes a call's effect another one, if any."""
        return self._first(lambda fault: fault.kind is kind, method, mailbox)

    def standing(self, kind: Kind, mailbox: str) -> Fault | None:
        """The fault of this kind that a mailbox is under, if any. Nothing is counted."""
        if not self._faults:
            return None
        with self._lock:
            found = (fault for fault in self._faults if fault.kind is kind and fault.mailbox in ("", mailbox))
            return next((fault for fault in found if fault.remaining), None)

    def _first(self, wanted: Callable[[Fault], bool], method: str, mailbox: str) -> Fault | None:
        if not self._faults:
            return None
        with self._lock:
            return next((each for each in self._faults if wanted(each) and each.strikes(method, mailbox)), None)

    @property
    def late(self) -> int:
        """How many effects are still to come after their callers gave up."""
        with self._lock:
            return self._late

    def settle(self, timeout: float) -> bool:
        """Wait until no late effect is outstanding, `timeout` real seconds at most; whether that came true."""
        with self._lock:
            return self._lock.wait_for(lambda: self._late == 0, timeout)

    @contextmanager
    def outstanding(self) -> Iterator[None]:
        """Count an effect as still to come within this block."""
        self._count_late(1)
        try:
            yield
        finally:
            self._count_late(-1)

    def come_late(self, effect: Callable[[], object]) -> Callable[[], None]:
        """Count an effect as outstanding until the returned function, which brings it about, has run."""
        self._count_late(1)

        def run() -> None:
            try:
                effect()
            finally:
                self._count_late(-1)

        return run

    def _count_late(self, more: int) -> None:
        with self._lock:
            self._late += more
            self._lock.notify_all()


def _kind(kind: str, status: int | None) -> tuple[Kind, int | None]:
    number, _, when = str(kind).partition("_")
    if number.isdigit() and when in ("", "after"):
        return (Kind.ERROR_AFTER if when else Kind.ERROR), int(number)
    with suppress(ValueError):
        return Kind(kind), status
    raise BadFault(f"Unknown kind {kind!r}. Known: {', '.join(Kind)}, or a status such as 503 or 503_after")


def _check(entry: KindOfFault, given: dict[str, Any]) -> None:
    for name, value in given.items():
        parameter = entry.parameter(name)
        if parameter is None:
            if value is not None and name in ("times", "probability", "nth", "every"):
                raise BadFault(f"{entry.kind} takes no {name}: it stands until it is taken back")
        elif value is not None and (why := parameter.refusal(value)):
            raise BadFault(why)


def _refusal(status: int | None, reason: str) -> tuple[int, str]:
    if status is None and reason in REASONS:
        status = REASONS[reason].status
    status = status or 500
    reason = reason or USUAL.get(status, "")
    if reason not in REASONS or status not in STATUSES:
        raise BadFault(f"Unknown reason {reason!r} for status {status}. Known: {', '.join(sorted(REASONS))}")
    return status, reason


def _methods(entry: KindOfFault, given: str | Sequence[str] | None) -> str:
    if entry.when == "push" or not entry.methods:
        return entry.methods[0] if entry.methods else ""
    try:
        return ", ".join(patterns(entry.methods[0] if given is None else given))
    except ValueError as bad:
        raise BadFault(str(bad)) from None


def _default(entry: KindOfFault, name: str) -> float | None:
    parameter = entry.parameter(name)
    return None if parameter is None or parameter.default is None else float(parameter.default)
