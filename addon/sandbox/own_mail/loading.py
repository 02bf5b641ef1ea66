"""Loads an export into a mailbox beside all else that runs: in short slices, resumable, telling how far it is."""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from addon import clock
from addon.sandbox.gmail import Gmail
from addon.sandbox.gmail.mailbox.old_mail import Trouble
from addon.sandbox.own_mail.parts import MailRefused
from addon.sandbox.own_mail.reading import Reading
from addon.sandbox.own_mail.slices import Slices
from addon.sandbox.own_mail.source import Place, Source

_TURNS = 0.0005
"""Seconds after which a busy thread lets others in while mail is loaded; a page asks dozens of questions in a row."""
_LONGEST_REST = 0.2
_WINDOW = 5.0
"""Seconds over which the rate is told."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class State:
    """How far the loading is. All counts include what earlier starts have loaded."""

    total_bytes: int = 0
    bytes_done: int = 0
    messages: int = 0
    broken: int = 0
    per_second: float = 0.0
    """Mails a second, of late."""
    finished: bool = False
    stopped: str = ""
    """Why it ended before the end, as a code; empty where it did not."""

    @property
    def done(self) -> float:
        """The share that is loaded, from 0 to 1."""
        if self.finished:
            return 1.0
        return min(self.bytes_done / self.total_bytes, 0.999) if self.total_bytes else 0.0

    def shown(self) -> dict[str, Any]:
        """For the page that asks."""
        return {"done": round(self.done, 4), **asdict(self)}


class Loading:
    """One export on its way into one mailbox, which must exist."""

    def __init__(self, gmail: Gmail, email: str, source: Source) -> None:
        self.email = email
        self._gmail, self._source = gmail, source
        self._told: Callable[[State], None] | None = None
        self._name = str(source.path)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._guarded, name="own-mail", daemon=True)
        self._state = State()
        self._times: deque[tuple[float, int]] = deque()
        self._slice = Slices()
        self._calls = 0
        self._resumed = 0.0

    def start(self, told: Callable[[State], None] | None = None) -> None:
        """Begin, or go on where an earlier start ended, in a thread; in it, `told` hears of every slice."""
        self._told = told
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """End after the slice under way; what is left comes at the next start."""
        self._stopping.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(seconds)

    def state(self) -> State:
        """How far it is now."""
        return self._state

    def troubles(self) -> list[Trouble]:
        """What could not be read."""
        return self._gmail.loading.troubles(self.email, self._name)

    def run(self) -> None:
        """Load to the end, in this thread. Raises MailRefused where another file lies in the export's place."""
        with _short_turns():
            self._run()

    def _run(self) -> None:
        reached = self._gmail.loading.reached(self.email, self._name)
        survey = self._source.survey()
        self._tell(State(survey.size, reached.done, reached.messages, reached.broken, finished=reached.finished))
        reading = Reading(self.email, survey.has_inbox, survey.mboxes > 1, clock.now())
        for found in self._source.found(Place.of(reached.place)):
            if self._stopping.is_set():
                return
            self._slice.take(found, reading)
            if self._slice.is_full():
                self._put()
                self._make_way()
        self._put()
        self._gmail.loading.finish(self.email, self._name)
        self._tell(replace(self._state, bytes_done=survey.size, finished=True))

    def _guarded(self) -> None:
        try:
            self.run()
        except MailRefused as refused:
            self._tell(replace(self._state, stopped=refused.code))
        except Exception as trouble:  # the demo goes on without the rest of the mail, and the page says so
            where = "".join(traceback.format_tb(trouble.__traceback__))  # its words may be a mail's
            _log.error("The loading of mail stopped (%s).\n%s", type(trouble).__name__, where)
            self._tell(replace(self._state, stopped="failed"))

    def _put(self) -> None:
        ready = self._slice.ready()
        if ready is None:
            return
        begun = time.monotonic()
        self._gmail.loading.load(self.email, self._name, ready)
        self._slice.adapt(time.monotonic() - begun)
        reached = self._gmail.loading.reached(self.email, self._name)
        self._tell(
            replace(
                self._state,
                bytes_done=ready.done,
                messages=reached.messages,
                broken=reached.broken,
                per_second=self._rate(reached.messages),
                finished=False,
            )
        )

    def _make_way(self) -> None:
        """While somebody asks Gmail for something, as much time is theirs as the loading takes for itself."""
        now, calls = time.monotonic(), sum(self._gmail.calls.all().values())
        if calls != self._calls and self._resumed:
            self._stopping.wait(min(now - self._resumed, _LONGEST_REST))
        self._calls, self._resumed = calls, time.monotonic()

    def _rate(self, messages: int) -> float:
        now = time.monotonic()
        self._times.append((now, messages))
        while now - self._times[0][0] > _WINDOW and len(self._times) > 2:
            self._times.popleft()
        (first, before), passed = self._times[0], now - self._times[0][0]
        return round((messages - before) / passed, 1) if passed > 0 and first else 0.0

    def _tell(self, state: State) -> None:
        self._state = state
        if self._told is not None:
            self._told(state)


@contextlib.contextmanager
def _short_turns() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURNS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
