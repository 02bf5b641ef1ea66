"""One turn at a mailbox, in the order that keeps law 5: catch up, settle what is open, sweep, then send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from addon import clock
from addon.domain.access import Database, Deactivated, Viewer, database_now
from addon.domain.mailboxes import leases, operations, queries
from addon.domain.outgoing import sweeping as strays
from addon.domain.ports.mailbox import Google, GrantLost, MailboxTrouble, RefusedForNow, TokenRefused
from addon.models import MailboxState, User
from addon.settings import Settings
from addon.worker import holders, recovering, sending, settling, sweeping, syncing, watching
from addon.worker.composing import compose_with
from addon.worker.sending import Compose
from addon.worker.turn import Over, Turn, Wait, begin

_log = structlog.get_logger()


@dataclass(frozen=True)
class Attended:
    """What a turn came to."""

    taken: bool
    """False where somebody else attends this mailbox."""
    caught_up: bool = False
    sent: int = 0
    more: bool = False
    """The turn ended for its length only: there may be more to do at once."""
    wait: float = 0.0
    """Seconds for which the mailbox must rest, for its units or because Gmail said so."""


@dataclass
class _Work:
    caught_up: bool = False
    sent: int = 0
    wait: float = 0.0


class Attendant:
    """Attends mailboxes, one turn a call. One for each process; its turns may run in several threads."""

    def __init__(
        self, database: Database, settings: Settings, google: Google, *, compose: Compose | None = None
    ) -> None:
        """`compose` makes a row's mail; the rooms' own unless given."""
        self._database = database
        self._settings = settings
        self._google = google
        self._compose = compose or compose_with(settings.public_url)
        self._holder = holders.own_name()
        self.stopping: Callable[[], bool] = lambda: False

    def attend(self, mailbox_id: int, team_id: int, *, sweep_early: bool = False) -> Attended:
        """Take a turn. Anticipated trouble ends it and is written down; nothing is raised for it."""
        turn = self._begin(mailbox_id, team_id)
        if turn is None:
            return Attended(taken=False)
        work = _Work()
        try:
            self._work(turn, work, sweep_early=sweep_early)
        except Over:
            pass
        except Wait as rest:
            work.wait = rest.seconds
        except MailboxTrouble as trouble:
            self._write_down(turn, trouble)
        finally:
            turn.close()
        settling.settle(self._database, team_id, mailbox_id)
        more = work.sent >= sending.MAILS_A_TURN or (work.sent > 0 and turn.is_over())
        return Attended(taken=True, caught_up=work.caught_up, sent=work.sent, more=more, wait=work.wait)

    def _work(self, turn: Turn, work: _Work, *, sweep_early: bool) -> None:
        turn.open()
        self._catch_up(turn)
        work.caught_up = True
        recovering.recover(turn, sending.send_recovered)
        sweeping.sweep(turn, early=sweep_early)
        if turn.may_send:
            work.sent = sending.send_due(turn, self._compose)
            self._leave_no_draft(turn)
        watching.renew(turn)

    def _write_down(self, turn: Turn, trouble: MailboxTrouble) -> None:
        if isinstance(trouble, GrantLost):
            self._lose_grant(turn, trouble)
        elif isinstance(trouble, TokenRefused):
            with turn.writing() as session:
                operations.drop_access_token(session, turn.mailbox_id)
        elif isinstance(trouble, RefusedForNow):
            sending.rest(turn, trouble)
        else:
            _log.warning("turn_ended", mailbox=turn.mailbox_id, trouble=type(trouble).__name__, code=trouble.code)

    def _begin(self, mailbox_id: int, team_id: int) -> Turn | None:
        with self._database.reading(Viewer.operator(team_id)) as session:
            mailbox = queries.get(session, mailbox_id)
            holder = leases.holder_of(session, mailbox_id)
            if mailbox.state != MailboxState.CONNECTED:
                return None
            try:
                viewer = Viewer.machine(mailbox, session.get_one(User, mailbox.owner_id))
            except Deactivated:
                viewer = Viewer.operator(team_id)
        return begin(
            self._database,
            self._settings,
            self._google,
            viewer,
            mailbox_id,
            holder=self._holder,
            dead=holder if holders.is_dead(holder) else None,
            stopping=lambda: self.stopping(),
            may_send=viewer.mailbox_id is not None,
        )

    def _catch_up(self, turn: Turn) -> None:
        """Read the mailbox to the end: a restored backup or an uncertain mail is settled before anything goes out."""
        with turn.reading() as session:
            begun = database_now(session)
        syncing.sync(turn)
        turn.synced_from = begun

    def _leave_no_draft(self, turn: Turn) -> None:
        """Look for strays of this very turn at once, besides the sweeps that come later."""
        with turn.reading() as session:
            fresh = strays.open_attempts(session, turn.mailbox_id, only_due=False)
            unswept = any(dead.sweeps == 0 for dead in fresh)
        if unswept:
            sweeping.sweep(turn, early=True)

    def _lose_grant(self, turn: Turn, trouble: GrantLost) -> None:
        with turn.writing() as session:
            operations.lose_grant(session, turn.mailbox_id, trouble.code, at=clock.now())
        _log.warning("grant_lost", mailbox=turn.mailbox_id, code=trouble.code)
