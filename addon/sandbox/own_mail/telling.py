"""Says how far the loading is: on the terminal in one line that is written anew, and on the page in the same words."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Protocol, TextIO

from addon.i18n import Words
from addon.sandbox.gmail.mailbox.old_mail import Trouble
from addon.sandbox.own_mail.loading import State

_EVERY = 0.2
_STOPPED = {
    "mail_changed": "sandbox.loading.changed",
    "failed": "sandbox.loading.failed",
}
_WHY = {
    "empty": "sandbox.loading.empty",
    "odd": "sandbox.loading.odd",
    "too_large": "sandbox.loading.too_large",
    "unreadable": "sandbox.loading.unreadable",
}


class Progress(Protocol):
    """What can be asked how far it is."""

    def state(self) -> State: ...

    def troubles(self) -> list[Trouble]: ...


def sentence(state: State, say: Words) -> str:
    """How far it is, for a person."""
    many = f"{state.messages:,}"
    if state.stopped:
        return say(_STOPPED.get(state.stopped, "sandbox.loading.gone"), many=many)
    if not state.finished:
        return say("sandbox.loading.going", percent=int(state.done * 100), many=many, rate=f"{state.per_second:,.0f}")
    done = say("sandbox.loading.done", n=state.messages, many=many)
    return f"{done} {say('sandbox.loading.broken', n=state.broken)}" if state.broken else done


def listed(troubles: Iterable[Trouble], say: Words) -> Iterator[str]:
    """A line for each mail that could not be read: where it is, and why."""
    return (f"{trouble.where}: {say(_WHY.get(trouble.why, 'sandbox.loading.odd'))}" for trouble in troubles)


class Line:
    """The line on a terminal; where there is no terminal, only the end is said."""

    def __init__(self, out: TextIO, say: Words) -> None:
        self._out, self._say = out, say
        self._redrawn = out.isatty()
        self._last = 0.0
        self._going = False

    def __call__(self, state: State) -> None:
        if state.stopped or state.finished:
            self._end(state)
            return
        self._going = True
        if self._redrawn and time.monotonic() - self._last > _EVERY:
            self._last = time.monotonic()
            self._write(f"\r\x1b[K{sentence(state, self._say)}")

    def _end(self, state: State) -> None:
        """Nothing is said of what an earlier start had finished already."""
        if state.stopped or self._going:
            self._going = False
            before = "\r\x1b[K" if self._redrawn else ""
            self._write(f"{before}{sentence(state, self._say)}\n")

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
