"""One turn at a mailbox: its lease, its Gmail, its units and its end. Everything the sending protocol leans on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from addon import clock
from addon.domain.access import Database, Viewer
from addon.domain.mailboxes import leases, operations, queries, quota
from addon.domain.mailboxes.leases import Lease
from addon.domain.ports.mailbox import UNITS, GmailMailbox, Google, GrantLost
from addon.settings import Settings

CHUNK = 220
"""Units reserved at a time for reading: two mails' worth."""


class Over(Exception):
    """The turn ends here: its time is up, the lease is somebody else's, or the worker is stopping."""


class Wait(Exception):
    """The mailbox must rest for so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass
class Turn:
    database: Database
    settings: Settings
    google: Google
    viewer: Viewer
    mailbox_id: int
    lease: Lease
    stopping: Callable[[], bool]
    may_send: bool = True
    """False where the owner is deactivated: recall and proof still run."""
    ends: float = field(default_factory=time.monotonic)
    gmail: GmailMailbox = field(init=False)
    daily_cap: int = 0
    """Mails in 24 hours: the mailbox's own, else the setting's."""
    synced_from: float | None = None
    """Database time at which this turn's last sync to the end began."""
    _units: int = 0
    _lease_until: float = 0.0

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self.database.writing(self.viewer) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.database.reading(self.viewer) as session:
            yield session

    # ---- lease ----------------------------------------------------------------------------------------------------

    def held(self) -> None:
        """The lease was taken or renewed just now."""
        self._lease_until = time.monotonic() + self.settings.lease_seconds

    def renew_in(self, session: Session) -> None:
        """Renew within a commit that happens anyway. Raises Over where the lease is lost."""
        if not leases.renew(session, self.lease, seconds=self.settings.lease_seconds):
            raise Over
        self.held()

    def before_call(self, method: str, *, paid: bool = False) -> GmailMailbox:
        """The mailbox, for one call: its deadline is shorter than what is left of the lease, its units are taken."""
        if self._lease_until - time.monotonic() < self.settings.call_seconds + 1:
            with self.writing() as session:
                self.renew_in(session)
        if not paid:
            self.spend(method)
        return self.gmail

    def is_over(self) -> bool:
        """Whether to begin nothing more."""
        return self.stopping() or time.monotonic() >= self.ends

    # ---- units ----------------------------------------------------------------------------------------------------

    def spend(self, method: str) -> None:
        """Pay for one call out of the reserve. Raises Wait where the minute is spent."""
        cost = UNITS[method]
        if self._units < cost:
            with self.writing() as session:
                got, wait = quota.reserve(
                    session,
                    self.mailbox_id,
                    at_least=cost,
                    at_most=CHUNK,
                    limit=self.settings.units_per_minute,
                )
            if not got:
                raise Wait(wait)
            self._units += got
        self._units -= cost

    def refund_in(self, session: Session) -> None:
        """Give unspent units back within a commit that happens anyway."""
        if self._units:
            quota.refund(session, self.mailbox_id, self._units)
            self._units = 0

    # ---- grant ----------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Open the mailbox with a token that is good for longer than a turn. Raises GrantLost, other MailboxTrouble."""
        margin = clock.real_now() + operations.TOKEN_MARGIN
        with self.reading() as session:
            mailbox = queries.get(session, self.mailbox_id)
            token = queries.access_token(session, mailbox, good_until=margin)
            self.daily_cap = mailbox.daily_cap or self.settings.daily_cap
        self.gmail = self.google.mailbox(token or self._fresh_token())

    def reopen(self) -> None:
        """Gmail refused the token: one refresh, in the open. Raises GrantLost, other MailboxTrouble."""
        self.gmail.close()
        self.gmail = self.google.mailbox(self._fresh_token())

    def _fresh_token(self) -> str:
        with self.reading() as session:
            refresh_token = queries.refresh_token(session, queries.get(session, self.mailbox_id))
        if refresh_token is None:
            raise GrantLost("no_grant")
        fresh = self.google.refresh(refresh_token)
        ends = datetime.fromtimestamp(fresh.ends, UTC)
        with self.writing() as session:
            operations.keep_access_token(session, self.mailbox_id, fresh.token, ends=ends)
        return fresh.token

    def close(self) -> None:
        """Let go of lease, units and connection."""
        if hasattr(self, "gmail"):
            self.gmail.close()
        with self.writing() as session:
            self.refund_in(session)
            leases.release(session, self.lease)


def begin(
    database: Database,
    settings: Settings,
    google: Google,
    viewer: Viewer,
    mailbox_id: int,
    *,
    holder: str,
    dead: str | None,
    stopping: Callable[[], bool],
    may_send: bool,
) -> Turn | None:
    """Take the lease of a mailbox for a turn; None where somebody else attends it."""
    with database.writing(viewer) as session:
        lease = leases.take(session, mailbox_id, holder, seconds=settings.lease_seconds, dead=dead)
    if lease is None:
        return None
    turn = Turn(database, settings, google, viewer, mailbox_id, lease, stopping, may_send)
    turn.ends = time.monotonic() + settings.pump_seconds
    turn.held()
    return turn


LONG_WAIT = timedelta(minutes=10)
"""A wait above this takes permitted drafts back, so that the rep does not find them for hours."""
