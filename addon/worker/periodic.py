"""The tick: finds what is due and unattended in the rows, whatever any engine believes, and wakes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from addon import clock
from addon.domain.access import Database, Everyone, database_now
from addon.domain.outgoing.claiming import DAY, UNDER_WAY
from addon.domain.ports.jobs import Jobs
from addon.models import (
    DeadAttempt,
    Mailbox,
    MailboxLease,
    MailboxQuota,
    MailboxState,
    Outgoing,
    OutgoingState,
    Run,
    User,
)
from addon.settings import Settings
from addon.worker import importing

UNSURE_POLL = 60.0
"""Seconds between polls of a mailbox with uncertain mails: proof may have arrived without a push."""
ATTEND = "attend"
"""The job: take a turn at the mailbox whose key is `<mailbox id>:<team id>`."""


def everyone() -> Everyone:
    """The sight of all teams, for counting and for finding what is due. Nothing else may construct it."""
    return Everyone()


@dataclass(frozen=True)
class Clockwork:
    database: Database
    settings: Settings

    def tick(self, jobs: Jobs) -> int:
        """Wake every mailbox that wants a turn, and every import; returns how many mailboxes."""
        wanted = self.wanting()
        for mailbox_id, team_id in wanted:
            jobs.wake(ATTEND, key(mailbox_id, team_id))
        with self.database.reading(everyone()) as session:
            imports = importing.wanting(session)
        for import_id, team_id in imports:
            jobs.wake(importing.IMPORT, key(import_id, team_id))
        return len(wanted)

    def wanting(self) -> list[tuple[int, int]]:
        """(mailbox, team) of connected mailboxes with something to do now."""
        with self.database.reading(everyone()) as session:
            now, at = database_now(session), clock.now()
            stale = clock.real_now() - timedelta(seconds=self.settings.poll_seconds)
            unsure = clock.real_now() - timedelta(seconds=min(self.settings.poll_seconds, UNSURE_POLL))
            rows = session.execute(
                select(Mailbox.id, Mailbox.team_id)
                .join(MailboxLease, MailboxLease.mailbox_id == Mailbox.id)
                .join(MailboxQuota, MailboxQuota.mailbox_id == Mailbox.id)
                .where(
                    Mailbox.state == MailboxState.CONNECTED,
                    MailboxQuota.wait_until <= now,
                    or_(
                        MailboxLease.wanted,
                        Mailbox.synced_at.is_(None),
                        Mailbox.synced_at <= stale,
                        (Mailbox.synced_at <= unsure) & _is_unsure(),
                        self._mail_to_see_to(now, at),
                        _stray_due(now),
                    ),
                )
                .order_by(Mailbox.id)
            ).all()
        return [(mailbox_id, team_id) for mailbox_id, team_id in rows]

    def everybody(self) -> list[tuple[int, int]]:
        """(mailbox, team) of all connected mailboxes."""
        with self.database.reading(everyone()) as session:
            rows = session.execute(
                select(Mailbox.id, Mailbox.team_id).where(Mailbox.state == MailboxState.CONNECTED).order_by(Mailbox.id)
            ).all()
        return [(mailbox_id, team_id) for mailbox_id, team_id in rows]

    def with_strays(self) -> list[tuple[int, int]]:
        """(mailbox, team) of connected mailboxes in which a draft of a dead attempt may lie."""
        with self.database.reading(everyone()) as session:
            rows = session.execute(
                select(Mailbox.id, Mailbox.team_id)
                .where(
                    Mailbox.state == MailboxState.CONNECTED,
                    exists().where(DeadAttempt.mailbox_id == Mailbox.id, DeadAttempt.next_sweep.is_not(None)),
                )
                .order_by(Mailbox.id)
            ).all()
        return [(mailbox_id, team_id) for mailbox_id, team_id in rows]

    def is_idle(self) -> bool:
        """Whether nothing is due, claimed, permitted or uncertain that a worker can still bring on.

        Windows, daily caps, Gmail's daily limit, paused runs, a lost grant, a deactivated owner are not waited for;
        nor is an uncertain mail about which nothing new is to be expected.
        """
        with self.database.reading(everyone()) as session:
            now, at = database_now(session), clock.now()
            open_mail = self._open(session, now, at)
        return not open_mail

    def _open(self, session: Session, now: float, at: datetime) -> bool:
        resting = now - 3 * max(self.settings.quiet_seconds, 1.0)
        under_way = Outgoing.state.in_([OutgoingState.CLAIMED, OutgoingState.PERMITTED])
        unsettled = (Outgoing.state == OutgoingState.UNCERTAIN) & (
            Outgoing.gone_since.is_(None) | (Outgoing.gone_since > resting)
        )
        due = (
            (Outgoing.state == OutgoingState.DUE)
            & (Outgoing.due_at <= at)
            & Run.paused_at.is_(None)
            & User.active
            & ~self._at_cap(at)
        )
        return bool(
            session.scalar(
                select(
                    exists(
                        select(Outgoing.id)
                        .join(Run, Run.id == Outgoing.run_id)
                        .join(Mailbox, Mailbox.id == Outgoing.mailbox_id)
                        .join(User, User.id == Mailbox.owner_id)
                        .join(MailboxQuota, MailboxQuota.mailbox_id == Mailbox.id)
                        .where(
                            Mailbox.state == MailboxState.CONNECTED,
                            ~(MailboxQuota.daily_wait & (MailboxQuota.wait_until > now)),
                            or_(under_way, unsettled, due),
                        )
                    )
                )
            )
        )

    def _mail_to_see_to(self, now: float, at: datetime) -> ColumnElement[bool]:
        due = (
            (Outgoing.state == OutgoingState.DUE)
            & (Outgoing.due_at <= at)
            & exists().where(Run.id == Outgoing.run_id, Run.paused_at.is_(None))
            & exists().where(User.id == Mailbox.owner_id, User.active)
            & ~self._at_cap(at)
        )
        left = Outgoing.state.in_(UNDER_WAY)
        return exists().where(Outgoing.mailbox_id == Mailbox.id, Outgoing.look_at <= now, or_(due, left))

    def _at_cap(self, at: datetime) -> ColumnElement[bool]:
        other = aliased(Outgoing)
        counts = (other.sent_at > at - DAY) | other.state.in_(UNDER_WAY)
        sent = select(func.count(other.id)).where(other.mailbox_id == Mailbox.id, counts)
        return sent.scalar_subquery() >= func.coalesce(Mailbox.daily_cap, self.settings.daily_cap)


def key(mailbox_id: int, team_id: int) -> str:
    return f"{mailbox_id}:{team_id}"


def _is_unsure() -> ColumnElement[bool]:
    return exists().where(Outgoing.mailbox_id == Mailbox.id, Outgoing.state == OutgoingState.UNCERTAIN)


def _stray_due(now: float) -> ColumnElement[bool]:
    return exists().where(DeadAttempt.mailbox_id == Mailbox.id, DeadAttempt.next_sweep <= now)
