"""The default job engine: threads in this process, nothing kept. What it forgets, the next tick finds again."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable

import structlog

_log = structlog.get_logger()

Job = tuple[str, str]

# A code is a word. Some exceptions (SystemExit) carry a sentence under that name.
_CODE = re.compile(r"[A-Za-z][\w.]{0,59}", re.ASCII)


class InProcessJobs:
    """Implements `Jobs` with a few daemon threads, so that a job that hangs does not keep the process alive."""

    def __init__(self, threads: int) -> None:
        self._count = threads
        self._functions: dict[str, Callable[[str], None]] = {}
        self._waiting: dict[Job, None] = {}  # in the order of the wakes
        self._running: set[Job] = set()
        self._again: set[Job] = set()
        self._threads: list[threading.Thread] = []
        self._stopping = False
        self._changed = threading.Condition()

    def on(self, name: str, function: Callable[[str], None]) -> None:
        with self._changed:
            self._functions[name] = function

    def wake(self, name: str, key: str) -> None:
        """As the port says; a wake during a run causes one more run. Names that nobody works on here are passed over:
        another process's tick finds what is due."""
        job = (name, key)
        with self._changed:
            if self._stopping or name not in self._functions:
                return
            if job in self._running:
                self._again.add(job)
            elif job not in self._waiting:
                self._waiting[job] = None
                self._changed.notify()

    def start(self) -> None:
        """Begin to work. What was woken before is not lost. Starting twice is no error."""
        with self._changed:
            if self._threads or self._stopping:
                return
            for number in range(self._count):
                thread = threading.Thread(target=self._work, name=f"job-{number}", daemon=True)
                self._threads.append(thread)
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float) -> bool:
        """Begin nothing more, drop what waits, and give what runs `timeout` seconds. True if all of it ended."""
        ends = time.monotonic() + timeout
        with self._changed:
            self._stopping = True
            self._waiting.clear()
            self._again.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(max(0.0, ends - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    @property
    def alive(self) -> bool:
        """Whether it works: started, not stopped, every thread there."""
        return bool(self._threads) and not self._stopping and all(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while job := self._next():
            try:
                self._functions[job[0]](job[1])
            except BaseException as error:
                _log.error("job_failed", job=job[0], key=job[1], **_trouble(error))
            finally:
                self._done(job)

    def _next(self) -> Job | None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or self._waiting)
            if self._stopping:
                return None
            job = next(iter(self._waiting))
            del self._waiting[job]
            self._running.add(job)
            return job

    def _done(self, job: Job) -> None:
        with self._changed:
            self._running.discard(job)
            if job in self._again:
                self._again.discard(job)
                self._waiting[job] = None
                self._changed.notify()


def _trouble(error: BaseException) -> dict[str, str]:
    """Kind and place. Never the message, nor the traceback's values: they may quote mail or hold a token."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_globals.get('__name__', '?')}:{place.tb_lineno}" if place else "?"
    code = getattr(error, "code", None)
    kind = type(error).__name__
    said = {"error": kind, "where": where}
    return {**said, "code": code} if isinstance(code, str) and _CODE.fullmatch(code) else said
