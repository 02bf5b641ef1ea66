"""Does what is due when its time has come, also for mail that left while the sandbox was not running.

The mails themselves say what is to be done (see `habits`); what was done is noted with each delivery. Nothing else is
remembered, so a restart goes on where the last run ended, and a clock that leaps or runs fast is simply followed.
"""

from __future__ import annotations

import heapq
import logging
import threading
from collections.abc import Sequence
from datetime import datetime

from addon import clock
from addon.sandbox.gmail import Gmail
from addon.sandbox.gmail.mailbox.listing import Wanted
from addon.sandbox.people.cast import CAST, Persona
from addon.sandbox.people.habits import Habit, Part, Step
from addon.sandbox.people.letters import letter
from addon.sandbox.people.scanning import scan
from addon.sandbox.people.settled import Settled

_LOOK = 0.2
"""Seconds of real time between looks at the world's clock, which may run fast."""

_log = logging.getLogger(__name__)


class Answering:
    """The people's side of the post. `start` gives them a thread; `deliver_due` does it by hand."""

    def __init__(self, gmail: Gmail, cast: Sequence[Persona] = CAST) -> None:
        self._gmail, self._settled = gmail, Settled(gmail.store)
        self._habits = {persona.email: Habit(persona) for persona in cast}
        self._reads = {address: persona.email for persona in cast for address in persona.addresses}
        self._due: list[Step] = []
        self._seen = 0
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._remember(cast)
        gmail.on_sent(lambda _sent: self._wake.set())

    def start(self) -> None:
        """Answer by the world's clock from now on."""
        self._thread = threading.Thread(target=self._run, name="people", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """What is not yet answered is answered after the next start."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(5)

    def deliver_due(self, now: datetime | None = None) -> int:
        """Do everything whose time has come by `now` (the world's, unless given); how many things there were."""
        with self._lock:
            self._read_post()
            until, done = now or clock.now(), 0
            while self._due and self._due[0].at <= until and not self._stop.is_set():
                done += self._take(heapq.heappop(self._due))
        return done

    @property
    def next_at(self) -> datetime | None:
        """When somebody will answer next; None if nobody is about to."""
        with self._lock:
            return self._due[0].at if self._due else None

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.deliver_due()
                while not self._wake.wait(_LOOK if self._due else None):
                    if self._due[0].at <= clock.now():
                        break
                self._wake.clear()
            except Exception:  # whoever else has mail is answered still
                _log.exception("The people outside stumbled.")
                self._stop.wait(1.0)

    def _remember(self, cast: Sequence[Persona]) -> None:
        """Go through what these people received before."""
        with self._gmail.store.read() as db:
            (self._seen,) = db.execute("SELECT coalesce(max(number), 0) FROM outside").fetchone()
        for persona in cast:
            mails = [mail for address in persona.addresses for mail in self._gmail.outside.mails(address)]
            for mail in sorted(mails, key=lambda mail: mail.number):
                if mail.number <= self._seen:
                    self._expect(self._habits[persona.email].react(mail))

    def _read_post(self) -> None:
        for mail in self._gmail.outside.after(self._seen):
            self._seen = mail.number
            if mail.recipient in self._reads:
                self._expect(self._habits[self._reads[mail.recipient]].react(mail))

    def _expect(self, steps: Sequence[Step]) -> None:
        for step in steps:
            if step.key not in self._settled:
                heapq.heappush(self._due, step)

    def _take(self, step: Step) -> bool:
        try:
            return self._scan(step) if step.part is Part.SCAN else self._deliver(step)
        except Exception:  # one letter that cannot be written must not hold up the others; a restart tries again
            _log.exception("A letter from outside could not be delivered.")
            return False

    def _scan(self, step: Step) -> bool:
        with self._gmail.store.write() as db:
            fresh = self._settled.note(db, step.key)
        if fresh:
            scan(step.mail.raw, self._stop.is_set)
        return fresh

    def _deliver(self, step: Step) -> bool:
        """The letter and the note that it was delivered are one commit."""
        sender = self._gmail.accounts.get(step.mail.sender)
        raw = letter(step, host=sender.name)
        arrived = Wanted(query=f"rfc822msgid:{step.message_id.strip('<>')}", hidden=True, limit=1)
        with self._gmail.store.write() as db:
            if not self._settled.note(db, step.key) or self._gmail.listing.messages(sender, arrived).rows:
                return False
            self._gmail.deliver(raw, [sender.email], at=step.at)
        return True
