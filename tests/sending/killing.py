"""A worker that dies at a chosen line: at the n-th commit or call to Gmail, before it or after it.

Death is a BaseException that nothing catches; the turn's own tidying is switched off, because a killed process tidies
nothing. What the worker had asked of Gmail stays done.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from addon.domain.access import Database, Viewer
from addon.integrations.gmail.client import GmailOverHttp
from addon.worker import attending
from addon.worker.turn import Turn

CALLS = ("create_draft", "send_draft", "delete_draft", "draft", "thread", "history", "drafts", "profile", "mails")


class Killed(BaseException):
    """The process is gone."""


class Boundaries:
    """Counts the boundaries that a worker crosses and kills it at one of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
        self.crossed: list[str] = []
        self._at: int | None = None
        self._dead = False
        self._everywhere = True
        monkeypatch.setattr(database, "writing", self._commits(database))
        monkeypatch.setattr(attending.Turn, "close", self._close(Turn.close))

    def only_sending(self) -> None:
        """Count the boundaries of sending and recovering alone, not those of the sync before."""
        self._everywhere = False

    def kill_at(self, number: int | None) -> None:
        """Die at the boundary of this number, counted from here on; None: at none."""
        self.crossed, self._at, self._dead = [], number, False

    def live_on(self) -> None:
        """Another worker goes on, and nobody kills it."""
        self._at, self._dead = None, False

    def _cross(self, name: str) -> None:
        if self._dead:
            raise Killed
        if not (self._everywhere or _in_sending()):
            return
        self.crossed.append(name)
        if len(self.crossed) - 1 == self._at:
            self._dead = True
            raise Killed(name)

    def _commits(self, database: Database) -> Any:
        writing = type(database).writing

        @contextmanager
        def counted(viewer: Viewer) -> Iterator[Session]:
            with writing(database, viewer) as session:
                yield session
                self._cross("before commit")
            self._cross("after commit")

        return counted

    def mailbox(self, mailbox: GmailOverHttp) -> GmailOverHttp:
        """The worker's mailbox: each of its calls is two boundaries."""
        for name in CALLS:
            setattr(mailbox, name, self._counted(name, getattr(mailbox, name)))
        return mailbox

    def _counted(self, name: str, call: Any) -> Any:
        def counted(*given: Any, **named: Any) -> Any:
            if name in ("create_draft", "send_draft"):  # before any other call all stands as after the last commit
                self._cross(f"before {name}")
            answer = call(*given, **named)
            self._cross(f"after {name}")
            return answer

        return counted

    def _close(self, close: Any) -> Any:
        def tidy(turn: Turn) -> None:
            if self._dead:
                if hasattr(turn, "gmail"):
                    turn.gmail.close()
                return
            close(turn)

        return tidy


def _in_sending() -> bool:
    """Whether the worker's code that commits or calls is the sending protocol's."""
    frame = sys._getframe(1)
    while frame is not None:
        place = Path(frame.f_code.co_filename)
        if place.parent.name == "worker" and place.name != "turn.py":
            return place.name in ("sending.py", "recovering.py", "sweeping.py")
        frame = frame.f_back
    return False
