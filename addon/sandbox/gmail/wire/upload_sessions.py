"""Uploads under way: what has come of each so far, kept on disk until it is whole, for a week at most."""

from __future__ import annotations

import secrets
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, cast

from addon import clock
from addon.sandbox.gmail.errors import ApiError
from addon.sandbox.gmail.wire.bodies import LARGE
from addon.sandbox.gmail.wire.messages import Answer

GRAIN = 256 << 10
"""Bytes: every chunk but the last must hold a multiple of this many."""

_LIFE = timedelta(days=7)
_MOST = 500


@dataclass(frozen=True)
class Aim:
    """What an upload is for: a method of a mailbox, at most so many bytes, and what is done with the whole mail."""

    method: str
    mailbox: str
    most: int
    finish: Callable[[bytes], Answer]


class Session:
    """One upload. Hold `lock` while using it. `total` is None until the caller says how long the mail is."""

    def __init__(self, number: str, aim: Aim, total: int | None) -> None:
        self.id, self.aim, self.total, self.received = number, aim, total, 0
        self.lock = threading.RLock()
        self.begun: datetime = clock.now()
        self.cancelled = False
        self.outcome: Answer | None = None
        self._file = cast(BinaryIO, tempfile.SpooledTemporaryFile(LARGE))  # noqa: SIM115 - closed with this session

    @property
    def is_whole(self) -> bool:
        """Whether every byte has come."""
        return self.total is not None and self.received >= self.total

    def expect(self, total: int | None) -> None:
        """Learn how long it will be. 400 where it was to be another length, 413 where that is too long."""
        if total is None:
            return
        if self.total is not None and self.total != total:
            raise ApiError("badRequest", f"Invalid request. The upload was to have {self.total} bytes, not {total}.")
        if total > self.aim.most or self.received > total:
            raise ApiError("uploadTooLarge")
        self.total = total

    def add(self, start: int, octets: bytes) -> None:
        """Keep what comes at this place; what is there already is passed over. 400 where a gap would be left."""
        if start > self.received:
            raise ApiError(
                "badRequest",
                f"Invalid request. According to the Content-Range header, the upload offset is {start} byte(s),"
                f" which exceeds already uploaded size of {self.received} byte(s).",
            )
        fresh = octets[self.received - start :]
        if self.received + len(fresh) > (self.aim.most if self.total is None else self.total):
            raise ApiError("uploadTooLarge")
        self._file.seek(self.received)
        self._file.write(fresh)
        self.received += len(fresh)

    def finish(self) -> Answer:
        """Bring the upload about, once; asked again, it gives the same answer. A passing failure may be repeated."""
        if self.outcome is None:
            self._file.seek(0)
            answer = self.aim.finish(self._file.read())
            if answer.status >= 500 or answer.status == 429:
                return answer
            self.keep(answer)
        assert self.outcome is not None
        return self.outcome

    def keep(self, outcome: Answer) -> None:
        """Remember how it ended; the bytes are no longer needed."""
        self.outcome = outcome
        self._file.close()

    def close(self) -> None:
        """Forget the bytes."""
        self._file.close()


class Sessions:
    """Opens and finds uploads. Beyond some hundreds, the oldest one gives way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[str, Session] = {}

    def begin(self, aim: Aim, total: int | None) -> Session:
        """A new upload of so many bytes (None: not said yet)."""
        session = Session("AbgsandBox" + secrets.token_urlsafe(48), aim, total)
        with self._lock:
            if len(self._open) >= _MOST:
                self._open.pop(next(iter(self._open))).close()
            self._open[session.id] = session
        return session

    def find(self, number: str) -> Session:
        """The upload of this id. 404 where there is none, 410 where its week is over."""
        with self._lock:
            session = self._open.get(number)
        if session is None:
            raise ApiError("notFound", "The upload session was not found.")
        if session.cancelled or clock.now() - session.begun > _LIFE:
            session.close()
            raise ApiError("notFound", "The upload session is over. Start a new one.", status=410)
        return session

    def close(self) -> None:
        """Forget them all."""
        with self._lock:
            for session in self._open.values():
                session.close()
            self._open.clear()
