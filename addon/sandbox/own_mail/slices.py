"""Cuts what is read into slices, each so large that storing it takes no longer than a reader may have to wait."""

from __future__ import annotations

import logging

from addon.sandbox.gmail.mailbox.old_mail import ODD, Old, Slice, Trouble
from addon.sandbox.own_mail.reading import Reading
from addon.sandbox.own_mail.source import Found

_SECONDS = 0.02
"""What storing a slice may take; whoever reads or sends meanwhile waits no longer."""
FEWEST, MOST, _BYTES = 10, 400, 1 << 20

_log = logging.getLogger(__name__)


class Slices:
    """What is read and not yet put in: the next slice, which grows and shrinks with the time that the last one took."""

    def __init__(self) -> None:
        self._most = 100
        self._begin()

    def _begin(self) -> None:
        self._mails: list[Old] = []
        self._troubles: list[Trouble] = []
        self._last: Found | None = None
        self._bytes = 0

    def take(self, found: Found, reading: Reading) -> None:
        self._last = found
        if found.raw is None:
            self._troubles.append(Trouble(found.where, found.why))
            return
        try:
            self._mails.append(reading.old(found))
            self._bytes += len(found.raw)
        except Exception as trouble:  # one mail that nobody foresaw must not hold up all the others
            _log.warning("A mail cannot be loaded (%s).", type(trouble).__name__)
            self._troubles.append(Trouble(found.where, ODD))

    def is_full(self) -> bool:
        return len(self._mails) + len(self._troubles) >= self._most or self._bytes >= _BYTES

    def ready(self) -> Slice | None:
        """All that was taken; None where it is nothing."""
        last = self._last
        if last is None:
            return None
        ready = Slice(self._mails, last.place.written(), last.done, self._troubles)
        self._begin()
        return ready

    def adapt(self, seconds: float) -> None:
        """Take so many next time that it lasts as long as it may."""
        if seconds > _SECONDS:
            self._most = max(FEWEST, self._most // 2)
        elif seconds < _SECONDS / 2:
            self._most = min(MOST, self._most * 2)
