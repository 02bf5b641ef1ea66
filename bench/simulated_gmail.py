"""The product's simulated Gmail with many mails in it, in a process of its own.

    python -m bench.simulated_gmail FILE

It prints its port, and ends when its standard input does, so that it never outlives the run.
"""

from __future__ import annotations

import functools
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from addon.sandbox.gmail import Gmail, serve
from addon.sandbox.gmail.mailbox.mime import Mail
from bench.measuring import require

ANNA = "anna@halyard.example"
RARE = "STARRED"
"""A label that a hundred of the mails carry, spread evenly; each was also read."""

_EVERYTHING = "https://mail.google.com/"
_RARE_ONES = 100
_SLICE = 1_000
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
_BODY = (
    "Hi Anna,\r\n\r\nthat sounds good, could you send me the offer for the ramps by Friday?\r\n\r\nBest,\r\nJane\r\n"
)


@dataclass(frozen=True)
class Simulated:
    url: str
    token: str
    start: int
    """The history id from before the first mail."""
    mails: int


@contextmanager
def simulated(file: Path, mails: int) -> Iterator[Simulated]:
    """A mailbox with so many mails, filled in bulk and served. Its file serves whoever asks next, too."""
    token, start = _fill(file, mails)
    command = [sys.executable, "-m", "bench.simulated_gmail", str(file)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent
    )
    with process:
        try:
            port = process.stdout.readline().strip() if process.stdout else ""
            require(port.isdecimal(), "The simulated Gmail did not start.")
            yield Simulated(f"http://127.0.0.1:{port}", token, start, mails)
        finally:
            process.kill()


@functools.cache
def _fill(file: Path, mails: int) -> tuple[str, int]:
    """Once a run. Returns an access token, and the history id from before the first mail."""
    gmail = Gmail(file)
    try:
        anna = gmail.accounts.add(ANNA, name="Anna Kowalczyk")
        start = gmail.history.latest(anna)
        every = max(mails // _RARE_ONES, 1)
        for begun in range(0, mails, _SLICE):
            with gmail.store.write() as db:
                for number in range(begun, min(begun + _SLICE, mails)):
                    date = int((_FIRST + timedelta(minutes=number)).timestamp() * 1000)
                    is_rare = number % every == 0
                    labels = ("INBOX", "UNREAD") if is_rare or number % 3 else ("INBOX",)
                    message = gmail.messages.add(db, anna.number, _mail(number), labels, date=date)
                    if is_rare:
                        gmail.messages.relabel(db, message, [RARE], ["UNREAD"])
        return gmail.access_token(ANNA, [_EVERYTHING], 86_400), start
    finally:
        gmail.close()


def _mail(number: int) -> Mail:
    person = f"Jane Doe <person{number % 997}@acme{number % 97}.example>"
    head = f"From: {person}\r\nTo: {ANNA}\r\nSubject: Ramp planner {number}\r\nMessage-ID: <{number}@acme.example>\r\n"
    return Mail(f"{head}\r\n{_BODY}".encode())


def main(file: str) -> None:
    gmail = Gmail(file)
    with serve(gmail) as server:
        sys.stdout.write(f"{server.port}\n")
        sys.stdout.flush()
        sys.stdin.read()
    gmail.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
