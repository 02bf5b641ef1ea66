"""Delivers what comes back when its time has come, also for mail that left while the sandbox was not running.

The mails themselves are the list of what is to be done: whoever got one has answered when the answer lies in the
sender's mailbox. A small file remembers up to which mail that is settled.
"""

from __future__ import annotations

import email
import heapq
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from addon import clock
from addon.sandbox.gmail import Gmail
from addon.sandbox.gmail.mailbox.listing import Wanted
from addon.sandbox.gmail.mailbox.outside import OutsideMail
from addon.sandbox.people.cast import CAST, Answerer, Kind
from addon.sandbox.people.letters import letter

_LOOK = 0.2
"""Seconds of real time between looks at the world's clock, which may run fast."""


@dataclass(order=True)
class _Due:
    at: datetime
    number: int
    answerer: Answerer = field(compare=False)
    mail: OutsideMail = field(compare=False)


class Answering:
    """The people's side of the post. `start` gives them a thread; `deliver_due` does it by hand."""

    def __init__(self, gmail: Gmail, memory: Path | None = None, cast: Sequence[Answerer] = CAST) -> None:
        self._gmail, self._memory = gmail, memory
        self._cast = {person.email: person for person in cast}
        self._settled = self._seen = _remembered(memory)
        self._due: list[_Due] = []
        self._away_told: set[tuple[str, str]] = {
            (mail.recipient, mail.sender)
            for person in cast
            if person.kind is Kind.AWAY
            for mail in gmail.outside.mails(person.email)
            if mail.number <= self._settled
        }
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
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
        """Deliver every answer whose time has come by `now` (the world's, unless given); how many there were."""
        with self._lock:
            self._read_post()
            until, delivered = now or clock.now(), 0
            while self._due and self._due[0].at <= until:
                self._deliver(heapq.heappop(self._due), until)
                delivered += 1
            self._remember()
        return delivered

    def _run(self) -> None:
        while not self._stop.is_set():
            self.deliver_due()
            self._wake.wait(_LOOK if self._due else None)
            self._wake.clear()

    def _read_post(self) -> None:
        for mail in self._gmail.outside.after(self._seen):
            self._seen = mail.number
            person = self._cast.get(mail.recipient)
            if person is not None and self._answers(person, mail):
                sent = datetime.fromtimestamp(mail.date / 1000, UTC)
                heapq.heappush(self._due, _Due(sent + timedelta(seconds=person.seconds), mail.number, person, mail))

    def _answers(self, person: Answerer, mail: OutsideMail) -> bool:
        match person.kind:
            case Kind.BOUNCE:
                return True
            case Kind.YES:
                return not mail.header("In-Reply-To")
            case Kind.AWAY:
                pair = (person.email, mail.sender)
                known = pair in self._away_told
                self._away_told.add(pair)
                return not known

    def _deliver(self, due: _Due, at: datetime) -> None:
        sender = self._gmail.accounts.get(due.mail.sender)
        raw = letter(due.answerer, due.mail.raw, sender=sender.email, number=due.number, at=at)
        own_id = str(email.message_from_bytes(raw)["Message-ID"]).strip("<>")
        there = Wanted(query=f"rfc822msgid:{own_id}", hidden=True, limit=1)
        if not self._gmail.listing.messages(sender, there).rows:  # else delivered just before the last stop
            self._gmail.deliver(raw, [sender.email], at=at)

    def _remember(self) -> None:
        settled = min((due.number for due in self._due), default=self._seen + 1) - 1
        if settled != self._settled:
            self._settled = settled
            if self._memory is not None:
                self._memory.write_text(str(settled))


def _remembered(memory: Path | None) -> int:
    if memory is not None:
        with suppress(FileNotFoundError, ValueError):
            return int(memory.read_text())
    return 0
